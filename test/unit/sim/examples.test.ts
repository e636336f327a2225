import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { violations } from '../../../sim/kernel/invariants.js';
import { objectOf } from '../../../sim/node/object.js';
import type { LoadEvent } from '../../../sim/load/description.js';
import { defaultLoad } from '../../../sim/load/default.js';
import { Simulation, type ObjectBytes } from '../../../sim/run/run.js';

const folder = join(import.meta.dirname, '../../../examples');
const NOT_SCHEDULERS = /-(run|monitor|balancer|policy)\.ts$|\.skel\.ts$/;
const names = readdirSync(folder)
  .filter((f) => f.endsWith('.ts') && !NOT_SCHEDULERS.test(f))
  .map((f) => f.slice(0, -3));

/** Those that do nothing without their userspace half, and what they say then. */
const NEED_A_HALF: Readonly<Record<string, string>> = {
  userland: 'usersched_tgid is not set: run the userspace half',
};

const EVENTS: LoadEvent[] = [
  { at: '50ms', task: 'hog', nice: 5 },
  { at: '80ms', task: 'server', cpus: '0-1' },
  { at: '120ms', task: 'server', cpus: '0-3' },
  { at: '150ms', task: 'frame', policy: 'fifo', priority: 10 },
  { at: '200ms', task: 'frame', policy: 'other' },
];

describe.each(names)('%s', (name) => {
  let built: Promise<ObjectBytes> | undefined;
  it.each(['6.12', '6.18', '7.3'])(
    'runs on the model of Linux %s and keeps its rules',
    async (kernel) => {
      const object = await (built ??= objectOf(join(folder, `${name}.ts`)));
      const simulation = await Simulation.start(object, {
        ...{ kernel, duration: '250ms', machine: { cpus: 4, threads: 2 } },
        ...{ ...defaultLoad(4), events: EVENTS },
      });
      const { kernel: k } = simulation.machine;
      k.hooks.after = () => {
        const found = violations(k);
        if (found.length > 0) throw new Error(`at ${k.now} ns: ${found.join('; ')}`);
      };
      simulation.run();
      const run = simulation.finish();
      const needs = NEED_A_HALF[name];
      if (needs !== undefined) {
        expect(run.exit).toMatchObject({ kindName: 'SCX_EXIT_ERROR_BPF', message: needs });
        expect(run.exit.where).toMatch(new RegExp(`${name}\\.ts:\\d+`));
        return;
      }
      expect(run.exit.message).toBe('');
      expect(run.exit.kindName).toBe('SCX_EXIT_UNREG');
      // Nothing is left idle while there is as much to do.
      for (const cpu of run.cpus) expect(cpu.busy).toBeGreaterThan(0.5);
      expect(run.group('hog').cpuTime).toBeGreaterThan(0);
    },
  );
});

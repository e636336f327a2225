import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { perfettoTrace } from '../../cli/trace/perfetto.js';
import { readLoad, simulate, type TaskGroup } from '../../sim/index.js';
import { viewOf } from '../../sim/view/build.js';
import { exampleObject } from '../util/built-object.js';

const folder = mkdtempSync(join(tmpdir(), 'scxts-recorded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TASKS: TaskGroup[] = [
  { name: 'web', count: 3, loop: [{ run: ['200us', '2ms'] }, { sleep: ['2ms', '20ms'] }] },
  { name: 'batch', run: '150ms' },
  { name: 'ping', loop: [{ run: '100us' }, { wake: 'a' }, { wait: 'b' }, { sleep: '5ms' }] },
  { name: 'pong', loop: [{ wait: 'a' }, { run: '300us' }, { wake: 'b' }] },
];

it('replays a recording: the same work at the same times, under the same scheduler and another', async () => {
  const simple = await exampleObject('simple');
  const options = { machine: { cpus: 2 }, duration: '500ms', seed: 4 } as const;
  const recorded = await simulate(simple, { ...options, tasks: TASKS, trace: true });
  const file = join(folder, 'recorded.json');
  writeFileSync(file, perfettoTrace(viewOf(recorded.trace())));
  const load = readLoad(file);
  expect(load.tasks.map((t) => t.name)).toEqual(
    expect.arrayContaining(['web', 'web (2)', 'web (3)', 'batch', 'ping', 'pong']),
  );
  const replayed = await simulate(simple, { ...options, ...load });
  const other = await simulate(await exampleObject('nest'), { ...options, ...load });
  for (const run of [replayed, other]) {
    const cpu = (name: string): number =>
      run.groups
        .filter((g) => g.name.replace(/ \(\d+\)$/, '') === name)
        .reduce((n, g) => n + g.cpuTime, 0);
    for (const { name, cpuTime } of recorded.groups)
      // What the kernel took for itself on the CPU is in a recording's times, and comes once more here: 3 us of 100.
      expect(Math.abs(cpu(name) / cpuTime - 1), name).toBeLessThan(0.05);
  }
  const wakeups = (run: typeof recorded): number =>
    run.groups.reduce((n, g) => n + g.latency.count, 0);
  expect(Math.abs(wakeups(replayed) / wakeups(recorded) - 1)).toBeLessThan(0.03);
});

it('refuses a recording without a slice, and one that is damaged', () => {
  const refused = (events: unknown[]): (() => unknown) => {
    const file = join(folder, 'refused.json');
    writeFileSync(file, JSON.stringify({ traceEvents: events }));
    return () => readLoad(file);
  };
  expect(refused([])).toThrow('the recording has no slice of a CPU');
  const slice = { ph: 'X', cat: 'sched', ts: 1, dur: 2, name: 'a', args: {} };
  expect(refused([slice])).toThrow('a slice of the recording has no time or no task');
  expect(readFileSync(join(folder, 'refused.json'), 'utf8')).toContain('sched');
});

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bootCell, type BootResult } from '../matrix/boot.js';
import { CI, MACHINES, type Cell, type MachineName } from '../matrix/config.js';
import { problems } from '../matrix/report.js';
import { buildExamples, exampleNames, root } from './examples/build.js';

/**
 * Every example on the oldest and the newest kernel of CI and on one CPU (the model has the others: test/model), under load for a second each, judged by what the kernel says. `npm run test:examples`
 * loads them for longer, with bounds on waits and with what they claim measured: for a machine that has nothing else to do,
 * since in real time these measure the machine as well. What else can be chosen: SCXTS_EXAMPLES_SECONDS (of load for each
 * scheduler), _KERNELS (6.18,7.3), _MACHINE (a name of MACHINES), _ONLY (nest,simple), _HOTPLUG=1 (on all kernels; otherwise the
 * oldest one takes a CPU away and gives it back). `npm run test:matrix` writes a table instead.
 */
const option = (name: string): string | undefined => process.env[`SCXTS_EXAMPLES_${name}`];
const full = process.env['SCXTS_TEST_EXAMPLES'] === '1';
const SECONDS = Number(option('SECONDS') ?? (full ? 3 : 1));
const only = option('ONLY')?.split(',');
const hotplug = option('HOTPLUG') === '1';
const names = only ?? ['simple', ...exampleNames()];
/** Start, claims, hotplug and end of one scheduler on a slow machine, in seconds. */
const BESIDES_LOAD = 40;
const TIMEOUT_SEC = 120 + names.length * (SECONDS + BESIDES_LOAD);

/** Those of the suite; test:examples boots all of CI. */
const SUITE = new Set(['6.12', '6.17', '7.3']);

function chosen(): Cell[] {
  const kernels = option('KERNELS')?.split(',');
  const machine = option('MACHINE') as MachineName | undefined;
  if (machine && !(machine in MACHINES))
    throw new Error(
      `SCXTS_EXAMPLES_MACHINE is '${machine}'; there are: ${Object.keys(MACHINES).join(', ')}`,
    );
  const cells = full ? CI : CI.filter((cell) => SUITE.has(cell.kernel));
  if (!kernels) return machine ? cells.map((cell) => ({ ...cell, machine })) : cells;
  return kernels.map((kernel) => ({
    kernel,
    machine: machine ?? CI.find((c) => c.kernel === kernel)?.machine ?? '2 CPUs',
  }));
}
const cells = chosen();

/** Claims take most of the time: they are measured on the oldest kernel and on the newest. */
const MEASURED = new Set([cells[0], cells.at(-1)]);

beforeAll(async () => {
  // The same objects for all kernels.
  await buildExamples();
}, 180_000);

it('type-checks the examples and their userspace halves', () => {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  expect(() =>
    execFileSync(tsc, ['-p', 'test/vm/examples/tsconfig.json'], { cwd: root, stdio: 'pipe' }),
  ).not.toThrow();
});

describe.each(cells)('on Linux $kernel with $machine', (cell) => {
  let result: BootResult;
  beforeAll(
    async () => {
      result = await bootCell(cell, {
        seconds: SECONDS,
        claims: full && MEASURED.has(cell),
        hotplug: hotplug || cell === cells[0],
        timeoutSec: TIMEOUT_SEC,
        ...(only ? { only } : {}),
      });
    },
    (TIMEOUT_SEC + 30) * 1000,
  );

  it('ran to the end without a warning of the kernel', () => {
    expect(result.stderr).toBe('');
    expect(result.complaints).toEqual([]);
  });

  it.each(names)('%s schedules under load', (name) => {
    const report = result.reports.find((r) => r.name === name);
    expect(report, 'the guest said nothing of it').toBeDefined();
    expect(problems(report!, result.reports, cell.kernel, { bounds: full })).toEqual([]);
  });
});

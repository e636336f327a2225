import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bootCell, type BootResult } from '../matrix/boot.js';
import { CI, STEADY } from '../matrix/config.js';
import { problems } from '../matrix/report.js';
import { buildExamples, exampleNames, root } from './examples/build.js';

/** `npm run test:examples`: every kernel of CI, with bounds and claims. `steady`: what any machine can do. */
const full = process.env['SCXTS_TEST_EXAMPLES'] === '1';
/** Seconds of load for each scheduler; `npm run test:matrix` takes 10 or 60. */
const SECONDS = full ? 3 : 1;
const names = ['simple', ...exampleNames()];

/** Claims take most of the time: they are measured on the oldest kernel and on the newest. */
const MEASURED = new Set([CI[0], CI.at(-1)]);

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

describe.each(full ? CI : STEADY)('on Linux $kernel with $machine', (cell) => {
  let result: BootResult;
  beforeAll(async () => {
    result = await bootCell(cell, {
      seconds: SECONDS,
      claims: full && MEASURED.has(cell),
      timeoutSec: 480,
    });
  }, 500_000);

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

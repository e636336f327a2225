import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm, type VmResult } from '../../vm/index.js';
import type { ClassReport, QosClass } from '../../components/qos/index.js';
import { buildExamples } from './examples/build.js';
import { reportsOf, type Report } from './reports.js';

const root = join(import.meta.dirname, '..', '..');
type Reports = Record<QosClass, ClassReport>;
/** Measured by turns under the same load in one boot. */
interface Latency {
  windows: { without: Reports; with: Reports }[];
  preempting: number;
}
const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

beforeAll(() => buildExamples(['qos']));

describe.each(['6.12', '6.18', 'newest'])('quality of service on Linux %s', (kernel) => {
  let result: VmResult;
  let report: Report;

  beforeAll(async () => {
    result = await runInVm({
      kernel,
      cpus: 2,
      timeoutSec: 200,
      cwd: root,
      command: ['node', 'test/vm/energy/qos-guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('ran to its end', () => {
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(report('end')).toMatchObject({ kind: 'SCX_EXIT_UNREG', disabled: true });
  });

  it('the high class waits a third or less of what it would without classes, at the 99th percentile', () => {
    const { windows, preempting } = report<Latency>('latency');
    for (const w of windows)
      for (const { high } of [w.without, w.with]) expect(high.wakeups).toBeGreaterThan(20);
    expect(preempting).toBeGreaterThan(50);
    const without = median(windows.map((w) => w.without.high.p99Us));
    const withClasses = median(windows.map((w) => w.with.high.p99Us));
    console.log(
      `Linux ${kernel}: p99 of the high class ${without} us, with classes ${withClasses} us`,
    );
    expect(without / withClasses).toBeGreaterThanOrEqual(3);
  });

  it('the normal class gets more CPU time than the low one, which is not starved', () => {
    const { windows } = report<Latency>('latency');
    const ratio = (which: 'without' | 'with') =>
      median(windows.map((w) => w[which].normal.cpuShare / w[which].low.cpuShare));
    expect(ratio('without')).toBeLessThan(1 / 0.6);
    expect(ratio('with')).toBeGreaterThan(1.5);
    const lowMs = windows.reduce((sum, w) => sum + w.with.low.runMs, 0);
    expect(lowMs).toBeGreaterThan(50);
  });

  it('packs the low class where it is told, while it runs', () => {
    const { packed, spread } = report<{ packed: number[]; spread: number[] }>('live');
    expect(packed[0]).toBeGreaterThan(0.9);
    expect(packed[1]).toBeLessThan(0.4);
    expect(spread[1]).toBeGreaterThan(0.8);
  });

  it('follows rules for names that come while it runs', () => {
    expect(report<{ byName: number }>('live').byName).toBeGreaterThan(20);
  });

  it('puts frequency hints back after SIGKILL with the next start, after SIGTERM at once', () => {
    expect(report('hints')).toMatchObject({
      set: true,
      during: 'schedutil',
      killed: 'schedutil',
      disabled: true,
      restored: true,
      after: 'powersave',
      code: 0,
      again: 'performance',
      atEnd: 'powersave',
    });
  });
});

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm, type VmResult } from '../../vm/index.js';
import type { ClassReport, QosClass } from '../../components/qos/index.js';
import { buildExamples } from './examples/build.js';
import { reportsOf, type Report } from './reports.js';

const root = join(import.meta.dirname, '..', '..');
type Reports = Record<QosClass, ClassReport>;
interface Window {
  reports: Reports;
  /** CPU time of the low class in ms, as the kernel counts it. */
  lowMs: number;
}
/** Measured by turns under the same load in one boot. */
interface Latency {
  windows: { without: Window; with: Window }[];
  /** CPU time of the low class in ms after it was packed on a CPU that may be offline. */
  lowAwayMs: number;
  preempting: number;
}

beforeAll(() => buildExamples(['qos']));

describe.each(['6.12', '6.18', 'newest'])('quality of service on Linux %s', (kernel) => {
  /** One CPU of two is online; times are counted in instructions: whether the host is busy is no matter. */
  let alone: VmResult;
  let one: Report;
  /** Two CPUs, in real time: relations only. */
  let pair: VmResult;
  let two: Report;

  beforeAll(async () => {
    const machine = { kernel, cpus: 2, timeoutSec: 230, cwd: root };
    const guest = (name: string) => ['node', `test/vm/energy/${name}.mjs`];
    alone = await runInVm({ ...machine, icountShift: 3, command: guest('qos-guest') });
    one = reportsOf(alone);
    pair = await runInVm({ ...machine, command: guest('qos-pair-guest') });
    two = reportsOf(pair);
  }, 480_000);

  it('ran to its end', () => {
    for (const [result, report] of [
      [alone, one],
      [pair, two],
    ] as const) {
      expect(result.stderr).toBe('');
      expect(result.exitCode).toBe(0);
      for (const name of ['latency end', 'end'])
        expect(report(name)).toMatchObject({ kind: 'SCX_EXIT_UNREG', disabled: true });
    }
  });

  it('the high class waits a third or less of what it would without classes, at the 99th percentile', () => {
    const { windows, preempting } = one<Latency>('latency');
    for (const w of windows)
      for (const { reports } of [w.without, w.with])
        expect(reports.high.wakeups).toBeGreaterThan(50);
    expect(preempting).toBeGreaterThan(50);
    const p99 = (w: Window) => w.reports.high.p99Us;
    const without = windows.map((w) => p99(w.without));
    const withClasses = windows.map((w) => p99(w.with));
    console.log(
      `Linux ${kernel}: p99 of the high class ${without.join(', ')} us, with classes ${withClasses.join(', ')} us`,
    );
    expect(Math.min(...without) / Math.max(...withClasses)).toBeGreaterThanOrEqual(3);
  });

  // In real time what else the host does stops a guest for some ms now and then: that is in the 99th percentile.
  it('takes a CPU of two, and half of its wake-ups wait less', () => {
    const { windows, preempting } = two<Latency>('latency');
    const [{ without, with: withClasses }] = windows as [Latency['windows'][0]];
    const [p50, p99] = (['p50Us', 'p99Us'] as const).map(
      (p) => [without.reports.high[p], withClasses.reports.high[p]] as const,
    ) as [readonly [number, number], readonly [number, number]];
    console.log(
      `Linux ${kernel}, two CPUs: p50 ${p50[0]} us, with classes ${p50[1]} us; p99 ${p99[0]} and ${p99[1]} us`,
    );
    expect(preempting).toBeGreaterThan(20);
    expect(p50[0] / p50[1]).toBeGreaterThanOrEqual(2);
  });

  it('the normal class gets more than the low one, which is not starved', () => {
    for (const w of [one, two].flatMap((report) => report<Latency>('latency').windows)) {
      const ratio = ({ reports: { normal, low } }: Window) => normal.cpuShare / low.cpuShare;
      expect(ratio(w.without)).toBeGreaterThan(0.6);
      expect(ratio(w.without)).toBeLessThan(1 / 0.6);
      expect(ratio(w.with)).toBeGreaterThan(2.5);
      expect(w.with.reports.low.runMs).toBeGreaterThan(20);
    }
  });

  it('reports the CPU time that the kernel counts', () => {
    for (const w of one<Latency>('latency').windows)
      for (const { reports, lowMs } of [w.without, w.with]) {
        const shares = Object.values(reports).map((r) => r.cpuShare);
        expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        // The kernel counts by ticks.
        expect(Math.abs(reports.low.runMs - lowMs)).toBeLessThan(0.1 * lowMs + 50);
      }
  });

  it('packs the low class where it is told, while it runs', () => {
    const { first, second, all } = two<Record<string, number[]>>('packing');
    expect(first![0]).toBeGreaterThan(0.9);
    expect(first![1]).toBeLessThan(0.4);
    expect(second![0]).toBeLessThan(0.4);
    expect(second![1]).toBeGreaterThan(0.9);
    for (const busy of all!) expect(busy).toBeGreaterThan(0.9);
  });

  it('runs the low class elsewhere if the CPU where it is packed is offline', () => {
    expect(one<Latency>('latency').lowAwayMs).toBeGreaterThan(20);
  });

  it('classes by task, cgroup, name and nice value, in this order, while it runs', () => {
    expect(one<{ was: object }>('rules').was).toEqual({
      none: 'neither',
      task: 'low',
      niceHigh: 'high',
      niceLow: 'low',
      comm: 'high',
      cgroup: 'low',
      nearest: 'high',
      above: 'low',
      nice: 'low',
    });
    expect(one<{ named: number }>('rules').named).toBeGreaterThan(20);
  });

  it('forgets the rule of a task that has ended', () => {
    expect(one('gone')).toMatchObject({
      had: 1,
      forgotten: true,
      refused: 'QosError: there is no task PID',
    });
  });

  it('asks for the frequencies that a CPU needs, within bounds, and more for the high class', () => {
    const asked = one<Record<string, number>>('frequencies');
    expect(asked).toMatchObject({ capacity: 1024, busy: 1024, most: 300, least: 700 });
    expect(asked['quiet']).toBeLessThan(300);
    expect(asked['quietAgain']).toBeLessThan(300);
    expect(asked['normal']).toBeLessThan(300);
    expect(asked['high']).toBe(1024);
  });

  it('starves nobody whose only CPU never runs out of better ones, which get most of it', () => {
    const { better, normal, low, packed } = two<Record<string, number>>('bound');
    for (const ms of [normal, low, packed]) expect(ms).toBeGreaterThan(50);
    expect(better).toBeGreaterThan(1.5 * (normal! + low!));
  });

  it('puts frequency hints back after SIGKILL with the next start, after SIGTERM at once', () => {
    expect(one('hints')).toMatchObject({
      set: true,
      during: 'schedutil',
      killed: 'schedutil',
      disabled: true,
      restored: true,
      again: true,
      secondDuring: 'performance',
      code: 0,
      atEnd: 'powersave',
    });
  });
});

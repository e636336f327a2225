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
  let result: VmResult;
  let report: Report;

  beforeAll(async () => {
    result = await runInVm({
      kernel,
      cpus: 2,
      timeoutSec: 230,
      cwd: root,
      // Times are counted in instructions of the guest: whether the host is busy is no matter.
      icountShift: 3,
      command: ['node', 'test/vm/energy/qos-guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('ran to its end', () => {
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    for (const name of ['one end', 'two end', 'end'])
      expect(report(name)).toMatchObject({ kind: 'SCX_EXIT_UNREG', disabled: true });
  });

  it('the high class waits a third or less of what it would without classes, at the 99th percentile', () => {
    const { windows, preempting } = report<Latency>('one');
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

  // Emulated CPUs take turns at timers: whom another CPU interrupts waits for its turn, some ms at worst. The 99th
  // percentile of two CPUs is that of the emulation.
  it('with two CPUs the high class waits less, too', () => {
    const { windows, preempting } = report<Latency>('two');
    const mean = (w: Window) => w.reports.high.meanUs;
    const [without, withClasses] = [mean(windows[0]!.without), mean(windows[0]!.with)];
    console.log(
      `Linux ${kernel}, two CPUs: the high class waits ${without.toFixed(0)} us, with classes ${withClasses.toFixed(0)} us`,
    );
    expect(preempting).toBeGreaterThan(50);
    expect(without / withClasses).toBeGreaterThanOrEqual(2);
  });

  it.each(['one', 'two'])('the normal class gets more than the low one, %s CPU(s)', (name) => {
    for (const w of report<Latency>(name).windows) {
      const ratio = ({ reports: { normal, low } }: Window) => normal.cpuShare / low.cpuShare;
      expect(ratio(w.without)).toBeGreaterThan(0.6);
      expect(ratio(w.without)).toBeLessThan(1 / 0.6);
      expect(ratio(w.with)).toBeGreaterThan(3);
      // The low one is not starved.
      expect(w.with.reports.low.runMs).toBeGreaterThan(40);
    }
  });

  it.each(['one', 'two'])('reports the CPU time that the kernel counts, %s CPU(s)', (name) => {
    for (const w of report<Latency>(name).windows)
      for (const { reports, lowMs } of [w.without, w.with]) {
        const shares = Object.values(reports).map((r) => r.cpuShare);
        expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        // Slices of 40 ms may be on either side of an end of the window, on each CPU.
        expect(Math.abs(reports.low.runMs - lowMs)).toBeLessThan(0.1 * lowMs + 90);
      }
  });

  it('packs the low class where it is told, while it runs', () => {
    const { first, second, all } = report<Record<string, number[]>>('packing');
    expect(first![0]).toBeGreaterThan(0.9);
    expect(first![1]).toBeLessThan(0.3);
    expect(second![0]).toBeLessThan(0.3);
    expect(second![1]).toBeGreaterThan(0.9);
    for (const busy of all!) expect(busy).toBeGreaterThan(0.9);
  });

  it('runs the low class elsewhere if the CPU where it is packed is offline', () => {
    expect(report<Latency>('one').lowAwayMs).toBeGreaterThan(40);
  });

  it('classes by task, cgroup, name and nice value, in this order, while it runs', () => {
    const high = [true, false];
    const low = [false, true];
    expect(report('rules')).toMatchObject({
      was: {
        none: [false, false],
        task: low,
        niceHigh: high,
        niceLow: low,
        comm: high,
        cgroup: low,
        nearest: high,
        above: low,
        nice: low,
      },
    });
    expect(report<{ named: number }>('rules').named).toBeGreaterThan(20);
  });

  it('forgets the rule of a task that has ended', () => {
    expect(report('gone')).toEqual({
      name: 'gone',
      had: 1,
      forgotten: true,
      refused: 'QosError: there is no task PID',
    });
  });

  it('starves nobody whose only CPU never runs out of better ones, which get most of it', () => {
    const { better, normal, low, packed } = report<Record<string, number>>('bound');
    expect(normal).toBeGreaterThan(50);
    expect(low).toBeGreaterThan(50);
    expect(packed).toBeGreaterThan(50);
    expect(better).toBeGreaterThan(2 * (normal! + low!));
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

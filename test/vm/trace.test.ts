import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildTracer } from '../../dist/cli/trace/build.js';
import { runInVm, type VmResult } from '../../vm/index.js';
import { buildScheduler, root } from './examples/build.js';

type Row = [cpu: number, pid: number, start: number, length: number, waited: number];
interface Report {
  cpus: number;
  state: string;
  load: number[];
  otherData: { scheduler: string; dropped: number; length_us: number };
  stdout: string;
  stderr: string;
  rows: string[];
  slices: Row[];
  woken: number;
  pageData: number;
}

/** Times are told in µs with three digits: two of them may be off by as much. */
const ROUNDING = 0.002;

/** Pairs of neighbours that overlap. */
function overlaps(slices: Row[]): [Row, Row][] {
  const sorted = [...slices].sort((a, b) => a[2] - b[2]);
  return sorted.flatMap((s, i): [Row, Row][] => {
    const next = sorted[i + 1];
    return next && s[2] + s[3] > next[2] + ROUNDING ? [[s, next]] : [];
  });
}

function groups(slices: Row[], field: 0 | 1): Map<number, Row[]> {
  const found = new Map<number, Row[]>();
  for (const s of slices) found.set(s[field], [...(found.get(s[field]) ?? []), s]);
  return found;
}

describe.each(['6.12', 'newest'])('scxts trace on Linux %s', (kernel) => {
  let result: VmResult;
  let report: Report;
  beforeAll(async () => {
    await buildTracer();
    await buildScheduler(join(root, 'examples', 'simple.ts'));
    result = await runInVm({
      kernel,
      cpus: 2,
      timeoutSec: 230,
      cwd: root,
      command: ['node', 'test/vm/trace-guest.mjs'],
    });
    const line = result.stdout.split('\n').find((l) => l.startsWith('{'));
    if (!line) throw new Error(`the guest said nothing:\n${result.stdout}\n${result.stderr}`);
    report = JSON.parse(line) as Report;
  });

  it('runs beside the scheduler and names it', () => {
    expect(result.exitCode).toBe(0);
    expect(report.state).toBe('enabled');
    expect(report.otherData.scheduler).toMatch(/^simple/);
    expect(report.stdout).toContain('/tmp/t.json, /tmp/t.html: ');
  });

  it('has a row for each CPU, and each ran something', () => {
    expect(report.rows).toEqual(Array.from({ length: report.cpus }, (_, i) => `CPU ${i}`));
    expect([...groups(report.slices, 0).keys()].sort()).toEqual(report.rows.map((_, i) => i));
  });

  it('shows every task of the load that computes', () => {
    expect(report.load.length).toBeGreaterThan(report.cpus);
    const seen = new Set(report.slices.map((s) => s[1]));
    expect(report.load.filter((pid) => !seen.has(pid))).toEqual([]);
  });

  it('tells how many events were lost', () => {
    const { dropped } = report.otherData;
    if (dropped === 0) expect(report.stderr).toBe('');
    else expect(report.stderr).toContain(`${dropped} events were lost`);
  });

  it('has no CPU run two tasks at once, and no task run on two CPUs', () => {
    for (const slices of groups(report.slices, 0).values()) expect(overlaps(slices)).toEqual([]);
    for (const slices of groups(report.slices, 1).values()) expect(overlaps(slices)).toEqual([]);
  });

  it('accounts for the whole time: slices and gaps add up to the recording', () => {
    const { length_us: length } = report.otherData;
    for (const slices of groups(report.slices, 0).values()) {
      const busy = slices.reduce((sum, s) => sum + s[3], 0);
      expect(busy).toBeLessThanOrEqual(length + slices.length * ROUNDING);
      // More tasks compute than there are CPUs.
      expect(busy).toBeGreaterThan(length / 2);
    }
  });

  it('tells how long tasks waited and who woke them', () => {
    expect(report.slices.some((s) => s[4] >= 0)).toBe(true);
    expect(report.woken).toBeGreaterThan(0);
    expect(report.pageData).toBe(report.slices.length);
  });
});

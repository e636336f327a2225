import { timeText } from '../load/duration.js';
import type { Run } from '../run/run.js';
import { table } from './text.js';

interface Row {
  group: string;
  what: string;
  values: string[];
}

/** Several runs of one load, side by side. */
export function comparisonText(runs: readonly Run[]): string {
  const rows: Row[] = [];
  for (const { name } of runs[0]!.groups) {
    const groups = runs.map((run) => run.group(name));
    const add = (what: string, of: (g: (typeof groups)[number]) => string): void =>
      void rows.push({
        group: rows.at(-1)?.group === name ? '' : name,
        what,
        values: groups.map(of),
      });
    add('share', (g) => `${(g.share * 100).toFixed(1)} %`);
    if (groups.some((g) => g.latency.count > 0)) {
      add('wake-up p50', (g) => timeText(g.latency.p50));
      add('wake-up p99', (g) => timeText(g.latency.p99));
    }
    add('longest wait', (g) => timeText(g.longestWait));
    add('migrations', (g) => String(g.migrations));
    add('preempted', (g) => String(g.preemptions));
  }
  const all = (what: string, of: (run: Run) => string): void =>
    void rows.push({
      group: rows.some((r) => r.group === 'all') ? '' : 'all',
      what,
      values: runs.map(of),
    });
  const mean = (run: Run, of: 'busy' | 'overhead'): string =>
    `${((run.cpus.reduce((n, c) => n + c[of], 0) / run.cpus.length) * 100).toFixed(1)} %`;
  all('CPUs busy', (run) => mean(run, 'busy'));
  all('overhead', (run) => mean(run, 'overhead'));
  all('due is', (run) => `${(unfairness(run) * 100).toFixed(1)} % off`);
  if (runs.some((run) => run.energy > 0)) all('energy', (run) => `${run.energy.toFixed(2)} J`);
  const text = table<Row>(
    [
      ['', (r) => r.group],
      ['', (r) => r.what],
      ...runs.map((run, i) => [run.scheduler, (r: Row) => r.values[i]!] as const),
    ],
    rows,
  );
  return `${text}\n`;
}

/** Part of the CPU time that others got than whose due it was. */
function unfairness(run: Run): number {
  return run.groups.reduce((n, g) => n + Math.max(0, g.share - g.due), 0);
}

import { timeText } from '../load/duration.js';
import type { Run } from '../run/run.js';
import { DEFAULT_COSTS, type Costs } from '../kernel/costs.js';

type Column<T> = readonly [title: string, value: (row: T) => string];

/** Rows under titles; the first column to the left, others to the right. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = [columns.map(([title]) => title), ...rows.map((r) => columns.map(([, v]) => v(r)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

const GROUPS: readonly Column<Run['groups'][number]>[] = [
  ['group', (g) => g.name],
  ['tasks', (g) => String(g.tasks)],
  ['CPU time', (g) => timeText(g.cpuTime)],
  ['share', (g) => percent(g.share)],
  ['due', (g) => percent(g.due)],
  ['wake-up p50', (g) => (g.latency.count ? timeText(g.latency.p50) : '-')],
  ['p99', (g) => (g.latency.count ? timeText(g.latency.p99) : '-')],
  ['max', (g) => (g.latency.count ? timeText(g.latency.max) : '-')],
  ['waited', (g) => percent(g.wait)],
  ['longest', (g) => timeText(g.longestWait)],
  ['migrations', (g) => String(g.migrations)],
  ['preempted', (g) => String(g.preemptions)],
];

const ENERGY: Column<Run['cpus'][number]> = ['energy', (c) => `${(c.energy / 1e6).toFixed(2)} J`];
const MANY_CPUS = 32;

function cpuTable({ cpus, energy }: Run): string {
  const shown = cpus.slice(0, MANY_CPUS);
  const rows = table<Run['cpus'][number]>(
    [
      ['CPU', (c) => String(c.id)],
      ['busy', (c) => percent(c.busy)],
      ['overhead', (c) => percent(c.overhead)],
      ['switches', (c) => String(c.switches)],
      ...(energy > 0 ? [ENERGY] : []),
    ],
    shown,
  );
  if (cpus.length === shown.length) return rows;
  const mean = cpus.reduce((n, c) => n + c.busy, 0) / cpus.length;
  return `${rows}\n... ${cpus.length - shown.length} more; all together busy ${percent(mean)}`;
}

function callbackTable({ callbacks, duration, cpus }: Run): string {
  return table(
    [
      ['callback', (c) => c.name],
      ['calls', (c) => String(c.calls)],
      ['instructions', (c) => (c.instructions / c.calls).toFixed(1)],
      ['of CPU time', (c) => percent(c.ns / (duration * cpus.length))],
    ],
    callbacks,
  );
}

function costLine({ plan: { changedCosts, costs } }: Run): string {
  const all = Object.entries(costs) as [keyof Costs, number][];
  const text = all.map(([name, v]) => `${name} ${v}${name === 'smtSpeed' ? '' : ' ns'}`).join(', ');
  const changed =
    changedCosts.length > 0
      ? ` (set: ${changedCosts.map((n) => `${n}, else ${DEFAULT_COSTS[n as keyof Costs]}`).join('; ')})`
      : '';
  return `costs: ${text}${changed}`;
}

function exitText({ exit, scheduler }: Run): string {
  const where = exit.where ? ` at ${exit.where}` : '';
  const message = exit.message ? `: ${exit.message}` : '';
  if (exit.kind === 0) return '';
  return exit.error || exit.kind > 64
    ? `${scheduler} ended after ${timeText(exit.at)}: ${exit.kindName} (${exit.reason})${message}${where}`
    : `${scheduler} was detached after ${timeText(exit.at)}`;
}

/** What a run shows, for people. */
export function reportText(run: Run): string {
  const { plan, scheduler, counterList, kernelEvents } = run;
  const head = `${scheduler} on ${plan.machine.describe()}, Linux ${plan.kernel}, ${timeText(run.duration)}, seed ${plan.seed}`;
  const counters = table(
    [
      ['counter', (c) => c.name],
      ['total', (c) => String(c.total)],
      ['', (c) => `  ${c.help}`],
    ],
    counterList,
  );
  const events = Object.entries(kernelEvents)
    .map(([name, n]) => `SCX_EV_${name} ${n}`)
    .join(', ');
  const parts = [
    head,
    table(GROUPS, run.groups),
    cpuTable(run),
    ...(run.callbacks.length > 0 ? [callbackTable(run)] : []),
    ...(counterList.length > 0 ? [counters] : []),
    ...(events ? [events] : []),
    ...(run.output.length > 0 ? [run.output.map((line) => `| ${line}`).join('\n')] : []),
    ...(run.energy > 0 ? [`energy: ${run.energy.toFixed(3)} J`] : []),
    ...(run.findings.length > 0
      ? [`what was slow or unfair:\n${run.findings.map((f) => `- ${f}`).join('\n')}`]
      : ['nothing was slow or unfair']),
    ...(exitText(run) ? [exitText(run)] : []),
    `${costLine(run)}\n${run.events} events, hash ${run.hash}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

// Measurements as Markdown tables.

export type Side = 'ts' | 'c';

export interface ProgramRow {
  callback: string;
  instructions: number;
  verifiedInstructions: number;
  jitedBytes: number;
  stack?: string;
}

/** What a guest said of one side of a scheduler. */
export interface SizesReport {
  scheduler: string;
  side: Side;
  rows?: ProgramRow[];
  error?: string;
}

const COLUMNS = ['instructions', 'verifiedInstructions', 'jitedBytes'] as const;
type Sums = Record<(typeof COLUMNS)[number], number>;

/** Callbacks that run for each decision or switch; the others run when a scheduler, task, CPU or cgroup comes or goes. */
const HOT = new Set(
  (
    'select_cpu enqueue dequeue dispatch tick runnable running stopping quiescent ' +
    'update_idle core_sched_before cpu_acquire cpu_release'
  ).split(' '),
);

export const ratio = (a: number, b: number): string => (b > 0 ? (a / b).toFixed(2) : '');

export function markdown(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function sum(rows: readonly ProgramRow[]): Sums {
  const of = (column: keyof Sums): number => rows.reduce((total, row) => total + row[column], 0);
  return {
    instructions: of('instructions'),
    verifiedInstructions: of('verifiedInstructions'),
    jitedBytes: of('jitedBytes'),
  };
}

function cells(ts: Sums | undefined, c: Sums | undefined): string[] {
  return COLUMNS.flatMap((column) => {
    const [a, b] = [ts?.[column], c?.[column]];
    return [
      a?.toString() ?? '',
      b?.toString() ?? '',
      a === undefined || b === undefined ? '' : ratio(a, b),
    ];
  });
}

const HEAD = ['instructions: TS', 'C', 'ratio', 'verified: TS', 'C', 'ratio'].concat([
  'jited bytes: TS',
  'C',
  'ratio',
]);

/** All programs of a scheduler, side by side. */
export function programTable(ts: ProgramRow[], c: ProgramRow[]): string {
  const names = [...new Set([...ts, ...c].map((row) => row.callback))];
  const rows = names.map((name) => {
    const [a, b] = [ts, c].map((rows) => rows.find((row) => row.callback === name));
    return [name, ...cells(a, b), a?.stack ?? '', b?.stack ?? ''];
  });
  rows.push(['all', ...cells(sum(ts), sum(c)), '', '']);
  return markdown(['', ...HEAD, 'stack: TS', 'C'], rows);
}

/** A line for each scheduler: sums over its programs. */
export function summary(reports: SizesReport[], hot: boolean): string {
  const wanted = (r: SizesReport | undefined): Sums | undefined =>
    r?.rows && sum(r.rows.filter((row) => !hot || HOT.has(row.callback)));
  const names = [...new Set(reports.map((r) => r.scheduler))];
  const rows = names.map((name) => {
    const [a, b] = (['ts', 'c'] as const).map((side) =>
      wanted(reports.find((r) => r.scheduler === name && r.side === side)),
    );
    return [name, ...cells(a, b)];
  });
  return markdown(['', ...HEAD], rows);
}

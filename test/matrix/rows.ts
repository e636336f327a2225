import type { BootResult } from './boot.js';
import { MATRIX, type Cell } from './config.js';
import { problems, refusedForWant, type Report } from './report.js';

/** What one boot showed, as it is kept in measured.json. */
export interface Row extends Cell {
  /** Of load for each scheduler. */
  seconds: number;
  /** With CPU hotplug: one that is loaded for long. */
  hotplug: boolean;
  /** Day of the last boot that is in it. */
  date: string;
  release: string;
  /** By scheduler. */
  cells: Record<string, CellText>;
  /** Warnings of the kernel. */
  complaints: string[];
}

interface CellText {
  text: string;
  /** What went wrong, and bounds on time and shares that were missed. */
  failed?: string[];
  missed?: string[];
  claims?: Report['claims'];
}

const first = (text: string): string => text.split('\n')[0]!.slice(0, 120);

function cellOf(report: Report, all: readonly Report[], kernel: string): CellText {
  if (refusedForWant(report, kernel)) return { text: 'cannot' };
  const failed = problems(report, all, kernel, { bounds: false }).map(first);
  const missed = problems(report, all, kernel)
    .map(first)
    .filter((p) => !failed.includes(p));
  const { claims = {} } = report;
  return {
    text: failed.length > 0 ? 'FAILS' : `${Math.round(report.load?.maxWaitMs ?? 0)} ms`,
    ...(failed.length > 0 ? { failed } : {}),
    ...(missed.length > 0 ? { missed } : {}),
    ...(Object.keys(claims).length > 0 ? { claims } : {}),
  };
}

export function rowOf(
  cell: Cell,
  { reports, complaints, release }: BootResult,
  how: { seconds: number; hotplug: boolean },
): Row {
  const date = new Date().toISOString().slice(0, 10);
  const cells = Object.fromEntries(reports.map((r) => [r.name, cellOf(r, reports, cell.kernel)]));
  return { ...cell, ...how, date, release, cells, complaints: complaints.map(first) };
}

/** What went wrong, one line each: with the bounds that were missed. */
export function failures(rows: readonly Row[], kinds: ('failed' | 'missed')[]): string[] {
  return rows.flatMap((row) => {
    const where = `${row.kernel} on ${row.machine}`;
    const complaints = kinds.includes('failed') ? row.complaints : [];
    return [
      ...complaints.map((c) => `${where}: the kernel: ${c}`),
      ...Object.entries(row.cells).flatMap(([name, cell]) =>
        kinds.flatMap((kind) => (cell[kind] ?? []).map((p) => `${where}: ${name}: ${p}`)),
      ),
    ];
  });
}

const sameBoot = (a: Row, b: Row): boolean =>
  a.kernel === b.kernel && a.machine === b.machine && a.hotplug === b.hotplug;

const order = (row: Row): number =>
  MATRIX.findIndex((c) => c.kernel === row.kernel && c.machine === row.machine);

/** Rows of earlier runs, with the cells that these runs have anew. */
export function merged(earlier: readonly Row[], now: readonly Row[]): Row[] {
  const updated = now.map((row) => {
    const before = earlier.find((e) => sameBoot(e, row))?.cells ?? {};
    for (const [name, cell] of Object.entries(row.cells)) cell.claims ??= before[name]?.claims;
    return { ...row, cells: { ...before, ...row.cells } };
  });
  return [...earlier.filter((e) => !now.some((n) => sameBoot(e, n))), ...updated].sort(
    (a, b) => order(a) - order(b),
  );
}

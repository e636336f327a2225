// What a guest measured, as text.
import { readFileSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import type { VmResult } from '../../../vm/index.js';
import { reportLines } from '../../vm/reports.js';
import type { Compilers } from './build.js';
import { runTable, type RunsReport } from './run-table.js';
import { programTable, summary, type SizesReport } from './table.js';

interface About {
  compilers: Compilers;
  /** Schedulers without a C original. */
  missing: string[];
}

/** Whether both sides come from one compiler: otherwise its progress is measured too. */
function compilers({ ours, originals }: Compilers): string {
  const other = [...originals].filter(([, version]) => version !== undefined && version !== ours);
  const unknown = [...originals].filter(([, version]) => version === undefined).map(([n]) => n);
  return (
    `clang ${ours} on both sides` +
    (other.length > 0
      ? `, but the C originals of ${other.map(([n, v]) => `${n}: ${v}`).join(', ')}: compare with care`
      : '') +
    (unknown.length > 0 ? ` (the object of ${unknown.join(', ')} does not say)` : '')
  );
}

export function report(guest: VmResult, about: About): string {
  const said = <T>(name: string): T[] =>
    reportLines(guest).filter((r) => r.name === name) as unknown[] as T[];
  const reports = said<SizesReport>('sizes');
  const runs = said<RunsReport>('runs');
  // Not what was asked for: a kernel may be built for fewer.
  const cpus = said<{ cpus: number }>('machine')[0]?.cpus;
  const rowsOf = (scheduler: string, side: string): SizesReport['rows'] =>
    reports.find((r) => r.scheduler === scheduler && r.side === side)?.rows;
  const failures = reports.flatMap((r) =>
    r.error
      ? [
          `- ${r.scheduler} (${r.side === 'c' ? 'C' : 'TS'}) does not load:\n\n\`\`\`\n${r.error}\n\`\`\``,
        ]
      : [],
  );
  const names = [...new Set(reports.map((r) => r.scheduler))];
  const date = new Date().toISOString().slice(0, 10);
  return [
    `${date}, Linux ${guest.release} (${arch()}), ${cpus} CPUs; ${compilers(about.compilers)}.`,
    ...about.missing.map((name) => `- ${name}: there is no C original`),
    ...failures,
    '### All programs of a scheduler',
    summary(reports, false),
    '### Callbacks of each decision',
    summary(reports, true),
    ...(runs.some((r) => !('skipped' in r)) ? ['### Under load', runTable(runs)] : []),
    ...runs.flatMap((r) => ('skipped' in r ? [`- ${r.scheduler} was not run: ${r.skipped}`] : [])),
    '### Each program',
    ...names.flatMap((name) => {
      const [ts, c] = [rowsOf(name, 'ts'), rowsOf(name, 'c')];
      return ts && c ? [`${name}:`, programTable(ts, c)] : [];
    }),
  ].join('\n\n');
}

/** Replaces what the page says of the same kernel series, or adds it at the end. */
export function document(path: string, release: string, text: string): void {
  const series = /^\d+\.\d+/.exec(release)?.[0] ?? release;
  const [begin, end] = [`<!-- measured on ${series} -->`, `<!-- end of ${series} -->`];
  const page = readFileSync(path, 'utf8');
  const section = `${begin}\n## Measured on Linux ${series}\n\n${text}\n${end}`;
  const at = page.indexOf(begin);
  const rest = page.indexOf(end);
  const next =
    at >= 0 && rest > at
      ? page.slice(0, at) + section + page.slice(rest + end.length)
      : `${page.trimEnd()}\n\n${section}\n`;
  writeFileSync(path, next);
}

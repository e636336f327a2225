// `npm run test:matrix [-- --long] [--kernel 6.18] [--only nest,pair] [--merge]`: all examples on all kernels. Prints a
// table and, after a whole run or with --merge, writes docs/kernels.md. Exit code 1 if anything failed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExamples, root } from '../vm/examples/build.js';
import { bootCell } from './boot.js';
import { MATRIX } from './config.js';
import { document, failures, table, type Row } from './document.js';

const { values } = parseArgs({
  options: {
    /** 60 s of load for each scheduler instead of 10, with CPU hotplug. */
    long: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    /** Only this kernel, repeatable. */
    kernel: { type: 'string', multiple: true },
    machine: { type: 'string', multiple: true },
    only: { type: 'string' },
    /** Without the measurements of what the schedulers claim. */
    'no-claims': { type: 'boolean', default: false },
    /** Writes docs/kernels.md from these boots and those of earlier runs. */
    merge: { type: 'boolean', default: false },
    /** The objects are there already. */
    'no-build': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds ?? (values.long ? 60 : 10));
const cells = MATRIX.filter(
  (c) =>
    (values.kernel?.includes(c.kernel) ?? true) && (values.machine?.includes(c.machine) ?? true),
);
const kept = join(root, '.cache', 'matrix.json');

if (!values['no-build']) await buildExamples();
const rows: Row[] = [];
for (const cell of cells) {
  console.log(`${cell.kernel} on ${cell.machine}...`);
  const result = await bootCell(cell, {
    seconds,
    hotplug: values.long,
    claims: !values['no-claims'],
    timeoutSec: 300 + 12 * (seconds + 40),
    ...(values.only ? { only: values.only.split(',') } : {}),
  });
  rows.push({ cell, result });
  if (result.stderr) console.error(result.stderr.slice(0, 2000));
  for (const line of failures(rows.slice(-1))) console.log(`  ${line}`);
  console.log(`  ${result.reports.length} schedulers in ${result.seconds.toFixed(0)} s`);
}

const whole = cells.length === MATRIX.length && !values.only;
let all = rows;
if (values.merge && existsSync(kept)) {
  const earlier = JSON.parse(readFileSync(kept, 'utf8')) as Row[];
  all = merged(earlier, rows);
  const order = (row: Row): number =>
    MATRIX.findIndex((c) => c.kernel === row.cell.kernel && c.machine === row.cell.machine);
  all.sort((a, b) => order(a) - order(b));
}
if (whole || values.merge) {
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify(all));
  writeFileSync(join(root, 'docs', 'kernels.md'), document(all, seconds));
  console.log('docs/kernels.md is written');
}
console.log(`\n${table(all)}`);
process.exitCode = failures(rows).length > 0 || rows.length === 0 ? 1 : 0;

/** Rows of earlier runs, with what these runs have anew. */
function merged(earlier: Row[], now: Row[]): Row[] {
  const same = (a: Row, b: Row): boolean =>
    a.cell.kernel === b.cell.kernel && a.cell.machine === b.cell.machine;
  const updated = now.map((row) => {
    const before = earlier.find((e) => same(e, row))?.result.reports ?? [];
    const kept = before.filter((r) => !row.result.reports.some((n) => n.name === r.name));
    const reports = [...kept, ...row.result.reports].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { ...row, result: { ...row.result, reports } };
  });
  return [...earlier.filter((e) => !now.some((n) => same(e, n))), ...updated];
}

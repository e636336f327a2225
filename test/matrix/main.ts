// `npm run test:matrix [-- --long] [--kernel 6.18] [--only nest,pair] [--merge]`: all examples on all kernels. Prints a
// table and, after a whole run or with --merge, writes docs/kernels.md. Exit code 1 if anything failed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { buildExamples, root } from '../vm/examples/build.js';
import { bootCell } from './boot.js';
import { MATRIX } from './config.js';
import { document, table } from './document.js';
import { failures, merged, rowOf, type Row } from './rows.js';

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
const how = { seconds, hotplug: values.long };
const cells = MATRIX.filter(
  (c) =>
    (values.kernel?.includes(c.kernel) ?? true) && (values.machine?.includes(c.machine) ?? true),
);
/** What docs/kernels.md is made of. */
const kept = join(import.meta.dirname, 'measured.json');

if (!values['no-build']) await buildExamples();
const rows: Row[] = [];
for (const cell of cells) {
  console.log(`${cell.kernel} on ${cell.machine}...`);
  const result = await bootCell(cell, {
    ...how,
    claims: !values['no-claims'],
    timeoutSec: 300 + 12 * (seconds + 40),
    ...(values.only ? { only: values.only.split(',') } : {}),
  });
  const row = rowOf(cell, result, how);
  rows.push(row);
  if (result.stderr) console.error(result.stderr.slice(0, 2000));
  for (const line of failures([row], ['failed', 'missed'])) console.log(`  ${line}`);
  console.log(`  ${result.reports.length} schedulers in ${result.seconds.toFixed(0)} s`);
}

if (values.merge || (cells.length === MATRIX.length && !values.only)) {
  // From the file as it is now: runs at the same time may have added to it.
  const all = merged(JSON.parse(readFileSync(kept, 'utf8')) as Row[], rows);
  writeFileSync(
    kept,
    await format(JSON.stringify(all), { ...(await resolveConfig(kept)), filepath: kept }),
  );
  writeFileSync(join(root, 'docs', 'kernels.md'), document(all));
  console.log('docs/kernels.md is written');
}
console.log(`\n${table(rows)}`);
process.exitCode = failures(rows, ['failed', 'missed']).length > 0 || rows.length === 0 ? 1 : 0;

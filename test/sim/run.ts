// Compares the schedulers and writes the table and the plot of docs/energy.md:
//   scxts run test/sim/run.ts [SECONDS] [FOLDER]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, modelSource } from './compare.js';
import { plotOf, tableOf } from './report.js';

const seconds = Number(process.argv[2] ?? 60);
const folder = process.argv[3] ?? join(import.meta.dirname, '..', '..', 'docs');
if (!(seconds > 0)) throw new Error(`seconds is a number above 0, not '${process.argv[2]}'`);

const rows = compare(seconds);
const table = tableOf(rows);
console.log(`${modelSource}\n${seconds} simulated seconds\n\n${table}`);
for (const r of rows)
  console.log(`${r.load} ${r.scheduler}: busy ${r.busy.map((b) => b.toFixed(2)).join(' ')}`);
writeFileSync(join(folder, 'energy-simulation.svg'), plotOf(rows));

// The table stands between two marks in the document.
const document = join(folder, 'energy.md');
try {
  const text = readFileSync(document, 'utf8');
  const marked = /(<!-- simulation -->\n)[\s\S]*?(<!-- end of simulation -->)/;
  if (marked.test(text)) writeFileSync(document, text.replace(marked, `$1\n${table}\n$2`));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

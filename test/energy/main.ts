// Compares the schedulers on the model kernel and writes the table and the plot of docs/energy.md:
//   scxts run test/energy/main.ts [SECONDS] [FOLDER]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.js';
import { modelSource } from './machine.js';
import { plotOf, SECONDS, tableIn, tableOf } from './report.js';

const seconds = Number(process.argv[2] ?? SECONDS);
const folder = process.argv[3] ?? join(import.meta.dirname, '..', '..', 'docs');
if (!(seconds > 0)) throw new Error(`seconds is a number above 0, not '${process.argv[2]}'`);

const rows = await compare(seconds);
const table = tableOf(rows);
console.log(`${modelSource}\n${seconds} simulated seconds\n\n${table}`);
for (const r of rows)
  console.log(`${r.load} ${r.scheduler}: busy ${r.busy.map((b) => b.toFixed(2)).join(' ')}`);
writeFileSync(join(folder, 'energy-simulation.svg'), plotOf(rows));
const document = join(folder, 'energy.md');
if (existsSync(document)) {
  const text = readFileSync(document, 'utf8');
  writeFileSync(document, text.replace(tableIn(text), `\n${table}\n`));
}

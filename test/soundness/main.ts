// npm run test:soundness -- --count N --seed S [--kernels 6.12,6.18,newest|host] [--size N] [--keep DIR] [--objects DIR]
//   or --compare N --seed S: programs that run here, against JavaScript and the interpreter of the IR
import { parseArgs } from 'node:util';
import { compare } from './compare.js';
import { compareMeaning } from './meaning/compare.js';
import { soundness } from './soundness.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    kernels: { type: 'string', default: '6.12,6.18,newest' },
    keep: { type: 'string' },
    objects: { type: 'string' },
    compare: { type: 'string' },
    size: { type: 'string', default: '1' },
  },
});
if (values.compare) {
  const [seed, count] = [Number(values.seed), Number(values.compare)];
  const say = (text: string): void => console.log(text);
  const { ran, differences, refused } = await compareMeaning({ seed, count }, say);
  const objects = await compare({ seed, count: Math.ceil(count / 10) }, say);
  differences.push(...objects);
  for (const d of objects)
    console.log(
      `\n### seed ${d.seed}\n${d.program}\nexpected: ${d.expected}\nhappened: ${d.happened}`,
    );
  const reasons = [...refused].map(([code, n]) => `${n} ${code}`).join(', ');
  console.log(`${ran} programs ran, ${differences.length} differ; refused: ${reasons || 'none'}`);
  process.exit(differences.length > 0 ? 1 : 0);
}
const outcome = await soundness({
  count: Number(values.count),
  seed: Number(values.seed),
  size: Number(values.size),
  kernels: values.kernels.split(',').filter((k) => k !== ''),
  progress: (text) => console.log(text),
  ...(values.keep ? { keep: values.keep } : {}),
  ...(values.objects ? { objects: values.objects } : {}),
});
for (const f of outcome.failures) {
  console.log(`\n### seed ${f.seed}: ${f.stage}\n${f.message.slice(-1500)}`);
}
console.log(`\n${outcome.tried} programs, ${outcome.accepted} accepted by check`);
for (const [kernel, { ok, tried }] of Object.entries(outcome.loaded))
  console.log(
    `${kernel}: ${ok} of ${tried} loaded (${((100 * ok) / Math.max(1, tried)).toFixed(1)} %)`,
  );
process.exitCode = outcome.failures.length > 0 ? 1 : 0;

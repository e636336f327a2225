// `npm run bench`: what reading from JavaScript costs against the same loop in C linked to libbpf, on the same maps, in one
// run: best of 15 rounds of each, taken in turns of the two. Needs root, clang and gcc. The kernel needs no sched_ext.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool } from '../../dist/codegen/toolchain/clang.js';
import { openObject } from '../../dist/native/runtime/index.js';
import { startTimes } from './start.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'scxts-bench-'));
/** The C program has rounds of its own. */
const SHORT = process.env['SCXTS_SHORT'] === '1';
const ROUNDS = SHORT ? 2 : 15;
const READS = SHORT ? 200_000 : 20_000_000;
const ENTRIES = 10_000;
const RECORDS = 500_000;
const LOOKUPS = 20_000;

function build() {
  const object = join(dir, 'bench.bpf.o');
  const reference = join(dir, 'reference');
  const include = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const bpf = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', '-c', include];
  execFileSync(findTool('clang'), [...bpf, join(here, 'bench.c'), '-o', object]);
  const c = ['-O2', '-Wall', '-Werror', '-Wno-unused-result', join(here, 'reference.c')];
  execFileSync('gcc', [...c, '-o', reference, '-lbpf']);
  return { object, reference };
}

const { object, reference } = build();
const loaded = openObject(object).load();
const { maps, globals, numbers, views, info, progs } = loaded;
maps.entries.write(Array.from({ length: ENTRIES }, (_, i) => [i, BigInt(i)]));
maps.tasks.set(process.pid, 7n);
const idOf = (map) => String(maps[map].info().id);
const placeOf = (variable) => {
  const { map, offset } = info.variables.get(variable);
  return [String(info.native.map(map).info().id), String(offset)];
};

/** Nanoseconds of each round in C. */
function c(what, map, extra, count) {
  const { status, stdout, stderr } = spawnSync(
    reference,
    [what, map, String(extra), String(count)],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n').map(Number);
}

let sink = 0;
/** Nanoseconds of each round in JavaScript. `before` prepares a round and is not counted. */
function js(run, before = () => undefined) {
  return Array.from({ length: ROUNDS }, () => {
    before();
    const begin = process.hrtime.bigint();
    sink += Number(run());
    return Number(process.hrtime.bigint() - begin);
  });
}

const rows = [];
/** Both twice, in turns, so that a busy moment of the machine hits neither alone. */
function compare(name, count, inJs, inC, target) {
  const jsNs = [];
  const cNs = [];
  for (let turn = 0; turn < 2; turn++) {
    cNs.push(...inC());
    jsNs.push(...inJs());
  }
  const [a, b] = [Math.min(...jsNs) / count, Math.min(...cNs) / count];
  rows.push({ name, js: a, c: b, ratio: a / b, target });
}

const { ticks, narrow } = views;
const [[wide64, at64], [wide32, at32]] = [placeOf('ticks'), placeOf('narrow')];
const u32Loop = () => {
  let sum = 0;
  for (let i = 0; i < READS; i++) sum = (sum + narrow[0]) | 0;
  return sum;
};
const u64Loop = () => {
  let sum = 0n;
  for (let i = 0; i < READS; i++) sum = BigInt.asUintN(64, sum + ticks[0]);
  return sum;
};
const numberLoop = () => {
  let sum = 0;
  for (let i = 0; i < READS; i++) sum += numbers.ticks;
  return sum;
};
const globalLoop = () => {
  let sum = 0;
  for (let i = 0; i < READS; i++) sum += globals.narrow;
  return sum;
};
const c32 = () => c('u32', wide32, at32, READS);
const c64 = () => c('u64', wide64, at64, READS);
compare('global u32, views.x[0]', READS, () => js(u32Loop), c32, '2');
compare('global u64, views.x[0]', READS, () => js(u64Loop), c64, '2');
compare('global u64, numbers.x', READS, () => js(numberLoop), c64, '2');
compare('global u32, globals.x', READS, () => js(globalLoop), c32, '2');

compare(
  '10,000 hash entries, read() and the columns summed',
  ENTRIES,
  () =>
    js(() => {
      const batch = maps.entries.read();
      const [keys, values] = [batch.keyColumn(), batch.column()];
      let sum = 0n;
      let ids = 0;
      for (let i = 0; i < values.length; i++) sum = BigInt.asUintN(64, sum + values[i]);
      for (let i = 0; i < keys.length; i++) ids = (ids + keys[i]) | 0;
      return Number(sum) + ids;
    }),
  () => c('hash', idOf('entries'), 0, ENTRIES),
  '1.3',
);

const fill = () => {
  const { args } = progs.fill.call({ count: RECORDS, lost: 0 });
  if (args.lost) throw new Error(`${args.lost} records did not fit`);
};
compare(
  'ring events, read() and forEach()',
  RECORDS,
  () =>
    js(() => {
      let [sum, got] = [0, 0];
      for (;;) {
        const batch = maps.events.read();
        if (batch.bytes.length === 0) break;
        batch.forEach((view, at) => {
          sum = (sum + view.getUint32(at, true)) | 0;
          got++;
        });
      }
      if (got !== RECORDS) throw new Error(`${got} records instead of ${RECORDS}`);
      return sum;
    }, fill),
  () => c('ring', idOf('events'), 0, RECORDS),
);

compare(
  'task storage, by pid',
  LOOKUPS,
  () =>
    js(() => {
      let sum = 0n;
      for (let i = 0; i < LOOKUPS; i++) sum += maps.tasks.get(process.pid);
      return sum;
    }),
  () => c('tasks', idOf('tasks'), 0, LOOKUPS),
);
const { pidfdOpen } = (await import('../../dist/native/runtime/addon.js')).addon();
const owner = { fd: pidfdOpen(process.pid) };
compare(
  'task storage, by { fd }',
  LOOKUPS,
  () =>
    js(() => {
      let sum = 0n;
      for (let i = 0; i < LOOKUPS; i++) sum += maps.tasks.get(owner);
      return sum;
    }),
  () => c('tasks', idOf('tasks'), 1, LOOKUPS),
);

const print = (cells) =>
  console.log(cells.map((x, i) => (i ? x.padStart(i === 5 ? 10 : 12) : x.padEnd(52))).join(''));
console.log(
  `${cpus()[0]?.model ?? process.arch}, Node.js ${process.versions.node}, best of ${2 * ROUNDS} rounds`,
);
print(['', 'JavaScript', 'C', 'ratio', 'a second', 'target']);
for (const { name, js: a, c: b, ratio, target } of rows) {
  const rate = `${(1e3 / a).toFixed(a > 100 ? 2 : 0)} M`;
  print([name, `${a.toFixed(1)} ns`, `${b.toFixed(1)} ns`, ratio.toFixed(2), rate, target ?? '']);
}
if (process.env['SCXTS_BENCH_JSON'])
  writeFileSync(process.env['SCXTS_BENCH_JSON'], JSON.stringify(rows));
console.log(`\n${await startTimes(dir, SHORT ? 1 : 10)}`);
loaded.close();
rmSync(dir, { recursive: true });
if (Number.isNaN(sink)) process.exitCode = 1;

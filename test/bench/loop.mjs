// npm run bench:loop: how long the event loop stands still while objects are opened, loaded, attached, used and closed: the
// longest time between two of its turns, against the same with the calls that load on its own thread. Needs root and clang.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool } from '../../dist/codegen/toolchain/clang.js';
import { openObject } from '../../dist/native/runtime/index.js';

const ROUNDS = process.env['SCXTS_SHORT'] === '1' ? 1 : 30;
const objects = join(dirname(fileURLToPath(import.meta.url)), '..', 'unit', 'runtime', 'objects');
const dir = mkdtempSync(join(tmpdir(), 'scxts-bench-loop-'));

function build(name) {
  const object = join(dir, `${name}.bpf.o`);
  const include = `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const bpf = ['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-c', include];
  execFileSync(findTool('clang'), [...bpf, join(objects, `${name}.c`), '-o', object]);
  return object;
}

/** Milliseconds between the turns of the event loop while `work` goes on. */
async function turns(work) {
  const gaps = [];
  let last = performance.now();
  let on = true;
  const turn = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    if (on) setImmediate(turn);
  };
  setImmediate(turn);
  await new Promise(setImmediate);
  await work();
  await new Promise(setImmediate);
  on = false;
  return gaps;
}

const worst = (gaps) => Math.max(...gaps);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** Each phase on its own, so that it is known which one takes how long. */
async function phases(path, asynchronous) {
  const times = {};
  const phase = async (name, run) => {
    let result;
    times[name] = worst(await turns(async () => (result = await run())));
    return result;
  };
  const open = await phase('open', () => openObject(path));
  const loaded = await phase('load', () => (asynchronous ? open.loadAsync() : open.load()));
  const link = await phase('attach', () => (asynchronous ? loaded.attachAsync() : loaded.attach()));
  await phase('detach', () => (asynchronous ? link.detachAsync() : link.detach()));
  await phase('close', () =>
    asynchronous ? loaded[Symbol.asyncDispose]() : loaded[Symbol.dispose](),
  );
  return times;
}

try {
  const path = build('congestion');
  const rows = { idle: [], async: [], sync: [] };
  for (let i = 0; i < 5; i++) await phases(path, true);
  for (let i = 0; i < ROUNDS; i++) {
    rows.idle.push({ idle: worst(await turns(() => new Promise((done) => setTimeout(done, 20)))) });
    rows.async.push(await phases(path, true));
    rows.sync.push(await phases(path, false));
  }
  const cell = (list, name) => {
    const values = list.map((r) => r[name]);
    return `${median(values).toFixed(2).padStart(9)}${worst(values).toFixed(2).padStart(9)}`;
  };
  console.log(
    `longest time between two turns of the event loop, ms; ${ROUNDS} rounds: median, worst`,
  );
  console.log(`nothing going on  ${cell(rows.idle, 'idle')}`);
  console.log('              on other threads       on this one');
  for (const name of ['open', 'load', 'attach', 'detach', 'close'])
    console.log(`${name.padEnd(10)}${cell(rows.async, name)}${cell(rows.sync, name)}`);
} finally {
  rmSync(dir, { recursive: true });
}

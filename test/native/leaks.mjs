// `npm run test:leaks [-- OPENS LOADS]`: opens and closes an object 100,000 times and loads and unloads it 10,000 times, then
// again with what else a process may leave behind (maps read, rings, tracing links, workers), and shows memory and descriptors. Needs root.
// Exits with 1 if either grows.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { findTool } from '../../dist/codegen/toolchain/clang.js';
import { openObject } from '../../dist/native/runtime/index.js';

const [opens = 100_000, loads = 10_000] = process.argv.slice(2).map(Number);
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-leaks-'));
const object = join(dir, 'every.bpf.o');
const include = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
execFileSync(findTool('clang'), [
  ...['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-c', `-I${include}`],
  ...[join(root, 'test/unit/runtime/objects/every.c'), '-o', object],
]);
const bytes = readFileSync(object);

/** What the process holds, once garbage is collected. */
async function held() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await turn();
  }
  const status = readFileSync('/proc/self/status', 'utf8');
  const maps = readFileSync('/proc/self/maps', 'utf8');
  return {
    rssMb: Number(/VmRSS:\s*(\d+)/.exec(status)[1]) / 1024,
    fds: readdirSync('/proc/self/fd').length,
    threads: Number(/Threads:\s*(\d+)/.exec(status)[1]),
    bpfMappings: maps.split('\n').filter((line) => line.includes('bpf-map')).length,
  };
}

const rounds = {
  'open, close': {
    times: opens,
    run: () => openObject(bytes)[Symbol.dispose](),
  },
  'load, close': {
    times: loads,
    run: () => openObject(bytes).load().close(),
  },
  'load, use, close': {
    times: Math.ceil(loads / 10),
    run() {
      const opened = openObject(bytes);
      opened.progs.on_switch.autoload = true;
      const loaded = opened.load();
      const { maps, progs, views } = loaded;
      progs.on_switch.attach();
      views.hist[0] += 1n;
      maps.numbers.set(1, 1n);
      maps.numbers.read();
      void maps.mapped.at(0);
      progs.emit.run({ n: 5, sum: 0n, status: 0 });
      maps.events.drain();
      maps.orders.reserve()?.discard();
      loaded.close();
    },
  },
  'load on another thread, wait for a ring, close': {
    times: Math.ceil(loads / 10),
    async run() {
      const loaded = await openObject(bytes).loadAsync();
      const reading = loaded.maps.events.consume(() => undefined);
      await loaded[Symbol.asyncDispose]();
      await reading;
    },
  },
  'refused objects': {
    times: Math.ceil(opens / 10),
    run() {
      try {
        openObject(bytes.subarray(0, bytes.length - 64));
      } catch (error) {
        if (error.code !== 'ERR_OPEN') throw error;
      }
    },
  },
  'workers that load and are terminated': {
    times: Math.ceil(loads / 200),
    async run() {
      const worker = new Worker(
        `const { parentPort, workerData: w } = require('node:worker_threads');
         import(w.runtime).then((r) => { globalThis.l = r.openObject(w.object).load(); parentPort.postMessage(1); });
         setInterval(() => undefined, 1000);`,
        {
          eval: true,
          workerData: {
            object,
            runtime: new URL('../../dist/native/runtime/index.js', import.meta.url).href,
          },
        },
      );
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
    },
  },
};

/** What may be more at the end than after the first tenth, which warms everything up. */
const MAY_GROW = { rssMb: 24, fds: 0, threads: 0, bpfMappings: 0 };
let failed = false;
const row = (...cells) =>
  console.log(cells.map((c, i) => (i ? String(c).padStart(14) : c.padEnd(48))).join(''));
row(
  '',
  'times',
  'us each',
  'RSS MB before',
  'RSS MB after',
  'fds before',
  'fds after',
  'BPF mappings',
);
for (const [name, { times, run }] of Object.entries(rounds)) {
  const warm = Math.ceil(times / 10);
  for (let i = 0; i < warm; i++) await run();
  const before = await held();
  const begin = performance.now();
  for (let i = warm; i < times; i++) {
    await run();
    // What is freed with JavaScript's objects needs the collector, which needs a turn of the event loop.
    if (i % 100 === 0) await turn();
  }
  const each = ((performance.now() - begin) * 1000) / (times - warm);
  const after = await held();
  row(
    ...[name, times, each.toFixed(0), before.rssMb.toFixed(1), after.rssMb.toFixed(1)],
    ...[before.fds, after.fds, `${before.bpfMappings} -> ${after.bpfMappings}`],
  );
  for (const [what, most] of Object.entries(MAY_GROW)) {
    if (after[what] - before[what] <= most) continue;
    failed = true;
    console.error(`leak: ${what} grew from ${before[what]} to ${after[what]} in '${name}'`);
  }
}
rmSync(dir, { recursive: true });
process.exitCode = failed ? 1 : 0;

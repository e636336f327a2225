import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { CONGESTION_NAME, compileObject, load, open } from './objects.js';

const every = compileObject('every');
const congestion = compileObject('congestion');
const runtime = new URL('../../../dist/native/runtime/index.js', import.meta.url).href;

/** Runs the body in a worker thread; `r` is the runtime, `paths` the objects, `say` answers. */
function worker(body: string): Worker {
  return new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const say = (m) => parentPort.postMessage(m);
     import(workerData.runtime).then(async (r) => { const { every, congestion } = workerData; ${body} })
       .catch((error) => say({ error: String(error.stack) }));`,
    { eval: true, workerData: { runtime, every, congestion } },
  );
}
const answer = (w: Worker): Promise<unknown> =>
  new Promise((resolve) => w.once('message', resolve));
const ended = (w: Worker): Promise<number> => new Promise((resolve) => w.once('exit', resolve));

describe('worker threads', () => {
  it('load and run side by side', async () => {
    const all = [1, 2, 3].map((n) =>
      worker(`const l = await r.openObject(every).loadAsync();
        let sum = 0;
        for (let i = 0; i < 300; i++) sum += l.progs.touch.run({ n: ${n}, sum: 0n, status: 0 });
        l.progs.emit.run({ n: 50, sum: 1n, status: 0 });
        const events = l.maps.events.drain().length;
        l.close();
        say({ sum, events });`),
    );
    const ends = Promise.all(all.map(ended));
    const answers = await Promise.all(all.map(answer));
    expect(answers).toEqual([1, 2, 3].map((n) => ({ sum: n * 300, events: 50 })));
    expect(await ends).toEqual([0, 0, 0]);
  });

  // What a worker leaves running when it is ended from outside.
  it.each<[string, string]>([
    [
      'waiting for a ring',
      `const l = r.openObject(every).load(); l.maps.events.consume(() => undefined);`,
    ],
    ['loading', `r.openObject(every).loadAsync();`],
    ['attaching', `const l = r.openObject(congestion).load(); l.attachAsync();`],
    ['attached', `const l = r.openObject(congestion).load(); globalThis.link = l.attach();`],
    ['detaching', `const l = r.openObject(congestion).load(); l.attach().detachAsync();`],
    [
      'running a program',
      `const l = r.openObject(every).load(); l.progs.touch.callAsync({ n: 1, sum: 0n, status: 0 });`,
    ],
    ['reading the kernel', `r.openObject(congestion).loadAsync().then((l) => l.attachAsync());`],
    [
      'holding a reservation',
      `globalThis.l = r.openObject(every).load(); globalThis.o = l.maps.orders.reserve();`,
    ],
  ])('ended while %s', async (_name, body) => {
    const { readFileSync } = await import('node:fs');
    for (let i = 0; i < 5; i++) {
      const w = worker(`${body} say('there'); setInterval(() => undefined, 1000);`);
      expect(await answer(w)).toBe('there');
      if (i % 2) await sleep(i * 3);
      await w.terminate();
    }
    // Nothing is left attached, and this thread works on.
    for (let i = 0; i < 1000; i++) {
      const left = readFileSync('/proc/sys/net/ipv4/tcp_available_congestion_control', 'utf8');
      if (!left.trim().split(' ').includes(CONGESTION_NAME)) break;
      expect(i, 'the struct_ops of a worker that ended is attached still').toBeLessThan(999);
      await sleep(20);
    }
    using loaded = load(every);
    expect(loaded.progs.touch.run({ n: 4, sum: 0n, status: 0 })).toBe(4);
  });

  it('share a map by its pin, and a ring wakes its reader', async () => {
    const { ensureBpfFs } = await import('./bpffs.js');
    ensureBpfFs();
    using loaded = load(every);
    const path = `/sys/fs/bpf/scxts-worker-${process.pid}`;
    loaded.maps.numbers.pin(path);
    const w = worker(`const m = r.openPinnedMap(${JSON.stringify(path)});
      m.set(5, 55n); say(String(m.get(4))); m.close();`);
    const end = ended(w);
    loaded.maps.numbers.set(4, 44n);
    expect(await answer(w)).toBe('44');
    expect(loaded.maps.numbers.get(5)).toBe(55n);
    loaded.maps.numbers.unpin(path);
    await end;
  });
});

describe('the event loop', () => {
  it('runs on while objects are loaded, attached and closed', async () => {
    // Everything once before: code is compiled, the kernel's BTF has been read.
    await using first = await open(congestion).loadAsync();
    await (await first.attachAsync()).detachAsync();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const opened = Array.from({ length: 5 }, () => open(congestion));
    for (const o of opened) o.progs.on_switch!.autoload = true;
    await sleep(20);
    delay.enable();
    for (const o of opened) {
      const loaded = await o.loadAsync();
      const link = await loaded.attachAsync();
      await link.detachAsync();
      await loaded[Symbol.asyncDispose]();
    }
    delay.disable();
    // The monitor itself wakes late by about its resolution, and other tests share the CPUs. One load alone, were it
    // on this thread, would take 30 ms or more.
    const median = delay.percentile(50) / 1e6;
    expect(median).toBeLessThan(20);
  });
});

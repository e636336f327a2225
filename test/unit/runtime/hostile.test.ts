import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addon } from '../../../native/runtime/addon.js';
import { ScxtsError } from '../../../native/runtime/index.js';
import { codeOf, compileObject, load, open } from './objects.js';
import { mutate, random } from './mutate.js';

const every = compileObject('every');
const congestion = compileObject('congestion');
const root = new URL('../../../', import.meta.url);

/** Opens the bytes and looks at everything that opening shows. */
function openAndLook(bytes: Uint8Array): void {
  const opened = open(bytes);
  try {
    for (const part of [opened.globals, opened.config, opened.ops] as object[])
      for (const name of Object.keys(part)) void (part as Record<string, unknown>)[name];
    void [...Object.values(opened.maps), ...Object.values(opened.progs)].map((p) => p.name);
  } finally {
    opened[Symbol.dispose]();
  }
}
const REFUSED = new Set(['ERR_OPEN', 'ERR_NO_BTF', 'ERR_BTF', undefined]);

describe('objects that are broken', () => {
  it('every truncation of a real one is refused, or opened', { timeout: 120_000 }, () => {
    const whole = readFileSync(congestion);
    let opened = 0;
    for (let n = 0; n < whole.length; n++) {
      const code = codeOf(() => openAndLook(whole.subarray(0, n)));
      if (!REFUSED.has(code)) throw new Error(`${n} bytes: ${code}`);
      if (code === undefined) opened++;
    }
    // The section headers are at the end: what lacks any byte of them is no object.
    expect(opened).toBe(0);
  });

  it('mutations of real ones are refused, or opened', { timeout: 60_000 }, () => {
    const seeds = [readFileSync(every), readFileSync(congestion)];
    const next = random(0x5c75);
    const codes = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const bytes = mutate(seeds[i % 2]!, next);
      const code = String(codeOf(() => openAndLook(bytes)));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    for (const code of codes.keys())
      expect(['ERR_OPEN', 'ERR_NO_BTF', 'ERR_BTF', 'undefined']).toContain(code);
    expect(codes.get('ERR_OPEN')).toBeGreaterThan(100);
    expect(codes.get('undefined')).toBeGreaterThan(100);
  });

  it('a section that claims 4 GiB is refused, not read', () => {
    // What the fuzzer found: .bss takes no room in the file, so any size can be claimed.
    const bytes = Buffer.from(readFileSync(every));
    const sections = Number(bytes.readBigUInt64LE(40));
    let changed = 0;
    for (let i = 0; i < bytes.readUInt16LE(60); i++) {
      const at = sections + i * 64;
      if (bytes.readUInt32LE(at + 4) !== 8) continue; // SHT_NOBITS
      bytes.writeBigUInt64LE(0xffff_ff00n, at + 32);
      changed++;
    }
    expect(changed).toBe(1);
    const before = process.resourceUsage().maxRSS;
    expect(codeOf(() => openAndLook(bytes))).toBe('ERR_OPEN');
    // In KiB: nothing touched the section.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(512 << 10);
  });

  it('mutations are loaded or refused, and run', { timeout: 60_000 }, () => {
    const seed = readFileSync(every);
    const next = random(0x10ad);
    let loaded = 0;
    for (let i = 0; i < 150; i++) {
      try {
        using made = open(mutate(seed, next)).load();
        loaded++;
        for (const name of Object.keys(made.globals as object))
          void (made.globals as Record<string, unknown>)[name];
      } catch (error) {
        expect(error).toBeInstanceOf(ScxtsError);
      }
    }
    expect(loaded).toBeGreaterThan(0);
  });

  it.each([
    ['a folder', '/tmp', 'ERR_OPEN'],
    ['a device', '/dev/zero', 'ERR_OPEN'],
    ['nothing', '', 'ERR_OPEN'],
    ['a name with a NUL', 'a\0b', 'ERR_OPEN'],
    ['an ELF file of another kind', process.execPath, 'ERR_OPEN'],
    ['a number', 3 as unknown as string, 'ERR_ARGUMENT'],
    ['null', null as unknown as string, 'ERR_ARGUMENT'],
    ['an ArrayBuffer', new ArrayBuffer(8) as unknown as string, 'ERR_ARGUMENT'],
  ])('%s is no object', (_name, source, code) => {
    expect(codeOf(() => open(source))).toBe(code);
  });
});

describe('arguments of native code', () => {
  const detached = (): Uint8Array => {
    const bytes = new Uint8Array(64);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  const values: unknown[] = [
    ...[
      undefined,
      null,
      true,
      0,
      -1,
      1.5,
      NaN,
      Infinity,
      2 ** 32,
      2 ** 53,
      '',
      'x',
      'numbers',
      1n,
      -1n,
    ],
    ...[
      Symbol('s'),
      () => 1,
      {},
      [],
      [1],
      new Uint8Array(0),
      new Uint8Array(3),
      new Uint8Array(4096),
    ],
    ...[
      new Uint16Array(8),
      new ArrayBuffer(8),
      new DataView(new ArrayBuffer(8)),
      detached(),
      new Proxy({}, {}),
    ],
  ];

  it('of every method, any values: an error or a result, never a crash', () => {
    using loaded = load(every);
    const { native: object } = loaded.info;
    const handle = object.map('numbers');
    const ring = object.map('events').ring();
    const user = object.map('orders').userRing();
    const next = random(7);
    const any = (): unknown => values[next() % values.length];
    const targets: [string, object][] = [
      ...[
        ['object', object],
        ['map', handle],
        ['ring', ring],
        ['user', user],
      ].map((t) => t as [string, object]),
    ];
    let refused = 0;
    for (const [, target] of targets) {
      const names = Object.getOwnPropertyNames(Object.getPrototypeOf(target)).filter(
        (n) => !['constructor', 'close', 'wait', 'freeze'].includes(n) && !/async/i.test(n),
      );
      for (const name of names) {
        for (let i = 0; i < 150; i++) {
          const args = Array.from({ length: next() % 5 }, any);
          try {
            (target as Record<string, (...a: unknown[]) => unknown>)[name]!(...args);
          } catch (error) {
            refused++;
            expect(error).toBeInstanceOf(Error);
          }
        }
      }
    }
    expect(refused).toBeGreaterThan(1000);
    for (const made of [handle, ring, user]) {
      made.close();
      made.close();
    }
  });

  it('methods on a wrong receiver, and constructors called from JavaScript', () => {
    using loaded = load(every);
    const { native: object } = loaded.info;
    const handle = object.map('numbers');
    const ring = object.map('events').ring();
    for (const method of ['get', 'put', 'info', 'mmap', 'close'] as const)
      for (const receiver of [object, ring, {}, null, Object.create(handle as object), 3])
        expect(() => (handle[method] as () => unknown).call(receiver)).toThrow();
    for (const made of [handle, ring, object.map('orders').userRing()]) {
      const Class = (made as object).constructor as new (...args: unknown[]) => unknown;
      expect(() => new Class()).toThrow();
      expect(() => new Class(3)).toThrow();
    }
    expect(() => new (addon().BpfObject as unknown as new () => unknown)()).toThrow();
    expect(handle.info().name).toBe('numbers');
  });

  it('wrong keys, values and sizes', () => {
    using loaded = load(every);
    const { keyed, numbers, tasks } = loaded.maps;
    for (const key of values) {
      if (typeof key !== 'object' || key === null || ArrayBuffer.isView(key)) {
        expect(codeOf(() => keyed.get(key))).toBe('ERR_VALUE');
      }
      const whole = typeof key === 'number' && Number.isInteger(key) && key >= 0 && key < 2 ** 32;
      expect(codeOf(() => numbers.get(key)) === undefined).toBe(whole || key === 1n);
    }
    expect(codeOf(() => tasks.get('1'))).toBe('ERR_ARGUMENT');
    expect(codeOf(() => tasks.get(null))).toBeDefined();
    const handle = loaded.info.native.map('numbers');
    const cursor = new Uint8Array(8);
    for (const bytes of [detached(), new Uint8Array(0), new Uint8Array(3)]) {
      expect(() => handle.readBatch(bytes, bytes, bytes, true)).toThrow();
      expect(() => handle.writeBatch(bytes, bytes, 1, 0)).toThrow();
      expect(() => handle.removeBatch(bytes, 1)).toThrow();
    }
    expect(() =>
      handle.readBatch(new Uint8Array(64), new Uint8Array(64), cursor, true),
    ).not.toThrow();
    handle.close();
  });
});

it('memory that BPF uses cannot be detached, and objects do not come to life in another thread', async () => {
  using loaded = load(every);
  const { native: object } = loaded.info;
  const handle = object.map('numbers');
  for (const buffer of [
    (loaded.views.hist as BigUint64Array).buffer as ArrayBuffer,
    loaded.maps.mapped.buffer() as ArrayBuffer,
    handle.scratch(),
  ]) {
    const size = buffer.byteLength;
    try {
      // Node.js 20 copies what must not be transferred, later versions refuse it.
      expect(structuredClone(buffer, { transfer: [buffer] })).not.toBe(buffer);
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect(buffer.byteLength).toBe(size);
  }
  loaded.globals.big = 3n;
  loaded.maps.numbers.set(1, 2n);
  expect([loaded.globals.big, loaded.maps.numbers.get(1)]).toEqual([3n, 2n]);
  const { Worker } = await import('node:worker_threads');
  for (const thing of [object, handle]) {
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const names = ['load', 'close', 'map', 'get', 'info', 'mmap'];
       parentPort.postMessage(names.filter((n) => typeof workerData[n] === 'function'));`,
      { eval: true, workerData: thing },
    );
    expect(await new Promise((resolve) => worker.once('message', resolve))).toEqual([]);
    await worker.terminate();
  }
  expect(handle.info().name).toBe('numbers');
  handle.close();
});

it('memory outlives its handles, and is collected', () => {
  // A process of its own: garbage is collected at will there.
  const script = `
    const { openObject } = await import(${JSON.stringify(new URL('dist/native/runtime/index.js', root).href)});
    const views = [];
    for (let i = 0; i < 60; i++) {
      const loaded = openObject(${JSON.stringify(every)}).load();
      views.push(loaded.views.hist, loaded.maps.mapped.at(0), loaded.info.native.map('numbers').scratch());
      if (i % 2) loaded.close();
      globalThis.gc();
      for (const v of views) {
        if (v instanceof BigUint64Array) v[0] += 1n;
        else if (v instanceof ArrayBuffer) new Uint8Array(v).fill(i);
        else try { v.n64 = 1n; } catch (error) { if (error.code !== 'ERR_CLOSED') throw error; }
      }
      views.splice(0, 2);
    }
    views.length = 0;
    for (let i = 0; i < 10; i++) { globalThis.gc(); await new Promise((r) => setImmediate(r)); }
    const maps = (await import('node:fs')).readFileSync('/proc/self/maps', 'utf8').match(/bpf-map/g) ?? [];
    console.log(maps.length);`;
  const out = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script]);
  // What is mapped still belongs to objects that were never closed and could be collected later.
  expect(Number(out)).toBeLessThan(40);
});

// `node native/fuzz/js/reentrant.mjs [SECONDS] [SEED]`: calls the runtime with values whose getters, proxies and iterators call it again, close what is
// being used, or throw. Every error must be a ScxtsError, or the value's own; with SCXTS_ADDON of `native/build.mjs --asan`, memory is looked at too.
// Needs root, clang, and a built checkout.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool } from '../../../dist/codegen/toolchain/clang.js';
import { openObject, ScxtsError } from '../../../dist/native/runtime/index.js';
import { fuzz } from './coverage.mjs';

const [seconds = 600, seed = 1] = process.argv.slice(2).map(Number);
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-reentrant-'));
const object = join(dir, 'every.bpf.o');
execFileSync(findTool('clang'), [
  ...['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-c'],
  `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
  ...[join(root, 'test/unit/runtime/objects/every.c'), '-o', object],
]);
const bytes = readFileSync(object);

class Own extends Error {}

/** Values of every kind; some do something while they are read. */
function valueOf(choices, world, depth = 0) {
  const act = () => {
    world.left -= 1;
    if (world.left > 0) step(choices, world);
    if (choices.below(12) === 0) throw new Own('the value’s own');
  };
  const inner = () => (depth > 3 ? choices.byte() : valueOf(choices, world, depth + 1));
  switch (choices.below(16)) {
    case 0:
      return choices.byte();
    case 1:
      return BigInt(choices.byte());
    case 2:
      return choices.of([
        undefined,
        null,
        NaN,
        -1,
        2 ** 32,
        2 ** 53,
        '',
        'numbers',
        true,
        Symbol('s'),
      ]);
    case 3:
      return { a: inner(), b: inner(), c: [inner(), inner(), inner()] };
    case 4:
      return Object.defineProperty({ b: 2n, c: [1, 2, 3] }, 'a', {
        enumerable: true,
        get: () => (act(), 1),
      });
    case 5:
      return new Proxy(
        [
          { a: 1, b: 2n, c: [1, 2, 3] },
          { a: 1, b: 2n, c: [1, 2, 3] },
        ],
        {
          get: (target, key) => (act(), Reflect.get(target, key)),
        },
      );
    case 6:
      return new Proxy(
        { a: 1, b: 2n, c: [1, 2, 3] },
        {
          ownKeys: (target) => (act(), Reflect.ownKeys(target)),
          get: (target, key) => (act(), Reflect.get(target, key)),
        },
      );
    case 7:
      return {
        *[Symbol.iterator]() {
          act();
          yield [inner(), inner()];
          act();
        },
      };
    case 8:
      return [[inner(), inner()]];
    case 9:
      return {
        valueOf: () => (act(), 1),
        toString: () => (act(), '1'),
        [Symbol.toPrimitive]: () => (act(), 1),
      };
    case 10:
      return new Uint8Array(choices.below(64));
    case 11:
      return new (class extends Uint8Array {
        get byteLength() {
          act();
          return 4;
        }
        get length() {
          act();
          return 4;
        }
      })(choices.below(64));
    case 12:
      return { id: inner(), amount: inner(), tags: [1, 2, 3, inner()] };
    case 13:
      return {
        n: inner(),
        sum: inner(),
        get status() {
          act();
          return 0;
        },
      };
    case 14:
      return {
        get fd() {
          act();
          return choices.byte();
        },
      };
    default:
      return Object.create(null);
  }
}

const MAPS = [
  'mapped',
  'narrow',
  'unmapped',
  'per_cpu',
  'numbers',
  'keyed',
  'lru',
  'percpu_hash',
  'routes',
  'queue',
  'stack',
  'bloom',
  'tasks',
  'cgroups',
  'events',
  'orders',
  'table',
  'by_name',
  'left',
];
const METHODS = [
  'get',
  'set',
  'has',
  'delete',
  'at',
  'numbers',
  'push',
  'pop',
  'peek',
  'add',
  'send',
  'sendAll',
  'sendBytes',
  'read',
  'write',
  'drain',
  'clear',
  'sum',
  'info',
  'view',
  'buffer',
  'waiting',
  'reserve',
  'unpin',
  'keys',
  'entries',
];
const GLOBALS = [
  'every',
  'packed',
  'big',
  'hist',
  'pair',
  'title',
  'matrix',
  'shorts',
  'toggled',
  'which',
];

/** One thing that can be done with what there is. */
function step(choices, world) {
  const { opened, loaded } = world;
  const value = () => valueOf(choices, world);
  switch (choices.below(14)) {
    case 0:
      if (choices.below(4) === 0) loaded.close();
      return;
    case 1:
      if (choices.below(4) === 0) opened[Symbol.dispose]();
      return;
    case 2:
      loaded.globals[choices.of(GLOBALS)] = value();
      return;
    case 3: {
      const whole = loaded.globals[choices.of(['pair', 'every', 'matrix'])];
      whole[choices.of(['a', 'inner', 'list', 0, 1])] = value();
      return;
    }
    case 4:
      opened.globals[choices.of(GLOBALS)] = value();
      return;
    case 5:
      opened.config[choices.of(['limit', 'tuned'])] = value();
      return;
    case 6:
      loaded.progs[choices.of(['touch', 'emit', 'drain'])][choices.of(['run', 'call'])](value());
      return;
    case 7: {
      const live = loaded.maps.mapped.at(0);
      live[choices.of(['inner', 'list', 'grid', 'name', 'bits', 'n64'])] = value();
      return;
    }
    case 8: {
      const reserved = loaded.maps.orders.reserve();
      if (!reserved) return;
      try {
        reserved.record.tags = value();
        reserved.submit();
      } finally {
        reserved.discard();
      }
      return;
    }
    case 9:
      opened.maps.numbers[choices.of(['maxEntries', 'pinPath'])] = value();
      return;
    default: {
      const map = loaded.maps[choices.of(MAPS)];
      const method = map[choices.of(METHODS)];
      if (method)
        for (const result of [method.call(map, value(), value())].flat(0)) void result?.next?.();
    }
  }
}

/** The value's own errors, and those that the engine raises for what the value itself does. */
function isAllowed(error) {
  if (error instanceof ScxtsError) return error.code !== 'ERR_INTERNAL';
  return error instanceof Own;
}

let errors = 0;
const done = await fuzz({
  seconds,
  seed,
  modules: /dist\/native\/runtime\//,
  one(choices) {
    const world = { opened: openObject(bytes), loaded: openObject(bytes).load(), left: 40 };
    try {
      for (let i = 0; i < 12; i++) {
        try {
          step(choices, world);
        } catch (error) {
          errors++;
          if (!isAllowed(error)) throw error;
        }
      }
    } finally {
      world.loaded.close();
      world.opened[Symbol.dispose]();
    }
  },
});
rmSync(dir, { recursive: true });
console.log(`reentrant: ${JSON.stringify({ seconds, seed, ...done, errors })}`);

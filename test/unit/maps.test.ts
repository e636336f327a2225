import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import {
  ScxtsError,
  openObject,
  type ArrayMap,
  type HashMap,
  type LoadedScheduler,
  type PercpuArrayMap,
  type QueueMap,
  type RingBuffer,
  type SyscallProgram,
  type TaskStorageMap,
} from '../../native/runtime/index.js';

// Maps and syscall programs work on any kernel with BTF; only the scheduler itself needs sched_ext.
const SOURCE = `import { scheduler, array, percpuArray, hash, queue, ringbuf, taskStorage, syscall, bpf_task_from_pid, counter, kconfig,
  type u8, type u32, type u64, type s32, type FixedArray } from 'scxts';
interface Pair { a: u8; b: u64; list: FixedArray<u32, 3> }
interface In { pid: s32; n: u64 }
interface Event { pid: s32; n: u64 }
const nums = array<u64>(8);
const pairs = array<Pair>(4);
const stats = percpuArray<u64>(2);
const by_pid = hash<s32, Pair>(64);
const fifo = queue<u32>(8);
const events = ringbuf<Event>(4096);
const tasks = taskStorage<Pair>();
export const runs = counter('runs');
let total: u64 = 5;
export const work = syscall((x: In) => {
  runs.inc();
  total += x.n;
  nums.add(1, x.n);
  stats.add(1, 2);
  const p = pairs.get(2);
  if (p) p.list[1] = 9;
  by_pid.set(x.pid, { a: 1, b: x.n, list: [1, 2, 3] });
  const popped = fifo.pop();
  if (popped) total += popped.value;
  events.output({ pid: x.pid, n: x.n });
  using t = bpf_task_from_pid(x.pid);
  if (!t) return -3;
  const c = tasks.create(t);
  if (c) c.b = x.n;
  x.n = 77;
  return 0;
});
export default scheduler({ name: 'maps' });
`;

const dir = mkdtempSync(join(tmpdir(), 'scxts-maps-'));
let loaded: LoadedScheduler;
let maps: Record<string, unknown>;
let work: SyscallProgram<object>;

beforeAll(async () => {
  const file = join(dir, 'maps.ts');
  writeFileSync(file, SOURCE.replace(' kconfig,', ''));
  const built = await buildFile(file);
  expect(built.diagnostics).toEqual([]);
  loaded = openObject(built.objectPath).loadWithoutScheduler();
  maps = loaded.maps as Record<string, unknown>;
  work = (loaded.progs as Record<string, SyscallProgram<object>>)['work']!;
});
afterAll(() => {
  loaded[Symbol.dispose]();
  rmSync(dir, { recursive: true, force: true });
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof ScxtsError ? error.code : String(error);
  }
  return undefined;
}

describe('BPF and userspace share', () => {
  it('globals, counters and array maps, without a system call', () => {
    const globals = loaded.globals as { total: bigint };
    const nums = maps['nums'] as ArrayMap<bigint>;
    nums.set(1, 100n);
    globals.total = 10n;
    expect(work.run({ pid: process.pid, n: 7n })).toBe(0);
    expect(globals.total).toBe(17n);
    expect(nums.get(1)).toBe(107n);
    expect(nums.view()[1]).toBe(107n);
    expect((loaded.counters as Record<string, { total(): bigint }>)['runs']!.total()).toBe(1n);
    expect((maps['pairs'] as ArrayMap<unknown>).get(2)).toEqual({ a: 0, b: 0n, list: [0, 9, 0] });
  });

  it('hash maps: get, set, delete and a walk that survives deletes', () => {
    const map = maps['by_pid'] as HashMap<number, { a: number; b: bigint; list: number[] }>;
    expect(map.get(process.pid)).toEqual({ a: 1, b: 7n, list: [1, 2, 3] });
    for (let i = 1; i <= 20; i++) map.set(-i, { a: i, b: 0n, list: [0, 0, 0] });
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      if (key < 0) map.delete(key);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect([...map.keys()]).toEqual([process.pid]);
    expect(map.delete(12345)).toBe(false);
    expect(map.get(12345)).toBeUndefined();
  });

  it('per-CPU values, queues, task storage and ring buffers', () => {
    expect((maps['stats'] as PercpuArrayMap<bigint>).sum(1)).toBe(2n);
    const fifo = maps['fifo'] as QueueMap<number>;
    fifo.push(3);
    fifo.push(4);
    work.run({ pid: process.pid, n: 1n });
    expect(fifo.pop()).toBe(4);
    expect(fifo.pop()).toBeUndefined();
    expect((maps['tasks'] as TaskStorageMap<{ b: bigint }>).get(process.pid)).toMatchObject({
      b: 1n,
    });
    expect((maps['events'] as RingBuffer<unknown>).drain()).toEqual([
      { pid: process.pid, n: 7n },
      { pid: process.pid, n: 1n },
    ]);
  });

  it('errors of a program as its return value', () => {
    expect(work.run({ pid: 2 ** 30, n: 0n })).toBe(-3);
  });
});

describe('mistakes are errors, not crashes', () => {
  it.each<[string, () => unknown, string]>([
    ['an index out of range', () => (maps['nums'] as ArrayMap<bigint>).set(8, 1n), 'ERR_RANGE'],
    ['a number for a u64', () => (maps['nums'] as ArrayMap<unknown>).set(1, 1.5), 'ERR_VALUE'],
    [
      'an unknown field',
      () => (maps['by_pid'] as HashMap<number, unknown>).set(1, { c: 1 }),
      'ERR_VALUE',
    ],
    [
      'a key of another type',
      () => (maps['by_pid'] as HashMap<unknown, unknown>).get('x'),
      'ERR_VALUE',
    ],
    [
      'a process that is not there',
      () => (maps['tasks'] as TaskStorageMap<unknown>).get(2 ** 30),
      'ERR_NO_PROCESS',
    ],
    ['an argument out of range', () => work.run({ pid: 2 ** 40, n: 0n }), 'ERR_VALUE'],
    ['attaching without a scheduler that was loaded', () => loaded.attach(), 'ERR_NO_SCHEDULER'],
  ])('%s', (_name, run, code) => {
    expect(codeOf(run)).toBe(code);
  });

  it('use after close', () => {
    const other = openObject(join(dir, 'maps.bpf.o')).loadWithoutScheduler();
    const nums = (other.maps as Record<string, ArrayMap<bigint>>)['nums']!;
    const view = nums.view();
    other[Symbol.dispose]();
    expect(codeOf(() => nums.get(1))).toBe('ERR_CLOSED');
    // The memory stays mapped as long as someone holds it.
    expect(view[1]).toBe(0n);
  });
});

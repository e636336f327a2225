import { describe, expect, it } from 'vitest';
import { OpenScheduler } from '../../native/runtime/open.js';
import type { OpenMap } from '../../native/runtime/open-parts.js';
import { openInfo } from '../../native/runtime/object.js';
import { Cpumask, possibleCpus, withBackend } from '../../native/runtime/index.js';
import type { Clock } from '../../native/runtime/backend.js';
import { backend, type ModelMachine } from '../../sim/backend/index.js';
import { createSpace } from '../../sim/engine/space.js';
import { program } from '../util/program.js';
import { modelledSysfs, stillHost } from '../util/in-model.js';

const clock: Clock = {
  every: () => ({ stop: () => undefined, ref: () => undefined, unref: () => undefined }),
  wait: () => Promise.resolve(),
  now: () => 0,
};

async function machine(cpus = 4): Promise<ModelMachine & { enabled: string[] }> {
  const space = await createSpace({ kernel: '7.3', cpus });
  const enabled: string[] = [];
  return {
    space,
    calls: { functions: [] },
    host: stillHost(),
    clock,
    sysfs: modelledSysfs(cpus),
    file: (path) => (path.endsWith('/state') ? 'disabled' : undefined),
    enable: (object, ops) => {
      enabled.push(ops.text('name'));
      ops.callbacks.get('init')?.call();
      return { stop: () => enabled.pop() };
    },
    listen: () => ({ stop: () => undefined }),
    cgroupOfPath: () => 0,
    cgroupIdOfPath: () => undefined,
    enabled,
  };
}

const kinds = program(`
interface Pair { a: u64; b: u32 }
export const limit = config(u32(3), 'a limit');
export const rounds = counter('rounds made');
let total: u64 = 0;
const few = array<u64>(8);
const many = hash<u32, Pair>(64);
const each_cpu = percpuArray<u64>(2);
const waiting = queue<u32>(4);
const events = ringbuf<Pair>(4096);
`).syscall(`
  for (const i of range(limit)) {
    rounds.inc();
    total += i;
    const e = few.get(i);
    if (e) e.value += 10;
    many.set(i, { a: i * 2, b: i });
    events.output({ a: i, b: 7 });
  }
  const mine = each_cpu.get(1);
  if (mine) mine.value = 9;
  waiting.push(u32(5));
`);

describe('the runtime over a model', () => {
  it('opens, loads, attaches and reads as over a kernel', async () => {
    const { objectPath } = await kinds.ops('init() { total = 100; return 0; }').builds();
    const model = await machine();
    const kernel = backend(model);
    const opened = new OpenScheduler(openInfo(objectPath, kernel), 't');
    (opened.config as Record<string, unknown>)['limit'] = 5;
    const loaded = opened.load();
    const globals = loaded.globals as Record<string, unknown>;
    const link = loaded.attach();
    expect(model.enabled).toEqual(['t']);
    expect(globals['total']).toBe(100n);
    const run = (loaded.progs as Record<string, { run(): number }>)['run']!;
    expect(run.run()).toBe(0);
    expect(globals['total']).toBe(110n);
    globals['total'] = 1n;
    run.run();
    expect(globals['total']).toBe(11n);
    expect(loaded.readCounters()).toEqual({ rounds: 10n });
    const maps = loaded.maps as unknown as Record<string, never> & {
      few: Iterable<bigint>;
      many: Iterable<[number, { a: bigint; b: number }]> & { delete(key: number): boolean };
      each_cpu: { get(i: number): bigint[] };
      waiting: { pop(): number | undefined };
      events: { drain(): { a: bigint; b: number }[] };
    };
    expect([...maps.few]).toEqual([20n, 20n, 20n, 20n, 20n, 0n, 0n, 0n]);
    expect([...maps.many].map(([k, v]) => [k, v.a, v.b])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [i, BigInt(i * 2), i]),
    );
    expect(maps.many.delete(3)).toBe(true);
    expect([...maps.many]).toHaveLength(4);
    expect(maps.each_cpu.get(1)).toEqual([9n, 0n, 0n, 0n]);
    expect(maps.waiting.pop()).toBe(5);
    expect(maps.events.drain().map((e) => e.a)).toEqual([0n, 1n, 2n, 3n, 4n, 0n, 1n, 2n, 3n, 4n]);
    link.detach();
    expect(model.enabled).toEqual([]);
    loaded.close();
  });

  it('gives a half that runs over it the CPUs of the model', async () => {
    const kernel = backend(await machine(6));
    const seen = await withBackend(kernel, async () => {
      await Promise.resolve();
      return possibleCpus();
    });
    expect(seen).toEqual(Cpumask.parse('0-5'));
  });

  it('refuses what the model has not as a kernel would, with the reason', async () => {
    const { objectPath } = await kinds.builds();
    const kernel = backend(await machine());
    const opened = new OpenScheduler(openInfo(objectPath, kernel), 't');
    const { many } = opened.maps as unknown as Record<string, OpenMap>;
    many!.pinPath = null;
    expect(() => (many!.pinPath = '/sys/fs/bpf/x')).toThrow(/no file system/);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  openPinnedMap,
  type HashMap,
  type LoadedScheduler,
} from '../../../native/runtime/index.js';
import { ensureBpfFs } from './bpffs.js';
import {
  CONGESTION_NAME,
  codeOf,
  codeOfAsync,
  compileObject,
  load,
  open,
  type Loose,
} from './objects.js';

const every = compileObject('every');
// A struct_ops that is no scheduler: any kernel attaches it, and the phases are the same.
const congestion = compileObject('congestion');
const registered = (): boolean =>
  readFileSync('/proc/sys/net/ipv4/tcp_available_congestion_control', 'utf8')
    .trim()
    .split(' ')
    .includes(CONGESTION_NAME);

describe('three phases', () => {
  it('open, loaded, attached, and back', () => {
    using loaded = load(congestion);
    expect(registered()).toBe(false);
    const link = loaded.attach();
    expect(link.attached).toBe(true);
    expect(registered()).toBe(true);
    expect(codeOf(() => loaded.attach())).toBe('ERR_PHASE');
    link.detach();
    expect(registered()).toBe(false);
    expect(link.attached).toBe(false);
    expect(link.detach()).toEqual(link.exit);
    // The same object can run again.
    using again = loaded.attach();
    expect(again.attached).toBe(true);
  });

  it('the same off the main thread, where all who detach wait for the same end', async () => {
    await using loaded = await open(congestion).loadAsync();
    const attaching = loaded.attachAsync();
    expect(codeOf(() => loaded.close())).toBe('ERR_PHASE');
    expect(codeOf(() => loaded.attach())).toBe('ERR_PHASE');
    const link = await attaching;
    expect(registered()).toBe(true);
    const ends = Promise.all([link.detachAsync(), link.detachAsync(), link.exited]);
    expect(codeOf(() => link.detach())).toBe('ERR_PHASE');
    link[Symbol.dispose]();
    const [one, two, three] = await ends;
    expect(two).toBe(one);
    expect(three).toBe(one);
    expect(one.kindName).toBe('SCX_EXIT_UNREG');
    expect(registered()).toBe(false);
  });

  it('closing detaches', async () => {
    const one = load(congestion);
    one.attach();
    one.close();
    expect(registered()).toBe(false);
    const two = load(congestion);
    await two.attachAsync();
    await two[Symbol.asyncDispose]();
    expect(registered()).toBe(false);
  });

  it.each<[string, (l: LoadedScheduler<Loose>) => unknown, string]>([
    ['attach', (l) => l.attach(), 'ERR_CLOSED'],
    ['a program', (l) => l.progs.touch.run({ n: 1, sum: 0n, status: 0 }), 'ERR_CLOSED'],
    ['a tracing program', (l) => l.progs.on_switch.attach(), 'ERR_CLOSED'],
    ['a map', (l) => l.maps.numbers.get(1), 'ERR_CLOSED'],
    ['a ring', (l) => l.maps.events.read(), 'ERR_CLOSED'],
    [
      'a user ring',
      (l) => l.maps.orders.send({ id: 1, amount: 1n, tags: [0, 0, 0, 0] }),
      'ERR_CLOSED',
    ],
    ['task storage', (l) => l.maps.tasks.get(process.pid), 'ERR_CLOSED'],
    ['an iteration', (l) => [...l.maps.numbers], 'ERR_CLOSED'],
    ['map info', (l) => l.maps.numbers.info(), 'ERR_CLOSED'],
    ['counters', (l) => l.readCounters(), 'ERR_CLOSED'],
    ['closing again', (l) => l.close(), 'undefined'],
  ])('after close(): %s', (_name, run, code) => {
    const loaded = load(every);
    loaded.close();
    expect(String(codeOf(() => run(loaded)))).toBe(code);
  });

  it('after open(): loading twice, and loading what is closed', async () => {
    const opened = open(every);
    using loaded = opened.load();
    expect(codeOf(() => opened.load())).toBe('ERR_PHASE');
    expect(codeOf(() => (opened.maps.numbers!.maxEntries = 5))).toBe('ERR_PHASE');
    expect(codeOf(() => (opened.progs.touch!.autoload = false))).toBe('ERR_PHASE');
    expect(codeOf(() => (opened.progs.touch!.logLevel = 1))).toBe('ERR_PHASE');
    opened[Symbol.dispose]();
    expect(loaded.progs.touch.run({ n: 0, sum: 0n, status: 0 })).toBe(0);
    const closed = open(every);
    closed[Symbol.dispose]();
    expect(await codeOfAsync(() => closed.loadAsync())).toBe('ERR_CLOSED');
    const loading = open(every);
    const promise = loading.loadAsync();
    expect(codeOf(() => loading.load())).toBe('ERR_PHASE');
    expect(codeOf(() => (loading.globals.big = 1n))).toBe('ERR_PHASE');
    (await promise).close();
  });

  it('the scheduler of an object that has none', () => {
    using loaded = load(every);
    expect(codeOf(() => loaded.attach())).toBe('ERR_NO_SCHEDULER');
  });

  it('the scheduler of an object that was loaded without it', () => {
    using loaded = open(congestion).loadWithoutScheduler();
    expect(codeOf(() => loaded.attach())).toBe('ERR_NO_SCHEDULER');
  });
});

describe('before loading', () => {
  it('map sizes are set', () => {
    const opened = open(every);
    expect(opened.maps.numbers!.maxEntries).toBe(20_000);
    opened.maps.numbers!.maxEntries = 10;
    expect(codeOf(() => (opened.maps.numbers!.maxEntries = 0))).toBe('ERR_VALUE');
    expect(codeOf(() => (opened.maps.numbers!.maxEntries = 1.5))).toBe('ERR_VALUE');
    using loaded = opened.load();
    expect(loaded.maps.numbers.info().maxEntries).toBe(10);
    expect(loaded.maps.numbers.write(Array.from({ length: 10 }, (_, i) => [i, 1n]))).toBe(10);
    expect(codeOf(() => loaded.maps.numbers.set(99, 1n))).toBe('ERR_MAP');
  });

  it('programs are left out, and their log asked for', () => {
    const opened = open(every);
    opened.progs.emit!.autoload = false;
    opened.progs.touch!.logLevel = 1;
    let log = '';
    using loaded = opened.load({ onLog: (text) => (log = text) });
    expect(codeOf(() => loaded.progs.emit.run({ n: 1, sum: 0n, status: 0 }))).toBe('ERR_PHASE');
    expect(log).toMatch(/prog 'touch'.*[\s\S]*processed \d+ insns/);
    expect(log).not.toMatch(/prog 'drain': -- BEGIN/);
    expect(codeOf(() => (open(every).progs.touch!.logLevel = 8))).toBe('ERR_ARGUMENT');
  });

  it('what the kernel made of each program is told, of those that were loaded', () => {
    const opened = open(every);
    opened.progs.emit!.autoload = false;
    opened.progs.touch!.logLevel = 4;
    let log = '';
    const loaded = opened.load({ onLog: (text) => (log = text) });
    const info = loaded.programInfo();
    expect(info['emit']).toBeUndefined();
    // The log says of the same program how many instructions the verifier went through.
    const processed = Number(/prog 'touch'[\s\S]*?processed (\d+) insns/.exec(log)?.[1]);
    expect(info['touch']!.verifiedInstructions).toBe(processed);
    expect(info['touch']!.instructions).toBeGreaterThan(1);
    expect(info['drain']!.id).not.toBe(info['touch']!.id);
    loaded.close();
    expect(codeOf(() => loaded.programInfo())).toBe('ERR_CLOSED');
  });

  it('a data section is made larger, and nothing else', () => {
    const opened = open(every);
    const { native } = opened.info;
    const section = native.maps().find((m) => m.internal && m.name.endsWith('.bss'))!;
    native.setValueSize(section.name, section.valueSize + 4096);
    expect(() => native.setValueSize('numbers', 8)).toThrow(/only a data section/);
    using loaded = opened.load();
    const map = loaded.info.native.map(section.name);
    expect(map.info().valueSize).toBeGreaterThanOrEqual(section.valueSize + 4096);
    map.close();
    expect(() => native.setValueSize(section.name, 8)).toThrow(/before load\(\) only/);
  });

  it('a section of static variables alone is left alone', () => {
    using loaded = load(compileObject('statics'));
    expect(loaded.progs.count.run()).toBe(1);
    expect(loaded.progs.count.run()).toBe(2);
    expect('own' in loaded.globals).toBe(false);
  });

  it('a rejected program is named, with the end of the log', () => {
    const broken = open(compileObject('rejected'));
    let message = '';
    try {
      broken.load();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/the verifier rejected program 'reads_null':/);
    expect(message).toMatch(/R\d invalid mem access 'map_value_or_null'/);
    expect(codeOf(() => broken.load())).toBe('ERR_PHASE');
  });

  it('a program without a place in this kernel is an error, or left out if optional', () => {
    const opened = open(every);
    opened.progs.on_nothing!.autoload = true;
    expect(codeOf(() => opened.load())).toBe('ERR_KERNEL');
    opened.progs.on_nothing!.optional = true;
    const warnings: string[] = [];
    opened.load({ onWarning: (w) => warnings.push(w) }).close();
    expect(warnings).toEqual([
      "program 'on_nothing' is left out: this kernel has no function no_such_function_anywhere()",
    ]);
  });
});

describe('programs beside the scheduler', () => {
  it('attach and detach one by one, with a cookie', async () => {
    using loaded = load(every, ['on_switch', 'on_sample', 'on_raw']);
    const { on_switch, on_sample, on_raw } = loaded.progs;
    loaded.globals.watched = process.pid;
    expect(on_switch.attached).toBe(false);
    on_switch.attach({ cookie: 2n ** 64n - 2n });
    on_switch.attach();
    await on_sample.attachAsync({ cookie: 7n, sampling: { type: 1, config: 0, frequency: 1000 } });
    on_raw.attach({ cookie: 9n });
    expect(on_switch.attached && on_sample.attached && on_raw.attached).toBe(true);
    expect(on_switch.linkIds).toEqual([expect.any(Number)]);
    expect(on_raw.linkIds).toEqual([expect.any(Number)]);
    expect(on_raw.linkIds).not.toEqual([0]);
    const calls = loaded.views.calls as BigUint64Array;
    for (
      const end = Date.now() + 20_000;
      (!calls[0] || !calls[3] || !calls[5]) && Date.now() < end;
    )
      await sleep(5).then(() => Math.sqrt([...Array(20_000).keys()].reduce((a, b) => a + b)));
    expect(loaded.globals.cookies).toMatchObject([2n ** 64n - 2n, 0n, 0n, 7n, 0n, 9n]);
    on_switch.detach();
    await on_sample.detachAsync();
    on_raw.detach();
    const [after, afterRaw] = [calls[0]!, calls[5]!];
    await sleep(20);
    expect(calls[0]).toBe(after);
    expect(calls[5]).toBe(afterRaw);
    expect(on_switch.attached || on_sample.attached || on_raw.attached).toBe(false);
    await on_raw.attachAsync({ cookie: 10n });
    await sleep(20);
    expect(loaded.globals.cookies[5]).toBe(10n);
    await on_raw.detachAsync();
    on_switch.attach();
    await sleep(20);
    expect(calls[0]).toBeGreaterThan(after);
    expect(loaded.globals.cookies[0]).toBe(0n);
  });

  it('refuse what they cannot have', async () => {
    using loaded = load(every, ['on_switch']);
    expect(codeOf(() => loaded.progs.on_switch.attach({ cookie: -1n }))).toBe('ERR_VALUE');
    expect(codeOf(() => loaded.progs.on_switch.attach({ cookie: 1 }))).toBe('ERR_VALUE');
    expect(codeOf(() => loaded.progs.on_sample.attach())).toBe('ERR_PHASE');
    const attaching = loaded.progs.on_switch.attachAsync();
    expect(codeOf(() => loaded.progs.on_switch.attach())).toBe('ERR_PHASE');
    await attaching;
  });

  it('attach with the struct_ops, unless told otherwise', async () => {
    const opened = open(congestion);
    opened.progs.on_switch!.autoload = true;
    using loaded = opened.load();
    const link = loaded.attach();
    expect(loaded.progs.on_switch.attached).toBe(true);
    await link.detachAsync();
    expect(loaded.progs.on_switch.attached).toBe(false);
    const own = open(congestion);
    own.progs.on_switch!.autoload = true;
    own.progs.on_switch!.autoattach = false;
    using other = own.load();
    using _link = other.attach();
    expect(other.progs.on_switch.attached).toBe(false);
    other.progs.on_switch.attach();
    expect(other.progs.on_switch.attached).toBe(true);
  });

  it('are closed with an object that is closed while they are being attached', async () => {
    const loaded = load(every, ['on_switch']);
    const attaching = codeOfAsync(() => loaded.progs.on_switch.attachAsync());
    loaded.close();
    expect(await attaching).toBe('ERR_CLOSED');
  });
});

describe('maps outlive their object where that is asked for', () => {
  it('pinned, opened by pin, reused by another object, unpinned', () => {
    ensureBpfFs();
    const path = `/sys/fs/bpf/scxts-test-${process.pid}`;
    const first = load(every);
    first.maps.numbers.set(1, 11n);
    first.maps.keyed.set({ a: 1, b: 2 }, { a: 3, b: 4n, c: [5, 6, 7] });
    first.maps.numbers.pin(path);
    expect(codeOf(() => first.maps.numbers.pin(path))).toBe('ERR_PIN');
    const raw = openPinnedMap(path) as HashMap<number, bigint>;
    expect(raw.get(1)).toBe(11n);
    first.close();
    expect(raw.get(1)).toBe(11n);

    const second = open(every);
    second.maps.numbers!.reuse(raw);
    expect(codeOf(() => second.maps.keyed!.reuse(raw))).toBe('ERR_MAP');
    using reused = second.load();
    reused.maps.numbers.set(2, 22n);
    expect(raw.get(2)).toBe(22n);

    const third = open(every);
    third.maps.numbers!.pinPath = path;
    using found = third.load();
    expect(found.maps.numbers.get(2)).toBe(22n);
    expect(found.maps.numbers.info().id).toBe(raw.info().id);
    found.maps.numbers.unpin(path);
    expect(existsSync(path)).toBe(false);
    expect(codeOf(() => found.maps.numbers.unpin(path))).toBe('ERR_PIN');
    expect(codeOf(() => openPinnedMap(path))).toBe('ERR_PIN');
    raw.close();
    expect(codeOf(() => raw.get(1))).toBe('ERR_CLOSED');
  });

  it('a pin path that load() makes', () => {
    ensureBpfFs();
    const path = `/sys/fs/bpf/scxts-made-${process.pid}`;
    const opened = open(every);
    opened.maps.lru!.pinPath = path;
    const loaded = opened.load();
    loaded.close();
    const map = openPinnedMap(path);
    expect(map.info()).toMatchObject({ type: 9, keySize: 4, valueSize: 8, name: 'lru' });
    map.unpin(path);
    map.close();
  });

  it('frozen ones keep their values', () => {
    using loaded = load(every);
    loaded.maps.numbers.set(1, 1n);
    loaded.maps.numbers.freeze();
    expect(codeOf(() => loaded.maps.numbers.set(1, 2n))).toBe('ERR_MAP');
    expect(loaded.maps.numbers.get(1)).toBe(1n);
  });
});

describe('several objects at once', () => {
  it('have nothing in common', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => open(every).loadAsync()));
    all.forEach((l, i) => {
      l.globals.big = BigInt(i);
      l.maps.numbers.set(1, BigInt(i * 10));
      l.progs.touch.run({ n: i, sum: BigInt(i * 100), status: 0 });
    });
    expect(all.map((l) => l.globals.big)).toEqual(all.map((_, i) => BigInt(i * 100)));
    expect(all.map((l) => l.maps.numbers.get(1))).toEqual(all.map((_, i) => BigInt(i * 10)));
    const results = await Promise.all(
      all.map((l, i) => l.progs.touch.callAsync({ n: i, sum: 0n, status: 0 })),
    );
    expect(results.map((r) => r.value)).toEqual(all.map((_, i) => i));
    for (const l of all) l.close();
  });
});

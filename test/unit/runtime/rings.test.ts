import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { LoadedScheduler, RingBuffer, UserRingBuffer } from '../../../native/runtime/index.js';
import { codeOf, codeOfAsync, compileObject, load, type Loose } from './objects.js';

interface Event {
  pid: number;
  stamp: bigint;
  kind: number;
}
interface Order {
  id: number;
  amount: bigint;
  tags: number[];
}
const object = compileObject('every');
let loaded: LoadedScheduler<Loose>;
let events: RingBuffer<Event>;
let orders: UserRingBuffer<Order>;
beforeEach(() => {
  loaded = load(object);
  ({ events, orders } = loaded.maps);
});
afterEach(() => loaded.close());

const emit = (n: number, stamp = 1n): void =>
  void loaded.progs.emit.run({ n, sum: stamp, status: 0 });
/** 4096 bytes of ring, 24 of record and 8 of header each; one record's room stays free. */
const FITS = 127;

describe('from BPF', () => {
  it('records come in order, decoded or as columns', () => {
    emit(5, 77n);
    const batch = events.read();
    expect(batch).toHaveLength(5);
    expect(batch.at(2)).toEqual({ pid: 2, stamp: 77n, kind: 3 });
    expect(batch.at(5)).toBeUndefined();
    expect(batch.column('pid')).toEqual(Uint32Array.of(0, 1, 2, 3, 4));
    expect(batch.column('stamp')).toEqual(new BigUint64Array(5).fill(77n));
    expect(codeOf(() => batch.column('nothing'))).toBe('ERR_VALUE');
    let sum = 0;
    batch.forEach((view, at) => (sum += view.getUint32(at, true)));
    expect(sum).toBe(10);
    expect(events.read()).toHaveLength(0);
  });

  it('a copy of a batch keeps its records, whatever is read afterwards', () => {
    emit(3, 1n);
    const kept = events.read().copy();
    emit(4, 2n);
    expect(events.read().column('stamp')).toEqual(new BigUint64Array(4).fill(2n));
    expect([...kept].map((e) => [e.pid, e.stamp])).toEqual([
      [0, 1n],
      [1, 1n],
      [2, 1n],
    ]);
  });

  it('as many as are asked for', () => {
    emit(10);
    expect(events.read(4)).toHaveLength(4);
    expect(events.drain().map((e) => e.pid)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(codeOf(() => events.read(-1))).toBe('ERR_ARGUMENT');
    expect(codeOf(() => events.read(1.5))).toBe('ERR_ARGUMENT');
  });

  it('what does not fit is counted', () => {
    expect(events.dropped).toBe(0n);
    emit(200);
    expect(events.dropped).toBe(BigInt(200 - FITS));
    expect(events.waiting()).toEqual({ bytes: FITS * 32, size: 4096 });
    expect(events.drain().map((e) => e.pid)).toEqual([...Array(FITS).keys()]);
    expect(events.waiting().bytes).toBe(0);
    emit(1);
    expect(events.dropped).toBe(BigInt(200 - FITS));
  });

  it('waitSync() tells whether there is something, after the time at the latest', () => {
    let begin = performance.now();
    expect(events.waitSync(50)).toBe(false);
    expect(performance.now() - begin).toBeGreaterThan(45);
    emit(1);
    begin = performance.now();
    expect(events.waitSync(1000)).toBe(true);
    expect(performance.now() - begin).toBeLessThan(500);
    events.drain();
    for (const ms of [-1, 1.5, 1001, Number.NaN, '5' as unknown as number])
      expect(codeOf(() => events.waitSync(ms))).toBe('ERR_ARGUMENT');
    loaded.close();
    expect(codeOf(() => events.waitSync(0))).toBe('ERR_CLOSED');
  });

  it('a reader that blocks gets what comes before, while and after it blocks', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of events.batches({ signal: stop.signal, blockMs: 20 }))
        seen.push(batch.length);
    })();
    emit(2);
    await sleep(100);
    emit(3);
    await sleep(100);
    stop.abort();
    emit(1);
    await reading;
    expect(seen.slice(0, 2)).toEqual([2, 3]);
  });

  it('a reader that always finds something lets timers have their turn', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const begin = performance.now();
    emit(1);
    for await (const batch of events.batches({ signal: stop.signal })) {
      expect(batch.length).toBeGreaterThan(0);
      emit(1);
      if (performance.now() - begin > 5000) throw new Error('the timer never had a turn');
    }
  });

  it('many times round the ring', () => {
    let expected = 0;
    for (let i = 0; i < 2000; i++) {
      const n = (i % 100) + 1;
      emit(n, BigInt(i));
      const got = events.drain();
      expected += n;
      expect(got.map((e) => e.pid)).toEqual([...Array(n).keys()]);
      expect(got.every((e) => e.stamp === BigInt(i))).toBe(true);
    }
    expect(events.dropped).toBe(0n);
    expect(expected).toBe(101_000);
  });

  it('wake who iterates over them', async () => {
    const got: number[] = [];
    const reading = (async () => {
      for await (const { pid } of events) {
        got.push(pid);
        if (got.length === 6) break;
      }
    })();
    await sleep(20);
    emit(3);
    // A machine that is busy may wake it late.
    while (got.length < 3) await sleep(1);
    expect(got).toEqual([0, 1, 2]);
    emit(3);
    await reading;
    expect(got).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('wait for a reader that is slow', async () => {
    const stop = new AbortController();
    let active = 0;
    let most = 0;
    let seen = 0;
    const reading = events.consume(
      async (batch) => {
        most = Math.max(most, ++active);
        seen += batch.length;
        await sleep(15);
        active--;
        if (seen >= FITS + 10) stop.abort();
      },
      { signal: stop.signal },
    );
    emit(10);
    // The ring is empty again, and its reader busy with what it took.
    while (seen < 10) await sleep(1);
    emit(200);
    await reading;
    expect(most).toBe(1);
    expect(seen).toBe(FITS + 10);
    expect(events.dropped).toBe(BigInt(200 - FITS));
  });

  it('end with the signal, and with the object', async () => {
    const stop = new AbortController();
    const aborted = events.consume(() => undefined, { signal: stop.signal });
    await sleep(10);
    stop.abort();
    await aborted;
    const closed = events.consume(() => undefined);
    await sleep(10);
    loaded.close();
    await closed;
    expect(codeOf(() => events.read())).toBe('ERR_CLOSED');
    expect(codeOf(() => events.dropped)).toBe('ERR_CLOSED');
  });

  it('what the reader throws comes out', async () => {
    emit(1);
    const failing = events.consume(() => {
      throw new Error('broken reader');
    });
    await expect(failing).rejects.toThrow('broken reader');
    emit(2);
    expect(events.drain()).toHaveLength(2);
  });

  it('two who wait wake both', async () => {
    const one = events.batches();
    const two = events.batches();
    const both = Promise.race([one.next(), two.next()]);
    await sleep(10);
    emit(1);
    expect((await both).value).toHaveLength(1);
    loaded.close();
  });
});

describe('to BPF', () => {
  const drain = (): { value: number; args: { sum: bigint } } =>
    loaded.progs.drain.call({ n: 0, sum: 0n, status: 0 });

  it('records are sent, one or many', () => {
    expect(orders.send({ id: 2, amount: 3n, tags: [0, 0, 0, 4] })).toBe(true);
    expect(drain()).toMatchObject({ value: 1, args: { sum: 2007n } });
    expect(orders.sendAll([1, 2, 3].map((id) => ({ id, amount: 0n, tags: [0, 0, 0, 0] })))).toBe(3);
    expect(drain()).toMatchObject({ value: 3, args: { sum: 6000n } });
    expect(orders.sendAll([])).toBe(0);
  });

  it('are reserved, filled in and submitted, or given back', () => {
    {
      using order = orders.reserve()!;
      expect(order.record).toMatchObject({ id: 0, amount: 0n });
      order.record.id = 5;
      order.record.amount = 6n;
      expect(codeOf(() => (order.record.id = -1))).toBe('ERR_VALUE');
      expect(codeOf(() => orders.reserve())).toBe('ERR_PHASE');
      order.submit();
      expect(codeOf(() => order.submit())).toBe('ERR_PHASE');
    }
    expect(drain()).toMatchObject({ value: 1, args: { sum: 5006n } });
    {
      using order = orders.reserve()!;
      order.record.id = 9;
    }
    expect(drain()).toMatchObject({ value: 0, args: { sum: 0n } });
    const kept = orders.reserve()!;
    loaded.close();
    expect(codeOf(() => kept.submit())).toBe('ERR_CLOSED');
    kept.discard();
  });

  it('a full ring says so', () => {
    const order = { id: 1, amount: 1n, tags: [0, 0, 0, 0] };
    expect(orders.sendAll(Array(500).fill(order))).toBe(FITS + 1);
    expect(orders.send(order)).toBe(false);
    expect(orders.reserve()).toBeUndefined();
    expect(drain().value).toBe(FITS + 1);
    expect(orders.send(order)).toBe(true);
  });

  it('of wrong bytes are refused', () => {
    expect(codeOf(() => orders.send({ id: 1 } as Order))).toBe('ERR_VALUE');
    expect(codeOf(() => orders.sendBytes(new Uint8Array(0)))).toBe('ERR_SIZE');
    expect(codeOf(() => orders.sendBytes(new Uint8Array(8192)))).toMatch(/ERR_MAP/);
    expect(orders.sendBytes(new Uint8Array(3))).toBe(true);
  });
});

it('rings without a record type give bytes', async () => {
  const { openPinnedMap } = await import('../../../native/runtime/index.js');
  const { ensureBpfFs } = await import('./bpffs.js');
  ensureBpfFs();
  const path = `/sys/fs/bpf/scxts-ring-${process.pid}`;
  events.pin(path);
  emit(1, 0x0102n);
  const raw = openPinnedMap(path) as RingBuffer<Uint8Array>;
  expect(raw.dropped).toBeUndefined();
  const [record] = raw.drain();
  expect(record).toHaveLength(24);
  expect(record![8]).toBe(2);
  raw.unpin(path);
  const waiting = codeOfAsync(() => raw.consume(() => undefined));
  await sleep(5);
  raw.close();
  expect(await waiting).toBeUndefined();
});

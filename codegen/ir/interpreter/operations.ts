import { layoutOf } from '../layout.js';
import type { MapIr } from '../module.js';
import type { Expr } from '../nodes.js';
import type { AtomicAction, Op, OpKind } from '../operations.js';
import { capturesOf } from '../captures.js';
import { charsIn, type CType } from '../types.js';
import { cut, divide, remainder } from './arithmetic.js';
import { evaluate } from './expressions.js';
import { NotModelled, type Frame, type Machine } from './machine.js';
import { MAP_OPERATIONS } from './map-operations.js';
import { placeOf } from './places.js';
import { giveBack } from './releases.js';

type Operation = Extract<Expr, { kind: 'op' }>;

/** An operation with its operands, which are evaluated when they are asked for: each once, from left to right. */
interface Operands {
  m: Machine;
  frame: Frame;
  e: Operation;
  /** The value of an operand; 0 where there is none. */
  value: (position: number) => bigint;
  all: () => bigint[];
}

type Meaning<K extends OpKind> = (op: Extract<Op, { kind: K }>, of: Operands) => bigint;

function unknown(what: string): () => bigint {
  return () => {
    throw new NotModelled(what);
  };
}

/** What an atomic operation leaves there. */
function changed(action: AtomicAction, before: bigint, a: bigint, b: bigint): bigint {
  switch (action) {
    case 'add':
      return before + a;
    case 'sub':
      return before - a;
    case 'and':
      return before & a;
    case 'or':
      return before | a;
    case 'xor':
      return before ^ a;
    case 'exchange':
      return a;
    case 'compareExchange':
      return before === a ? b : before;
  }
}

/** The address of an element; undefined where the index is out of range. */
function element({ m, frame, e, value }: Operands): { at: bigint | undefined; of: CType } {
  const array = e.args[0]!;
  const { type } = array;
  const length = type.kind === 'array' || type.kind === 'chars' ? type.length : 0;
  const of: CType = type.kind === 'array' ? type.of : { kind: 'int', bits: 8, signed: true };
  const { address } = placeOf(m, frame, array);
  const index = value(1);
  const isIn = index < BigInt(length);
  return { at: isIn ? address + index * BigInt(layoutOf(of).size) : undefined, of };
}

function forEach(op: Extract<Op, { kind: 'forEach' }>, { m, all }: Operands): bigint {
  const { map, callback } = op;
  const context = all();
  const own = callback.params.length - (capturesOf(callback).length > 0 ? 1 : 0);
  return m
    .instance(map)
    .each(
      (key, value) => (m.call(callback, [...[key, value].slice(0, own), ...context]) ?? 0n) !== 0n,
    );
}

const MEANINGS: { [K in OpKind]: Meaning<K> } = {
  divide: (_op, { value }) => {
    const a = value(0);
    return divide(a, value(1));
  },
  remainder: (_op, { value }) => {
    const a = value(0);
    return remainder(a, value(1));
  },
  min: (_op, { all }) => all().reduce((a, b) => (b < a ? b : a)),
  max: (_op, { all }) => all().reduce((a, b) => (b > a ? b : a)),
  abs: (_op, { value }) => {
    const a = value(0);
    return a < 0n ? -a : a;
  },
  sequence: (_op, { all }) => {
    all();
    return 0n;
  },
  unknownZero: () => 0n,
  elementAddress: (_op, of) => element(of).at ?? 0n,
  elementValue: (_op, of) => {
    const { at, of: type } = element(of);
    return at === undefined ? 0n : of.m.memory.read(at, type);
  },
  elementOrSpare: (_op, of) => {
    const { at, of: type } = element(of);
    return at ?? of.m.onStack(type);
  },
  kernelElement: unknown('memory of the kernel'),
  kernelObject: unknown('memory of the kernel'),
  probeRead: unknown('memory of the kernel'),
  settledArray: (_op, { m, frame, e }) => placeOf(m, frame, e.args[0]!).address,
  settledAddress: (_op, { value }) => value(0),
  textEqual: ({ bytes }, { m, all }) => {
    const [chars = 0n, text = 0n] = all();
    const [a, b] = [m.memory.bytes(chars, bytes), m.memory.bytes(text, bytes)];
    return Buffer.from(a).equals(b) ? 1n : 0n;
  },
  compareText: ({ test, most }, { m, all }) => {
    const [a = 0n, b = 0n] = all();
    const [one, two] = [m.textAt(a, most[0]), m.textAt(b, most[1])];
    const compared =
      test === 'starts'
        ? one.subarray(0, two.length)
        : test === 'ends'
          ? one.subarray(Math.max(0, one.length - two.length))
          : one;
    return compared.equals(two) ? 1n : 0n;
  },
  copyText: ({ room, most }, { m, all }) => {
    const [to = 0n, from = 0n] = all();
    const text = m.textAt(from, Math.min(most, room - 1));
    const bytes = m.memory.bytes(to, room);
    bytes.fill(0);
    bytes.set(text);
    return BigInt(text.length);
  },
  ordered: (_op, { m, e, all }) => {
    const [address = 0n, given] = all();
    const place = e.args[0]!.type;
    const type = place.kind === 'ptr' ? place.to : e.type;
    if (given === undefined) return m.memory.read(address, type);
    m.memory.write(address, type, given);
    return 0n;
  },
  // One CPU sees what it has done in its own order.
  barrier: () => 0n,
  kernelVariable: unknown('variables of the kernel'),
  seqWrite: unknown('iterators of the kernel'),
  roomView: unknown('structs of the kernel'),
  roomSize: unknown('structs of the kernel'),
  context: unknown('what a program was called with'),
  iterator: unknown('iterators of the kernel'),
  atomic: ({ action }, { m, e, all }) => {
    const [place = 0n, a = 0n, b = 0n] = all();
    const before = m.memory.read(place, e.type);
    m.memory.write(place, e.type, cut(changed(action, before, a, b), e.type));
    return before;
  },
  count: ({ counter }, { m, value }) => {
    const before = m.counters.get(counter) ?? 0n;
    m.counters.set(counter, BigInt.asUintN(64, before + value(0)));
    return 0n;
  },
  map: ({ map, operation, found }, { m, all }) => {
    const [first = 0n, ...rest] = all();
    if (!found) return MAP_OPERATIONS[operation](m.instance(map), [first, ...rest]);
    return first === 0n ? 0n : MAP_OPERATIONS[operation](m.mapOf(first), rest);
  },
  forEach,
  drain: unknown('what user space writes to a ring'),
  timer: ({ timer, method }, { m, all }) => {
    all();
    return m.timer(timer, method);
  },
  startTimer: (_op, { m, value, all }) => {
    all();
    return m.timer(value(0), 'start');
  },
  cancelTimer: (_op, { m, value }) => m.timer(value(0), 'cancel'),
  initTimer: (_op, { all }) => {
    all();
    return 0n;
  },
  lock: (_op, { value }) => value(0),
  arenaLock: (_op, { value }) => value(0),
  arenaLink: (_op, { value }) => value(0),
  collection: ({ collection, method }, { m, all }) => {
    if (collection.global) return m.collection(collection).do(method, all()[0]);
    const [head = 0n, item] = all();
    return m.collectionAt(head, collection).do(method, item, collection);
  },
  alloc: ({ struct }, { m }) => m.memory.allocate(layoutOf({ kind: 'struct', struct }).size),
  release: ({ release }, { m, e, value }) => {
    const variable = value(0);
    const type = e.args[0]?.type;
    const held = type?.kind === 'ptr' ? m.memory.read(variable, type.to) : 0n;
    giveBack(m, release, held);
    return 0n;
  },
  exchange: (_op, { m, all }) => {
    const [place = 0n, object = 0n] = all();
    if (place === 0n) return object;
    const before = m.memory.load(place, 8, false);
    m.memory.store(place, 8, object);
    return before;
  },
  submit: (_op, { m, e, all }) => {
    const [record = 0n] = all();
    const map = ringOf(m, e.args[0]);
    if (map) m.instance(map).submit(record);
    return 0n;
  },
  discard: (_op, { all }) => {
    all();
    return 0n;
  },
  format: ({ sink, texts, lead }, { m, e, all }) => {
    const values = all();
    const first = lead ? 1 : 0;
    const shown = e.args.slice(first).map((a, i) => show(m, a.type, values[first + i] ?? 0n));
    const text = texts.map((t, i) => t + (shown[i] ?? '')).join('');
    m.printed.push(`${sink}: ${text}`);
    return 0n;
  },
};

/** A value as formats print it. */
function show(m: Machine, type: CType, value: bigint): string {
  const chars = charsIn(type);
  if (chars !== undefined) return m.textAt(value, chars).toString();
  if (type.kind === 'string') return m.textAt(value, 1 << 12).toString();
  return type.kind === 'ptr' || type.kind === 'opaque' ? `0x${value.toString(16)}` : String(value);
}

/** The ring whose record an expression is: the one with such values. */
function ringOf(m: Machine, record: Expr | undefined): MapIr | undefined {
  const to = record?.type.kind === 'ptr' ? record.type.to : undefined;
  const rings = m.module.maps.filter((map) => map.kind === 'ringbuf');
  return (
    rings.find(
      (map) =>
        map.value?.kind === 'struct' && to?.kind === 'struct' && map.value.struct === to.struct,
    ) ?? rings[0]
  );
}

/** What an operation gives. */
export function runOperation(m: Machine, frame: Frame, e: Operation): bigint {
  const known = new Map<number, bigint>();
  const value = (i: number): bigint => {
    const operand = e.args[i];
    const before = known.get(i);
    if (before !== undefined || !operand) return before ?? 0n;
    const made = evaluate(m, frame, operand);
    known.set(i, made);
    return made;
  };
  const all = (): bigint[] => e.args.map((_, i) => value(i));
  const meaning = MEANINGS[e.op.kind] as Meaning<OpKind>;
  return meaning(e.op, { m, frame, e, value, all });
}

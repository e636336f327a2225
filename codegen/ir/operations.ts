import type { Local } from './nodes.js';
import type {
  CollectionIr,
  CounterIr,
  FunctionIr,
  GlobalIr,
  KernelVariableIr,
  MapIr,
  TimerFieldIr,
  TimerIr,
} from './module.js';
import type { MapOperation } from './map-kinds.js';
import { ARENA_LOCK, LOCK, RECORD, type Release } from './releases.js';
import type { StructDef } from './types.js';

/** What BPF does to a number in memory in one step. */
export type AtomicAction = 'add' | 'sub' | 'and' | 'or' | 'xor' | 'exchange' | 'compareExchange';
export type TextTest = 'equal' | 'starts' | 'ends';
/** How a scalar in memory is read or written: once, and with what order to other accesses. */
export type OrderedAccess = 'read' | 'write' | 'acquire' | 'release';
/** What is kept in order: by the compiler alone, or by the machine as well. */
export type BarrierKind = 'compiler' | 'read' | 'write' | 'full' | 'acquire' | 'release';
export type TimerMethod = 'start' | 'cancel';
/** A per-CPU variable of one CPU, of this CPU; the value of one that is not per CPU. */
export type KernelVariableUse = 'of' | 'this' | 'value';
export type CollectionMethod =
  'push_front' | 'push_back' | 'pop_front' | 'pop_back' | 'add' | 'first' | 'remove';
export type FormatSink =
  'scx_bpf_error' | 'scx_bpf_exit' | 'scx_bpf_dump' | 'bpf_printk' | 'bpf_seq_printf';

/**
 * An operation of the language that is more than an operator of C. What stands behind each `kind` are its operands;
 * the type of the expression is that of the result. Each has its effects below, a meaning in the reference
 * interpreter and a printer for each target.
 */
export type Op =
  /** (x, y): x / y and x % y, where division by zero gives 0 and x. */
  | { kind: 'divide' }
  | { kind: 'remainder' }
  | { kind: 'min' }
  | { kind: 'max' }
  | { kind: 'abs' }
  /** (a, b): evaluates both, in that order, and gives neither. */
  | { kind: 'sequence' }
  /** (): 0, of which a verifier knows nothing. */
  | { kind: 'unknownZero' }
  /** (array, index): address of an element, null where the index is out of range. */
  | { kind: 'elementAddress'; allocated?: boolean }
  /** (array, index): an element, 0 where the index is out of range. */
  | { kind: 'elementValue'; allocated?: boolean }
  /** (array, index): address of an element, or of one of zeros that no one else sees. */
  | { kind: 'elementOrSpare' }
  /**
   * (array, index): address of an element of kernel memory, null out of range where the array is not `flexible`; it is read by
   * `probeRead` only.
   */
  | { kind: 'kernelElement'; flexible: boolean }
  /** (address): the kernel's object there, whose fields are read with fault-tolerant loads. */
  | { kind: 'kernelObject' }
  /** (to, from): fills what `to` points to with kernel memory; leaves it alone where that cannot be read. */
  | { kind: 'probeRead' }
  /** (array) or (address): the same, with these bytes of it made plain to the verifier before. */
  | { kind: 'settledArray'; offsets: number[] }
  | { kind: 'settledAddress'; offsets: number[] }
  /** (chars, text): whether the first bytes are those of the text. */
  | { kind: 'textEqual'; bytes: number }
  /** (text, text): whether the first is, begins with or ends with the other; `most` bytes each has at most. */
  | { kind: 'compareText'; test: TextTest; most: readonly [number, number] }
  /**
   * (chars, text): fills `room` bytes with as much of a text of at most `most` bytes as there is room for, a zero and
   * zeros behind it; gives the length. `apart`: the two share no memory.
   */
  | { kind: 'copyText'; room: number; most: number; apart: boolean }
  /** (words): the words, seen as the kernel's struct that they have room for. */
  | { kind: 'roomView' }
  /** (words): how many of their bytes the running kernel's struct takes. */
  | { kind: 'roomSize'; struct: StructDef }
  /** (): what the program was called with, for helpers that ask about it. */
  | { kind: 'context' }
  /** (): the kernel's iterator of the loop whose variable this is. */
  | { kind: 'iterator'; item: Local }
  /** (place, value...): the value before, but for `exchange` and `compareExchange` what they say. */
  | { kind: 'atomic'; action: AtomicAction }
  /** (address) of a read, or (address, value). */
  | { kind: 'ordered'; access: OrderedAccess }
  /** () */
  | { kind: 'barrier'; barrier: BarrierKind }
  /** (cpu) of `of`, else (): the kernel's variable, null where it is not. */
  | { kind: 'kernelVariable'; variable: KernelVariableIr; which: KernelVariableUse }
  /** (amount) */
  | { kind: 'count'; counter: CounterIr }
  /** (key or owner or value...); with `found` the map comes first: it is one found in a map of maps. */
  | { kind: 'map'; map: MapIr; operation: MapOperation; found: boolean }
  /** (captures?): calls the function with each entry, or each record. */
  | { kind: 'forEach'; map: MapIr; callback: FunctionIr }
  | { kind: 'drain'; map: MapIr; callback: FunctionIr }
  /** A timer at module level. start: (ns, flags). `rearm`: its callback is known to be set. */
  | { kind: 'timer'; timer: TimerIr; method: TimerMethod; rearm?: boolean }
  /** Timers in values. (timer, ns, flags), (timer), (timer, clock). */
  | { kind: 'startTimer' }
  | { kind: 'cancelTimer'; field: TimerFieldIr | undefined }
  | { kind: 'initTimer'; map: MapIr; callback: FunctionIr }
  /** (address of the lock) */
  | { kind: 'lock'; lock: GlobalIr | undefined }
  /** (address of the lock, in an arena) */
  | { kind: 'arenaLock' }
  /** (place): the entry of the arena whose address is kept there, or null. */
  | { kind: 'arenaLink'; map: MapIr }
  /** (item?), of a member of a value (address of the list or tree, item?) */
  | { kind: 'collection'; collection: CollectionIr; method: CollectionMethod }
  | { kind: 'alloc'; struct: StructDef }
  /** (address of the variable that owns an object or null) */
  | { kind: 'release'; release: Release }
  /**
   * (place, object): `either` where the object may be null as well as be there; `missing` where the place may be null: the
   * object comes back then.
   */
  | { kind: 'exchange'; either: boolean; missing: boolean }
  /** (record, flags) */
  | { kind: 'submit' }
  | { kind: 'discard' }
  /** (seq, address): gives the reader of an iterator what is there. */
  | { kind: 'seqWrite' }
  /** (first?, value...): the texts stand before, between and behind the values. */
  | { kind: 'format'; sink: FormatSink; texts: string[]; lead: boolean };

export type OpKind = Op['kind'];

/** What an operation does besides giving a value. */
export interface Effects {
  /** It reads memory that others may write. What calls the kernel does so too. */
  reads?: boolean;
  /** It has an order to other accesses of memory, which nothing may change. */
  fences?: boolean;
  /** It calls the kernel, and changes nothing that the program can see. */
  looks?: boolean;
  /** Operands through which it stores, by position. */
  writes?: readonly number[];
  /** Operands of which its result is a part: a store through that is one through them. */
  within?: readonly number[];
  /** It may sleep. */
  sleeps?: boolean;
  /** It calls the kernel: what messages call it. No such call is allowed while a spin lock is held. */
  call?: string;
  /** It may be called with a lock held although it calls the kernel: its own lock. */
  underOwnLock?: CollectionIr;
  /** State of the program that it uses. */
  state?: { map: MapIr } | { collection: CollectionIr } | { timer: TimerIr };
  /** What has to be given back. */
  acquires?: Release;
  /** The function that it has called: within this call, or by an interrupt later. */
  callsBack?: { fn: FunctionIr; when: 'now' | 'later' };
}

const PLAIN: Effects = {};

type EffectsOf = { [K in OpKind]: (op: Extract<Op, { kind: K }>) => Effects };

const EFFECTS: EffectsOf = {
  divide: () => PLAIN,
  remainder: () => PLAIN,
  min: () => PLAIN,
  max: () => PLAIN,
  abs: () => PLAIN,
  sequence: () => PLAIN,
  unknownZero: () => PLAIN,
  elementAddress: () => ({ reads: true, within: [0] }),
  elementValue: () => ({ reads: true }),
  elementOrSpare: () => ({ reads: true, within: [0] }),
  kernelElement: () => ({ within: [0] }),
  kernelObject: () => ({ call: 'following a pointer of the kernel' }),
  probeRead: () => ({ writes: [0], call: 'reading memory of the kernel' }),
  settledArray: () => ({ within: [0] }),
  settledAddress: () => ({ within: [0] }),
  textEqual: () => ({ looks: true, call: 'comparing text' }),
  compareText: () => ({ looks: true, call: 'comparing text' }),
  copyText: () => ({ writes: [0], call: 'copyString()' }),
  roomView: () => ({ within: [0] }),
  roomSize: () => PLAIN,
  context: () => PLAIN,
  iterator: () => PLAIN,
  atomic: () => ({ writes: [0] }),
  ordered: ({ access }) =>
    access === 'read' || access === 'acquire' ? { reads: true, fences: true } : { writes: [0] },
  barrier: () => ({ fences: true }),
  kernelVariable: ({ variable }) => ({ looks: true, call: `reading ${variable.tsName}` }),
  count: () => ({ call: 'a counter' }),
  map: ({ map, operation }) => ({
    call: `${map.tsName}.${SHOWN[operation] ?? operation}()`,
    state: { map },
    ...(LOOKS.has(operation) ? { looks: true } : {}),
    ...(operation === 'populate' ? { sleeps: true } : {}),
    ...(operation === 'reserve' ? { acquires: RECORD } : {}),
    ...(operation === 'pop' || operation === 'peek' ? { writes: [0], within: [0] } : {}),
    ...(map.kind === 'perfEvents' ? { writes: [1], within: [1] } : {}),
  }),
  forEach: ({ map, callback }) => ({
    call: `${map.tsName}.forEach()`,
    state: { map },
    callsBack: { fn: callback, when: 'now' },
  }),
  drain: ({ map, callback }) => ({
    call: `${map.tsName}.drain()`,
    state: { map },
    callsBack: { fn: callback, when: 'now' },
  }),
  timer: ({ timer, method, rearm }) => ({
    call: `${timer.tsName}.${method}()`,
    state: { timer },
    ...(method === 'start' && !rearm && timer.fired
      ? { callsBack: { fn: timer.fired, when: 'later' } }
      : {}),
  }),
  startTimer: () => ({ call: 'start() of a timer' }),
  cancelTimer: () => ({ call: 'cancel() of a timer' }),
  initTimer: ({ map, callback }) => ({
    call: 'init() of a timer',
    state: { map },
    callsBack: { fn: callback, when: 'later' },
  }),
  lock: () => ({ call: 'hold() of another lock', acquires: LOCK }),
  arenaLock: () => ({ call: 'hold() of an ArenaSpinLock', writes: [0], acquires: ARENA_LOCK }),
  arenaLink: () => ({ reads: true }),
  collection: ({ collection, method }) => ({
    call: `${collection.tsName}.${method}()`,
    underOwnLock: collection,
    state: { collection },
    ...(method === 'pop_front' || method === 'pop_back' || method === 'remove'
      ? { acquires: { kind: 'object', struct: collection.of } }
      : {}),
  }),
  alloc: ({ struct }) => ({ call: 'alloc()', acquires: { kind: 'object', struct } }),
  release: () => ({ call: 'a release' }),
  exchange: () => ({ call: 'kptrXchg()', writes: [0] }),
  submit: () => ({ call: 'submit()' }),
  discard: () => ({ call: 'discard()' }),
  seqWrite: () => ({ call: 'bpf_seq_write()' }),
  format: ({ sink }) => ({ call: `${sink}()` }),
};

/** Operations on maps that only look. */
const LOOKS: ReadonlySet<MapOperation> = new Set([
  'get',
  'this',
  'of',
  'has',
  'pending',
  'indexOf',
]);

/** Operations that the language calls otherwise. */
const SHOWN: Readonly<Partial<Record<MapOperation, string>>> = { bump: 'add', freeEntry: 'free' };

/** What an operation does. */
export function effectsOf<K extends OpKind>(op: Extract<Op, { kind: K }>): Effects {
  return (EFFECTS[op.kind] as (op: Op) => Effects)(op);
}

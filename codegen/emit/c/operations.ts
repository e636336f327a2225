import type { Expr } from '../../ir/nodes.js';
import type {
  AtomicAction,
  BarrierKind,
  Op,
  OpKind,
  OrderedAccess,
  TextTest,
} from '../../ir/operations.js';
import { describeType } from '../../ir/types.js';
import { typeName } from './c-type.js';
import {
  POSTFIX,
  UNARY,
  argument,
  at,
  stringText,
  type ExprContext,
  type Printed,
} from './expr.js';
import { formatCall } from './formats.js';
import { entryName } from './trampolines.js';

/** The operands, each as the argument of a call or macro. */
interface Operands {
  text: string[];
  exprs: Expr[];
}

type Operation = Extract<Expr, { kind: 'op' }>;
type Printer<K extends OpKind> = (
  op: Extract<Op, { kind: K }>,
  of: Operands,
  c: ExprContext,
  expr: Operation,
) => Printed | string;

/** Builtins of the compiler that become BPF's atomic instructions; all but two give the old value back. */
const ATOMICS: Readonly<Record<AtomicAction, string>> = {
  add: '__sync_fetch_and_add',
  sub: '__sync_fetch_and_sub',
  and: '__sync_fetch_and_and',
  or: '__sync_fetch_and_or',
  xor: '__sync_fetch_and_xor',
  exchange: '__sync_lock_test_and_set',
  compareExchange: '__sync_val_compare_and_swap',
};

const TEXT_TESTS: Readonly<Record<TextTest, string>> = {
  equal: 'scxts_text_equal',
  starts: 'scxts_text_starts',
  ends: 'scxts_text_ends',
};

const ORDERED: Readonly<Record<OrderedAccess, string>> = {
  read: 'read_once',
  write: 'write_once',
  acquire: 'load_acquire',
  release: 'store_release',
};

const BARRIERS: Readonly<Record<BarrierKind, string>> = {
  compiler: 'barrier',
  read: 'rmb',
  write: 'wmb',
  full: 'mb',
  // No weaker one orders a load with later stores, or a store with earlier loads.
  acquire: 'weak_mb',
  release: 'weak_mb',
};

function call(name: string, { text }: Operands): string {
  return `${name}(${text.join(', ')})`;
}

const sized =
  (name: string) =>
  (_op: Op, of: Operands, c: ExprContext, { type }: Operation): string =>
    call(c.requests.use(`scxts_${name}_${describeType(type)}`), of);

/** What is printed as text alone is a call. */
const PRINTERS: { [K in OpKind]: Printer<K> } = {
  divide: sized('div'),
  remainder: sized('mod'),
  min: sized('min'),
  max: sized('max'),
  abs: sized('abs'),
  sequence: (_op, { text }) => ({ text: text.map((t) => `(void)(${t})`).join(', '), level: -2 }),
  unknownZero: (_op, _of, c) => c.requests.use('scxts_zero'),
  elementAddress: ({ allocated }, of, c) =>
    call(c.requests.use(allocated ? 'object_elem' : 'array_elem'), of),
  elementValue: ({ allocated }, of, c) =>
    call(c.requests.use(allocated ? 'object_get' : 'array_get'), of),
  elementOrSpare: (_op, of, c) => call(c.requests.use('array_at'), of),
  kernelElement: ({ flexible }, of, c) =>
    call(c.requests.use(flexible ? 'scxts_flexible_addr' : 'scxts_elem_addr'), of),
  kernelObject: (_op, { text: [address] }, c, { type }) =>
    `${c.requests.use('scxts_kernel_object')}(${address}, ${typeName(type.kind === 'ptr' ? type.to : type)})`,
  probeRead: (_op, { text: [to, from], exprs: [place] }, c) => {
    const object = place?.kind === 'addr' ? at(place.of, UNARY, c) : `*${to}`;
    return `bpf_probe_read_kernel(${to}, sizeof(${object}), ${from})`;
  },
  settledArray: ({ offsets }, { text: [array] }, c) => {
    const settle = offsets.map((o) => `scxts_settle(___s, ${o});`).join(' ');
    return `${c.requests.use('scxts_settled')}(${array}, ${settle})`;
  },
  settledAddress: ({ offsets }, { text: [address] }, c) => {
    const settle = offsets.map((o) => `${c.requests.use('scxts_settle')}(${address}, ${o}), `);
    return `(${settle.join('')}${address})`;
  },
  textEqual: ({ bytes }, of, c) =>
    `${c.requests.use('scxts_chars_equal')}(${of.text.join(', ')}, ${bytes})`,
  compareText: ({ test, most }, { text: [a, b] }, c) => {
    c.requests.features.add('can_loop');
    return `${c.requests.use(TEXT_TESTS[test])}((const char *)${a}, ${most[0]}, (const char *)${b}, ${most[1]})`;
  },
  copyText: ({ room, most, apart }, { text: [to, from] }, c) =>
    `${c.requests.use(apart ? 'scxts_text_fill' : 'scxts_text_move')}(${to}, ${room}, ${from}, ${Math.min(room, most + 1)})`,
  roomView: (_op, { exprs: [room] }, c) => ({
    text: `(void *)${at(room!, UNARY, c)}`,
    level: UNARY,
  }),
  roomSize: ({ struct }, { text: [room] }) => {
    const size = `bpf_core_type_size(struct ${struct.name})`;
    return `(${size} < sizeof(${room}) ? ${size} : sizeof(${room}))`;
  },
  context: () => 'ctx',
  iterator: ({ item }) => ({ text: `&__it_${item.name}`, level: UNARY }),
  atomic: ({ action }, of) => call(ATOMICS[action], of),
  ordered: ({ access }, of, c) => call(c.requests.use(`scxts_${ORDERED[access]}`), of),
  barrier: ({ barrier }, _of, c) => `${c.requests.use(`scxts_${BARRIERS[barrier]}`)}()`,
  kernelVariable: ({ variable, which }, of, c) => call(c.requests.variable(variable, which), of),
  count: ({ counter }, { text: [amount] }, c) =>
    `${c.requests.use('counter_add')}(${counter.name}, ${amount})`,
  map: ({ map, operation }, of, c) => call(c.requests.map(map, operation), of),
  forEach: ({ map, callback }, of) =>
    `bpf_for_each_map_elem(&${map.name}, ${entryName(callback)}, ${of.text[0] ?? 'NULL'}, 0)`,
  drain: ({ map, callback }, of) =>
    `bpf_user_ringbuf_drain(&${map.name}, ${entryName(callback)}, ${of.text[0] ?? 'NULL'}, 0)`,
  timer: ({ timer, method, rearm }, of) =>
    call(`${timer.map.name}_${rearm ? 'restart' : method}`, of),
  startTimer: (_op, of) => call('bpf_timer_start', of),
  cancelTimer: ({ field }, of) => call(field?.cancel ?? 'bpf_timer_cancel', of),
  initTimer: ({ map, callback }, { text: [timer, clock] }, c) =>
    `${c.requests.use('scxts_timer_init')}(${timer}, &${map.name}, ${entryName(callback)}, ${clock})`,
  lock: (_op, of, c) => call(c.requests.use('scxts_lock'), of),
  arenaLock: (_op, of, c) => {
    c.requests.features.add('can_loop');
    return call(c.requests.use('scxts_arena_lock'), of);
  },
  arenaLink: ({ map }, { exprs: [place] }, c, { type }) => ({
    text: `(${typeName(type)})${c.requests.use('scxts_arena_pointer')}(&${map.name}, (u64)${at(place!, UNARY, c)})`,
    level: UNARY,
  }),
  collection: ({ collection, method }, of, c) =>
    call(c.requests.collection(collection, method), of),
  alloc: ({ struct }) => `new_${struct.name}()`,
  release: ({ release }, of, c) => call(c.requests.release(release), of),
  exchange: ({ either, missing }, of, c) => {
    const exchange = either ? c.requests.use('scxts_kptr_xchg') : 'bpf_kptr_xchg';
    if (!missing) return call(exchange, of);
    return `${c.requests.use('scxts_kptr_swap')}(${exchange}, ${of.text.join(', ')})`;
  },
  submit: (_op, of) => call('bpf_ringbuf_submit', of),
  discard: (_op, of) => call('bpf_ringbuf_discard', of),
  seqWrite: (_op, { text: [seq, address] }) =>
    `bpf_seq_write(${seq}, ${address}, sizeof(*(${address})))`,
  format: (op, { text, exprs }, c) => formatCall(op, text, exprs, c, stringText),
};

/** Prints an operation. */
export function printOperation(expr: Operation, c: ExprContext): Printed {
  const operands = { text: expr.args.map((a) => argument(a, c)), exprs: expr.args };
  const print = PRINTERS[expr.op.kind] as Printer<OpKind>;
  const printed = print(expr.op, operands, c, expr);
  return typeof printed === 'string' ? { text: printed, level: POSTFIX } : printed;
}

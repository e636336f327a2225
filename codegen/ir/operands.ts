import { kernelFunction } from '../kernel/index.js';
import { integerOfC } from '../kernel/c-integers.js';
import { commonType, isSized, promote } from './integers.js';
import { MAP_KINDS, type MapOperation } from './map-kinds.js';
import type { MapIr } from './module.js';
import type { BinaryOp, Callee, Expr, Stmt } from './nodes.js';
import type { Op, OpKind } from './operations.js';
import { S32, S64, U32, U64, isInteger, sameType, type CType } from './types.js';

/** The type that an operand has to have: an integer, `test` for what is asked whether it is true or there, or anything. */
export type Wanted = CType | 'test' | undefined;

const ANY: readonly Wanted[] = [];
const COMPARISONS: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['==', '!=', '<', '<=', '>', '>=']);

/** What an expression wants of each of its operands, in the order of partsOf(); what is not listed may be anything. */
export function wantedBy(e: Expr): readonly Wanted[] {
  switch (e.kind) {
    case 'unary':
      return [e.op === '!' ? 'test' : e.type];
    case 'binary':
      return wantedByBinary(e);
    case 'logical':
      return ['test', 'test'];
    case 'cond':
      return ['test', e.type, e.type];
    case 'elvis':
      return [e.type, e.type];
    case 'assign':
      return [undefined, e.op === '=' ? e.target.type : computedIn(e.target, e.value)];
    case 'init':
      return e.fields.map(({ name }) => memberType(e.type, name));
    case 'block':
      return [e.type];
    case 'call':
      return parametersOf(e.callee);
    case 'op':
      return wantedByOp(e.op, e);
    case 'const':
    case 'string':
    case 'null':
    case 'error':
    case 'var':
    case 'global':
    case 'constant':
    case 'enum':
    case 'step':
    case 'member':
    case 'index':
    case 'deref':
    case 'addr':
    case 'cast':
    case 'convert':
    case 'object':
    case 'exists':
    case 'record':
      return ANY;
  }
}

function wantedByBinary({ op, left, right, type }: Extract<Expr, { kind: 'binary' }>): Wanted[] {
  // A shift is as wide as what is shifted.
  if (op === '<<' || op === '>>') return [type, undefined];
  const both = COMPARISONS.has(op) ? computedIn(left, right) : type;
  return [both, both];
}

/** The type in which an operator on these two computes. */
export function computedIn(left: Expr, right: Expr): CType | undefined {
  const [a, b] = [left.type, right.type];
  return isSized(a) && isSized(b) ? commonType(a, b) : undefined;
}

function memberType(of: CType, name: string | undefined): Wanted {
  if (of.kind === 'array') return of.of;
  return of.kind === 'struct' && name !== undefined ? of.struct.field(name)?.type : undefined;
}

function parametersOf(callee: Callee): Wanted[] {
  if (callee.kind === 'function') return callee.fn.params.map((p) => p.type);
  const fn = kernelFunction(callee.name);
  return fn ? fn.params.map((p) => integerOfC(p.ctype)) : [];
}

type Operation = Extract<Expr, { kind: 'op' }>;
type WantedOf = {
  [K in OpKind]: (op: Extract<Op, { kind: K }>, e: Operation) => readonly Wanted[];
};

const any = (): readonly Wanted[] => ANY;
const alike = (_op: Op, { type }: Operation): Wanted[] => [type, type];
const indexed = (): Wanted[] => [undefined, U64];

const OF_OPERATIONS: WantedOf = {
  divide: alike,
  remainder: alike,
  min: alike,
  max: alike,
  abs: alike,
  sequence: any,
  unknownZero: any,
  elementAddress: indexed,
  elementValue: indexed,
  elementOrSpare: indexed,
  kernelElement: indexed,
  kernelObject: () => [U64],
  probeRead: any,
  settledArray: any,
  settledAddress: any,
  textEqual: any,
  compareText: any,
  copyText: any,
  roomView: any,
  roomSize: any,
  context: any,
  iterator: any,
  atomic: (_op, { args: [place] }) => {
    const to = place?.type.kind === 'ptr' ? place.type.to : undefined;
    return [undefined, to, to];
  },
  ordered: (_op, { args: [place] }) => [
    undefined,
    place?.type.kind === 'ptr' ? place.type.to : undefined,
  ],
  barrier: any,
  kernelVariable: ({ which }) => (which === 'of' ? [U32] : ANY),
  count: () => [U64],
  map: ({ map, operation, found }) => {
    const wanted = OF_MAPS[operation](map);
    return found ? [undefined, ...wanted] : wanted;
  },
  forEach: any,
  drain: any,
  timer: () => [U64, U64],
  startTimer: () => [undefined, U64, U64],
  cancelTimer: any,
  initTimer: () => [undefined, U64],
  lock: any,
  arenaLock: any,
  arenaLink: any,
  collection: any,
  alloc: any,
  release: any,
  exchange: any,
  submit: () => [undefined, U64],
  discard: () => [undefined, U64],
  seqWrite: any,
  format: ({ lead, sink }) => (lead && sink === 'scx_bpf_exit' ? [S64] : ANY),
};

/** Of what is handed over by reference nothing is wanted. */
const key = ({ kind, key: type }: MapIr): Wanted =>
  MAP_KINDS[kind].key === 'index' ? U32 : type && isInteger(type) ? type : undefined;
const value = ({ value: type }: MapIr): Wanted => (type && isInteger(type) ? type : undefined);

const OF_MAPS: Record<MapOperation, (map: MapIr) => readonly Wanted[]> = {
  get: (map) => [key(map)],
  create: any,
  set: (map) => [key(map), value(map), U64],
  delete: (map) => [key(map)],
  add: (map) => (map.kind === 'bloomFilter' ? [value(map)] : [key(map), value(map)]),
  bump: (map) => [key(map), value(map)],
  this: any,
  of: (map) => (map.kind === 'percpu' || map.kind === 'perfEvents' ? [U32] : [key(map), U32]),
  push: (map) => [value(map), U64],
  pop: any,
  peek: any,
  has: (map) => [value(map)],
  output: (map) => [value(map), U64],
  reserve: any,
  pending: any,
  populate: any,
  alloc: any,
  free: () => [U32],
  freeEntry: any,
  indexOf: any,
};

function wantedByOp<K extends OpKind>(
  op: Extract<Op, { kind: K }>,
  e: Operation,
): readonly Wanted[] {
  return (OF_OPERATIONS[op.kind] as (op: Op, e: Operation) => readonly Wanted[])(op, e);
}

/** Whether an operand is what is wanted of it; a literal without a type of its own is of any integer's. */
export function isWanted({ type }: Expr, wanted: Wanted): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'test') return type.kind !== 'int';
  return !isSized(wanted) || !isSized(type) || sameType(type, wanted);
}

/** What a statement wants of the expressions in it, in the order of partsOf(). */
export function wantedByStatement(stmt: Stmt, returns: CType): readonly Wanted[] {
  switch (stmt.kind) {
    case 'decl':
      return [stmt.local.type];
    case 'if':
    case 'while':
    case 'do':
      return ['test'];
    case 'for':
      return stmt.test ? ['test'] : ANY;
    case 'iterate':
      return stmt.iterator === 'range' ? [S32, S32] : ANY;
    case 'switch': {
      const { type } = stmt.value;
      const compared = isSized(type) ? promote(type) : undefined;
      const labels = stmt.cases.flatMap((c) => c.tests.filter((t) => t !== 'default'));
      return [compared, ...labels.map(() => compared)];
    }
    case 'return':
      return [returns];
    case 'expr':
    case 'break':
    case 'continue':
    case 'block':
    case 'seq':
      return ANY;
  }
}

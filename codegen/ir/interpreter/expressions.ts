import { enumByName } from '../../kernel/index.js';
import { isSized, promote } from '../integers.js';
import { layoutOf } from '../layout.js';
import type { Expr } from '../nodes.js';
import { isAggregate, type CType } from '../types.js';
import { binaryValue, cut, truthOf } from './arithmetic.js';
import { placesOf, writeBits } from './bits.js';
import { callKernel } from './kernel-calls.js';
import { NotModelled, type Frame, type Machine } from './machine.js';
import { runOperation } from './operations.js';
import { placeOf, readPlace, writePlace } from './places.js';
import { blockValue } from './statements.js';

/**
 * The value of an expression: an integer as its type has it, a bool as 0 or 1, an address (0 is null), or of an object
 * the address of it. Operands are evaluated from left to right.
 */
export function evaluate(m: Machine, frame: Frame, e: Expr): bigint {
  const value = (of: Expr): bigint => evaluate(m, frame, of);
  switch (e.kind) {
    case 'const':
      return cut(e.value, e.type);
    case 'string':
      return m.text(e.value);
    case 'null':
      return 0n;
    case 'error':
    case 'record':
      throw new Error(`'${e.kind}' is no value`);
    case 'var':
    case 'global':
    case 'member':
    case 'index':
    case 'deref':
      return readPlace(m, placeOf(m, frame, e), e.type);
    case 'constant':
      return cut(m.constant(e.constant.value), e.type);
    case 'enum':
      return cut(enumValue(e.name), e.type);
    case 'exists':
      return truthOf(exists(m, e));
    case 'unary': {
      const operand = value(e.operand);
      if (e.op === '!') return truthOf(operand === 0n);
      return cut(e.op === '-' ? -operand : ~operand, e.type);
    }
    case 'binary': {
      const left = value(e.left);
      return binaryValue(e.op, left, value(e.right), e.type);
    }
    case 'logical': {
      const left = value(e.left) !== 0n;
      if (left === (e.op === '||')) return truthOf(left);
      return truthOf(value(e.right) !== 0n);
    }
    case 'cond':
      return value(e.test) === 0n ? value(e.else) : value(e.then);
    case 'elvis': {
      const left = value(e.left);
      return left === 0n ? value(e.right) : left;
    }
    case 'assign':
      return assign(m, frame, e);
    case 'step': {
      const place = placeOf(m, frame, e.target);
      const before = readPlace(m, place, e.target.type);
      const to = isSized(e.target.type) ? promote(e.target.type) : e.target.type;
      const after = cut(cut(before + (e.op === '++' ? 1n : -1n), to), e.target.type);
      writePlace(m, place, e.target.type, after);
      return e.prefix ? readPlace(m, place, e.target.type) : before;
    }
    case 'call': {
      const args = e.args.map(value);
      const { callee } = e;
      if (callee.kind === 'kernel') return cut(callKernel(m, callee.name, args), e.type);
      return m.call(callee.fn, args) ?? 0n;
    }
    case 'addr': {
      const { address, bits } = placeOf(m, frame, e.of);
      if (bits) throw new Error('a bitfield has no address');
      return address;
    }
    case 'cast':
    case 'convert':
      return cut(value(e.value), e.type);
    case 'object':
      return m.onStack(e.value.type, value(e.value));
    case 'init':
      return initialised(m, frame, e);
    case 'block':
      return blockValue(m, frame, e.body, e.result);
    case 'op':
      return cut(runOperation(m, frame, e), e.type);
  }
}

function assign(m: Machine, frame: Frame, e: Extract<Expr, { kind: 'assign' }>): bigint {
  const { target, value } = e;
  const place = placeOf(m, frame, target);
  if (e.op !== '=') {
    const op = e.op.slice(0, -1) as Extract<Expr, { kind: 'binary' }>['op'];
    const before = readPlace(m, place, target.type);
    const right = evaluate(m, frame, value);
    const of = cut(before, value.type);
    writePlace(m, place, target.type, cut(binaryValue(op, of, right, value.type), target.type));
    return readPlace(m, place, target.type);
  }
  const stored = evaluate(m, frame, value);
  if (target.type.kind === 'chars')
    copyText(m, place.address, target.type.length, stored, value.type);
  else writePlace(m, place, target.type, stored);
  return isAggregate(target.type) ? place.address : readPlace(m, place, target.type);
}

/** Text goes up to its end, and no further than there is room; the last byte is an end. */
function copyText(m: Machine, to: bigint, room: number, from: bigint, type: CType): void {
  const size = type.kind === 'chars' ? type.length : room;
  const text = m.textAt(from, Math.min(size, room));
  const bytes = m.memory.bytes(to, room);
  if (type.kind === 'string') bytes.fill(0);
  bytes.set(text.subarray(0, room));
  if (text.length < room) bytes[text.length] = 0;
}

function initialised(m: Machine, frame: Frame, e: Extract<Expr, { kind: 'init' }>): bigint {
  const address = m.onStack(e.type);
  e.fields.forEach(({ name, value }, i) => {
    const stored = evaluate(m, frame, value);
    if (name === undefined) {
      const of = e.type.kind === 'array' ? e.type.of : e.type;
      const size = e.type.kind === 'array' ? layoutOf(of).size : 0;
      m.memory.write(address + BigInt(i * size), of, stored);
      return;
    }
    const struct = e.type.kind === 'struct' ? e.type.struct : undefined;
    const place = struct && placesOf(struct).get(name);
    if (!place) throw new Error(`there is no field '${name}'`);
    const at = address + BigInt(place.offset);
    if (place.shift !== undefined) writeBits(m.memory, at, place, stored);
    else m.memory.write(at, place.field.type, stored);
  });
  return address;
}

function enumValue(name: string): bigint {
  const found = enumByName(name);
  if (!found) throw new NotModelled(`the value of ${name}`);
  return BigInt(found.value);
}

function exists(m: Machine, { what }: Extract<Expr, { kind: 'exists' }>): boolean {
  const name =
    what.kind === 'type'
      ? what.struct.name
      : what.kind === 'field'
        ? what.access.kind === 'member'
          ? what.access.field
          : ''
        : what.kind === 'variable'
          ? what.variable.symbol
          : what.name;
  if (!m.options.exists) throw new NotModelled(`whether the kernel has ${name}`);
  return m.options.exists(name);
}

import { indexOutOfRange } from '../../diagnostics/catalogue/types.js';
import type { Expr } from '../../ir/nodes.js';
import type { Op } from '../../ir/operations.js';
import type { Span } from '../../ir/span.js';
import {
  S32,
  U64,
  isAggregate,
  isKptrType,
  pointerTo,
  type CType,
  type PtrType,
} from '../../ir/types.js';
import { linked } from '../arena-links.js';
import { regionOf, settle } from '../convert.js';
import {
  addressOf,
  cast,
  constant,
  declStmt,
  deref,
  exprStmt,
  operation,
  useLocal,
} from '../make.js';
import type { FunctionScope } from '../scope.js';

/** An element of an array: at a known place, or behind a pointer that is null when out of range. */
export type Element =
  | { kind: 'direct'; lvalue: Expr; type: CType }
  | Checked
  /** Kernel memory at a variable index: the verifier allows no direct load. */
  | { kind: 'probe'; address: Expr; type: CType };

export interface Checked {
  kind: 'checked';
  pointer: Expr;
  operands: [array: Expr, index: Expr];
  type: CType;
}

/** Finds `base[index]`; undefined if base is no array. A constant index is checked right here. */
export function element(
  fx: FunctionScope,
  base: Expr,
  indexExpr: Expr,
  span: Expr['span'],
): Element | undefined {
  const held =
    base.type.kind === 'ptr' && (base.type.to.kind === 'array' || base.type.to.kind === 'chars');
  const array = held ? deref(base, span) : base;
  const arrayType = array.type;
  if (arrayType.kind !== 'array' && arrayType.kind !== 'chars') return undefined;
  const type: CType =
    arrayType.kind === 'array' ? arrayType.of : { kind: 'int', bits: 8, signed: true };
  const index = settle(indexExpr, S32);
  const region = regionOf(array);
  // How many there are the kernel knows by other means, such as cgrp.level.
  const flexible = region === 'kernel' && arrayType.length === 0;
  if (index.kind === 'const' && !flexible) {
    if (index.value < 0n || index.value >= BigInt(arrayType.length)) {
      fx.fe.report(indexOutOfRange(index.span, String(index.value), arrayType.length));
    }
    return { kind: 'direct', lvalue: { kind: 'index', base: array, index, type, span }, type };
  }
  if (region === 'kernel') {
    const address = operation(
      { kind: 'kernelElement', flexible },
      [array, index],
      pointerTo(type, 'any', { nullable: true }),
      span,
    );
    return { kind: 'probe', address, type };
  }
  // The verifier takes no variable offset to a kptr: the index is compared.
  const compared = isKptrType(type) ? { allocated: true } : {};
  const operands: [Expr, Expr] = [array, cast(index, U64)];
  const to = pointerTo(type, region, { nullable: true });
  const pointer = elementAddress({ kind: 'elementAddress', ...compared }, operands, to, span);
  return { kind: 'checked', pointer, operands, type };
}

/** C has an element of .rodata const and one of a char array as char, the language does not: what writes to .rodata is rejected before. */
function elementAddress(op: Op, [array, index]: [Expr, Expr], to: PtrType, span: Span): Expr {
  const address = operation(op, [array, index], to, span);
  const isText = array.type.kind === 'chars';
  return to.region === 'rodata' || isText ? cast(address, to, span) : address;
}

function untrusted(type: CType): CType {
  return type.kind === 'ptr' ? { ...type, trust: 'untrusted' } : type;
}

export function readElement(fx: FunctionScope, found: Element, span: Expr['span']): Expr {
  if (found.kind === 'direct') return linked(fx.fe, found.lvalue);
  if (found.kind === 'probe') {
    // A pointer that was read this way is a mere number to the verifier.
    const isPointer = found.type.kind === 'ptr' && found.type.to.kind === 'struct';
    const local = fx.temp('value', isPointer ? U64 : found.type, span);
    const to = addressOf(useLocal(local, span), 'stack', span);
    const read = operation({ kind: 'probeRead' }, [to, found.address], S32, span);
    return {
      kind: 'block',
      body: [declStmt(local, constant(0, local.type, span), span), exprStmt(read)],
      result: isPointer
        ? operation({ kind: 'kernelObject' }, [useLocal(local, span)], untrusted(found.type), span)
        : useLocal(local, span),
      type: found.type,
      span,
    };
  }
  const { pointer, type } = found;
  // An object is reached by reference: out of range, by one that takes writes and reads as 0.
  if (isAggregate(type)) {
    const region = pointer.type.kind === 'ptr' ? pointer.type.region : 'any';
    return elementAddress(
      { kind: 'elementOrSpare' },
      found.operands,
      pointerTo(type, region),
      span,
    );
  }
  const compared = isKptrType(type) ? { allocated: true } : {};
  return linked(
    fx.fe,
    operation({ kind: 'elementValue', ...compared }, found.operands, type, span),
  );
}

import type { Expr } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { isKptrType, pointerTo, structOf, type CType } from '../ir/types.js';
import { regionOf } from './convert.js';
import { addressOf, conditional, deref, nullExpr, operation } from './make.js';

/** Where a kernel object is kept: its address, which is null for an element out of range. */
export interface KptrPlace {
  address: Expr;
  missing: boolean;
}

/** The place that an expression reads a kernel object from: a member, a global, an element, a parameter that stands for one. */
export function kptrPlace(read: Expr): KptrPlace | undefined {
  const there = (): KptrPlace => ({
    address: addressOf(read, regionOf(read), read.span),
    missing: false,
  });
  switch (read.kind) {
    case 'global':
      return read.global.kptr && isKptrType(read.type) ? there() : undefined;
    case 'member':
      return isKptrType(read.type) && structOf(read.base.type)?.field(read.field)?.kptr
        ? there()
        : undefined;
    case 'index':
      return isKptrType(read.type) ? there() : undefined;
    case 'deref':
      return read.type.kind === 'ptr' && read.pointer.kind === 'var' ? there() : undefined;
    case 'cond':
      return isMaybe(read) ? { address: read.test, missing: true } : undefined;
    case 'op': {
      if (read.op.kind !== 'elementValue' || !isKptrType(read.type)) return undefined;
      const to = pointerTo(read.type, 'any', { nullable: true });
      const op = { ...read.op, kind: 'elementAddress' } as const;
      return { address: operation(op, read.args, to, read.span), missing: true };
    }
    default:
      return undefined;
  }
}

/** What a parameter reads that stands for an element which may be out of range. */
export function readMaybe(address: Expr, span: Span): Expr {
  const place = deref(address, span);
  return conditional(address, place, { ...nullExpr(span), type: place.type }, place.type, span);
}

function isMaybe({ test, then }: Extract<Expr, { kind: 'cond' }>): boolean {
  const place: CType = then.type;
  return (
    isKptrType(place) &&
    test.kind === 'var' &&
    then.kind === 'deref' &&
    then.pointer.kind === 'var' &&
    then.pointer.local === test.local
  );
}

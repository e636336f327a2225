import { ts } from 'ts-morph';
import { dynamicAccess, notInLanguage, spread } from '../../diagnostics/catalogue/syntax.js';
import {
  noSuchField,
  structLiteralNeedsType,
  tooManyElements,
} from '../../diagnostics/catalogue/types.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import { structOf, type CType, type StructDef } from '../../ir/types.js';
import { coerce, coerceToField } from '../convert.js';
import { disturbs, hasEffects } from '../effects.js';
import { assign, declStmt, errorExpr, exprStmt, member, useLocal } from '../make.js';
import { after, evaluated, inOrder } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { closest } from '../suggest.js';
import { lowerExpr } from './index.js';

/** `{ a: 1, b }` where a struct is expected: a C compound literal, what is not named is zero. */
export function lowerObjectLiteral(
  fx: FunctionScope,
  node: ts.ObjectLiteralExpression,
  expected?: CType,
): Expr {
  const span = spanOf(node);
  const struct = expected && structOf(expected);
  if (!struct) {
    if (expected?.kind === 'ptr') return lowerRefLiteral(fx, node, expected);
    const copied = node.properties.find(ts.isSpreadAssignment);
    if (copied) fx.fe.report(spread(spanOf(copied)));
    else if (expected?.kind !== 'error') fx.fe.report(structLiteralNeedsType(span));
    return errorExpr(span);
  }
  const setup: Stmt[] = [];
  const all = asWritten(
    fx,
    struct,
    node.properties.flatMap((property) => lowerProperty(fx, property, struct) ?? []),
    setup,
  );
  // Of a union the last member that is written is what is there.
  const isLater = ({ value }: Member): boolean =>
    isArrayCopy(value) || (struct.keyword === 'union' && all.length > 1);
  const fields = all.filter((m) => !isLater(m));
  const type: CType = { kind: 'struct', struct };
  const init: Expr = { kind: 'init', fields, type, span };
  if (fields.length === all.length) return after(setup, init, span);
  // An initialiser cannot copy an array in C.
  const local = fx.temp('made', type, span);
  const copies = all
    .filter(isLater)
    .map(({ name, value }) =>
      exprStmt(assign(member(useLocal(local, span), name, value.type, span), value, span)),
    );
  const result = useLocal(local, span);
  const body = [...setup, declStmt(local, init, span), ...copies];
  return { kind: 'block', body, result, type, span };
}

type Member = { name: string; value: Expr };

/** Members are evaluated as they are written; C takes them in the order of the struct. */
function asWritten(
  fx: FunctionScope,
  struct: StructDef,
  members: Member[],
  setup: Stmt[],
): Member[] {
  const names = struct.fields().map((f) => f.name);
  const matters = members.some((later, j) =>
    members
      .slice(0, j)
      .some(
        (earlier) =>
          disturbs(later.value, earlier.value) ||
          disturbs(earlier.value, later.value) ||
          (names.indexOf(earlier.name) > names.indexOf(later.name) &&
            hasEffects(earlier.value) &&
            hasEffects(later.value)),
      ),
  );
  if (!matters) return members;
  return members.map(({ name, value }) => ({ name, value: evaluated(fx, value, setup) }));
}

function isArrayCopy(value: Expr): boolean {
  return (value.type.kind === 'array' || value.type.kind === 'chars') && value.kind !== 'init';
}

/** `{ value: 0 }` as a Ref: a local integer that can be passed by reference. */
function lowerRefLiteral(
  fx: FunctionScope,
  node: ts.ObjectLiteralExpression,
  type: Extract<CType, { kind: 'ptr' }>,
): Expr {
  const span = spanOf(node);
  const property = node.properties[0];
  if (!property || !ts.isPropertyAssignment(property)) return errorExpr(span);
  const value = coerce(fx.fe, lowerExpr(fx, property.initializer, type.to), type.to);
  return { kind: 'init', fields: [{ name: undefined, value }], type: type.to, span };
}

function lowerProperty(
  fx: FunctionScope,
  property: ts.ObjectLiteralElementLike,
  struct: StructDef,
): { name: string; value: Expr } | undefined {
  const span = spanOf(property);
  if (ts.isSpreadAssignment(property)) {
    fx.fe.report(spread(span));
    return undefined;
  }
  if (ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property)) {
    if (ts.isComputedPropertyName(property.name)) {
      fx.fe.report(dynamicAccess(spanOf(property.name)));
      return undefined;
    }
    const name = property.name.text;
    const field = struct.field(name);
    if (!field) {
      fx.fe.report(
        noSuchField(
          spanOf(property.name),
          name,
          struct.name,
          closest(
            name,
            struct.fields().map((f) => f.name),
          ),
        ),
      );
      return undefined;
    }
    const node = ts.isShorthandPropertyAssignment(property) ? property.name : property.initializer;
    return { name, value: coerceToField(fx.fe, lowerExpr(fx, node, field.type), field) };
  }
  fx.fe.report(notInLanguage(span, 'a method', 'declare a function at module level'));
  return undefined;
}

/** `[1, 2, 3]` where a FixedArray is expected. */
export function lowerArrayLiteral(
  fx: FunctionScope,
  node: ts.ArrayLiteralExpression,
  expected?: CType,
): Expr {
  const span = spanOf(node);
  if (expected?.kind !== 'array') {
    fx.fe.report(structLiteralNeedsType(span));
    return errorExpr(span);
  }
  const extra = node.elements[expected.length];
  if (extra) {
    fx.fe.report(tooManyElements(spanOf(extra), node.elements.length, expected.length));
    return errorExpr(span);
  }
  const values = node.elements.map((element) =>
    coerce(fx.fe, lowerExpr(fx, element, expected.of), expected.of),
  );
  const setup: Stmt[] = [];
  const fields = inOrder(fx, values, setup).map((value) => ({ name: undefined, value }));
  return after(setup, { kind: 'init', fields, type: expected, span });
}

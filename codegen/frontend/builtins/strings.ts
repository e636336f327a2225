import { ts } from 'ts-morph';
import { textEnds } from '../../diagnostics/catalogue/meaning.js';
import { stringBuilding } from '../../diagnostics/catalogue/syntax.js';
import { readonlyField, textDoesNotFit } from '../../diagnostics/catalogue/types.js';
import type { Expr, Stmt } from '../../ir/nodes.js';
import type { TextTest } from '../../ir/operations.js';
import type { Span } from '../../ir/span.js';
import {
  BOOL,
  S32,
  charsIn,
  structOf,
  type CType,
  type PtrType,
  type StructDef,
} from '../../ir/types.js';
import { partsOf } from '../../ir/walk.js';
import { regionOf } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import {
  addressOf,
  assign,
  constant,
  declStmt,
  deref,
  errorExpr,
  exprStmt,
  operation,
  useLocal,
} from '../make.js';
import { after, inOrder } from '../order.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** PATH_MAX: what the kernel has of text behind a pointer is no longer. */
const LONGEST = 4096;

/** A text by its address, and how many bytes it may have. */
interface Text {
  address: Expr;
  most: number;
  /** Where it is the program's own memory: what else might be written to it. */
  own: boolean;
  literal?: string;
}

/** A literal, a char array, or a pointer to text of the kernel. What it takes to reach it comes into `setup`. */
function lowerText(fx: FunctionScope, node: ts.Expression, setup: Stmt[]): Text | undefined {
  const span = spanOf(node);
  if (ts.isStringLiteralLike(node)) {
    if (node.text.includes('\0')) {
      fx.fe.report(textEnds(span));
      return undefined;
    }
    const address: Expr = { kind: 'string', value: node.text, type: { kind: 'string' }, span };
    return { address, most: Buffer.byteLength(node.text), own: false, literal: node.text };
  }
  const value = lowerExpr(fx, node);
  const { type } = value;
  if (type.kind === 'error') return undefined;
  if ((type.kind === 'opaque' && type.text) || type.kind === 'string')
    return { address: value, most: LONGEST, own: false };
  const most = charsIn(type);
  if (most === undefined) {
    fx.fe.report(stringBuilding(span));
    return undefined;
  }
  const region = regionOfText(fx, value);
  const address = type.kind === 'ptr' ? value : addressOf(value, region, span);
  if (region === 'arena') return { ...onStack(fx, deref(address, span), setup, span), most };
  return { address, most, own: region !== 'kernel' && region !== 'rodata' };
}

/** Whose memory a char array is in: what may be an entry of an arena counts as one. */
function regionOfText(fx: FunctionScope, text: Expr): PtrType['region'] {
  const region = text.type.kind === 'ptr' ? text.type.region : regionOf(text);
  if (region !== 'any') return region;
  return structsAround(text).some((s) =>
    fx.fe.maps.some((m) => m.kind === 'arena' && m.value && structOf(m.value) === s),
  )
    ? 'arena'
    : region;
}

/** The structs that a place is in, from the inside out. */
function structsAround(place: Expr): StructDef[] {
  switch (place.kind) {
    case 'member':
      return [
        ...(structOf(place.base.type) ? [structOf(place.base.type)!] : []),
        ...structsAround(place.base),
      ];
    case 'index':
      return structsAround(place.base);
    case 'deref':
      return structsAround(place.pointer);
    case 'addr':
      return structsAround(place.of);
    case 'op':
    case 'cast':
    case 'block':
      return partsOf(place).exprs.flatMap(structsAround);
    default:
      return [];
  }
}

/** No helper of the kernel takes memory of an arena. */
function onStack(fx: FunctionScope, text: Expr, setup: Stmt[], span: Span): Omit<Text, 'most'> {
  const local = fx.temp('text', text.type, span);
  setup.push(
    declStmt(local, undefined, span),
    exprStmt(assign(useLocal(local, span), plainBytes(text), span)),
  );
  return { address: addressOf(useLocal(local, span), 'stack', span), own: false };
}

/** A char array as bytes, which are copied as they are. */
function plainBytes(text: Expr): Expr {
  const length = charsIn(text.type) ?? 0;
  return { ...text, type: { kind: 'array', of: { kind: 'int', bits: 8, signed: false }, length } };
}

const isShort = (text: Text): boolean => text.most <= 64;

function compare(fx: FunctionScope, node: ts.CallExpression, test: TextTest): Expr {
  const span = spanOf(node);
  const [leftNode, rightNode] = node.arguments;
  const setup: Stmt[] = [];
  const left = leftNode && lowerText(fx, leftNode, setup);
  const right = rightNode && lowerText(fx, rightNode, setup);
  if (!left || !right) return errorExpr(span);
  if (left.literal !== undefined && right.literal !== undefined) {
    const { literal: a } = left;
    const { literal: b } = right;
    const holds = { equal: a === b, starts: a.startsWith(b), ends: a.endsWith(b) }[test];
    return constant(holds ? 1 : 0, BOOL, span);
  }
  const known = withLiteral(left, right, test, span);
  if (known) return after(setup, known, span);
  const operands = inOrder(fx, [left.address, right.address], setup);
  const op = { kind: 'compareText', test, most: [left.most, right.most] } as const;
  return after(setup, operation(op, operands, BOOL, span), span);
}

/** Against a short literal a comparison is one read. */
function withLiteral(left: Text, right: Text, test: TextTest, span: Span): Expr | undefined {
  const swapped = test === 'equal' && left.literal !== undefined;
  const [text, other] = swapped ? [right, left] : [left, right];
  if (other.literal === undefined || test === 'ends') return undefined;
  const bytes = other.most;
  if (bytes > text.most) return constant(0, BOOL, span);
  if (bytes === 0 && test === 'starts') return constant(1, BOOL, span);
  if (!isShort(other)) return undefined;
  // The terminator too, unless the array is full.
  const count = test === 'equal' && bytes < text.most ? bytes + 1 : bytes;
  const op = { kind: 'textEqual', bytes: count } as const;
  return operation(op, [text.address, other.address], BOOL, span);
}

/** `streq(a, b)`: whether two texts are the same, up to where they end. */
export function lowerStreq(fx: FunctionScope, node: ts.CallExpression): Expr {
  return compare(fx, node, 'equal');
}

/** `startsWith(p.comm, 'kworker')`. */
export function lowerStartsWith(fx: FunctionScope, node: ts.CallExpression): Expr {
  return compare(fx, node, 'starts');
}

/** `endsWith(cgrp.kn.name, '.slice')`. */
export function lowerEndsWith(fx: FunctionScope, node: ts.CallExpression): Expr {
  return compare(fx, node, 'ends');
}

/** `copyString(dst, src)`: fills a char array with a text and zeros, and gives how long the text there is. */
export function lowerCopyString(fx: FunctionScope, node: ts.CallExpression): Expr {
  const span = spanOf(node);
  const [toNode, fromNode] = node.arguments;
  if (!toNode || !fromNode) return errorExpr(span);
  const setup: Stmt[] = [];
  const place = lowerExpr(fx, toNode);
  const from = lowerText(fx, fromNode, setup);
  if (place.type.kind === 'error' || !from) return errorExpr(span);
  const room = charsIn(place.type);
  if (room === undefined || ts.isStringLiteralLike(toNode)) {
    fx.fe.report(stringBuilding(spanOf(toNode)));
    return errorExpr(span);
  }
  const region = regionOfText(fx, place);
  if (region === 'kernel' || region === 'rodata') {
    fx.fe.report(readonlyField(spanOf(toNode), toNode.getText()));
    return errorExpr(span);
  }
  if (from.literal !== undefined && from.most >= room)
    fx.fe.report(textDoesNotFit(spanOf(fromNode), from.most, room));
  const to = place.type.kind === 'ptr' ? place : addressOf(place, region, span);
  const copy = (target: Expr, apart: boolean, later: Stmt[]): Expr => {
    const operands = inOrder(fx, [target, from.address], later);
    return operation({ kind: 'copyText', room, most: from.most, apart }, operands, S32, span);
  };
  if (region !== 'arena') return after(setup, copy(to, !from.own, setup), span);
  const type: CType = deref(to, span).type;
  const text = fx.temp('text', type, span);
  const length = fx.temp('length', S32, span);
  setup.push(declStmt(text, undefined, span));
  setup.push(
    declStmt(length, copy(addressOf(useLocal(text, span), 'stack', span), true, setup), span),
  );
  setup.push(exprStmt(assign(deref(to, span), plainBytes(useLocal(text, span)), span)));
  return after(setup, useLocal(length, span), span);
}

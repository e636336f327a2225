import { ts } from 'ts-morph';
import { kernelFunction } from '../kernel/index.js';
import type { Frontend } from './context.js';

/** Applies an operator to exact integers; undefined where it has no value (x / 0, a negative shift). */
export function foldBinary(op: ts.SyntaxKind, a: bigint, b: bigint): bigint | undefined {
  switch (op) {
    case ts.SyntaxKind.PlusToken:
      return a + b;
    case ts.SyntaxKind.MinusToken:
      return a - b;
    case ts.SyntaxKind.AsteriskToken:
      return a * b;
    case ts.SyntaxKind.SlashToken:
      return b === 0n ? undefined : a / b;
    case ts.SyntaxKind.PercentToken:
      return b === 0n ? undefined : a % b;
    case ts.SyntaxKind.AmpersandToken:
      return a & b;
    case ts.SyntaxKind.BarToken:
      return a | b;
    case ts.SyntaxKind.CaretToken:
      return a ^ b;
    case ts.SyntaxKind.LessThanLessThanToken:
      return b < 0n || b > 63n ? undefined : a << b;
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return b < 0n ? undefined : a >> b;
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return b < 0n || b > 64n ? undefined : a ** b;
    default:
      return undefined;
  }
}

export function foldUnary(op: ts.PrefixUnaryOperator, a: bigint): bigint | undefined {
  switch (op) {
    case ts.SyntaxKind.MinusToken:
      return -a;
    case ts.SyntaxKind.PlusToken:
      return a;
    case ts.SyntaxKind.TildeToken:
      return ~a;
    default:
      return undefined;
  }
}

/** Value of a numeric literal, exact also above 2^53; undefined if it has a fraction. */
export function literalValue(node: ts.NumericLiteral | ts.BigIntLiteral): bigint | undefined {
  const text = node.getText().replace(/_/g, '').replace(/n$/, '');
  if (/^0[xob]/i.test(text) || /^\d+$/.test(text)) return BigInt(text);
  const value = Number(text);
  return Number.isInteger(value) ? BigInt(value) : undefined;
}

/**
 * Value of an expression made of literals and module-level constants only. Used where a number is
 * needed while compiling: array lengths, map sizes.
 */
export function foldNode(fe: Frontend, node: ts.Node): bigint | undefined {
  if (ts.isParenthesizedExpression(node) || isConstAssertion(node))
    return foldNode(fe, node.expression);
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return literalValue(node);
  if (ts.isPrefixUnaryExpression(node)) {
    const value = foldNode(fe, node.operand);
    return value === undefined ? undefined : foldUnary(node.operator, value);
  }
  if (ts.isBinaryExpression(node)) {
    const left = foldNode(fe, node.left);
    const right = foldNode(fe, node.right);
    if (left === undefined || right === undefined) return undefined;
    return foldBinary(node.operatorToken.kind, left, right);
  }
  if (ts.isCallExpression(node)) return foldCall(fe, node);
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return foldName(fe, node);
  if (ts.isElementAccessExpression(node)) return foldElement(fe, node);
  return undefined;
}

/** `u32(x)`, `ilog2(x)`, `clamp(x, lo, hi)`. */
function foldCall(fe: Frontend, node: ts.CallExpression): bigint | undefined {
  const called = fe.calledBuiltin(node);
  if (called === undefined) return undefined;
  const values = node.arguments.map((a) => foldNode(fe, a));
  const known = values.filter((v) => v !== undefined);
  const [value, low, high] = known;
  if (value === undefined || known.length < values.length) return undefined;
  const match = /^([us])(8|16|32|64)$/.exec(called);
  if (match) {
    const bits = Number(match[2]);
    return match[1] === 'u' ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  }
  if (called === 'clamp' && low !== undefined && high !== undefined)
    return value > high ? high : value < low ? low : value;
  const fn = kernelFunction(called);
  return fn?.params.length === known.length ? fn.fold?.(known) : undefined;
}

function foldName(
  fe: Frontend,
  node: ts.Identifier | ts.PropertyAccessExpression,
): bigint | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const member = constantObject(fe, node.expression)?.members.get(node.name.text);
    if (member !== undefined) return member;
  }
  const symbol = fe.symbolOf(node);
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration) return undefined;
  if (fe.builtinName(symbol) !== undefined) return fe.constantValue(symbol.name);
  if (ts.isEnumMember(declaration)) {
    const value = fe.checker.getConstantValue(declaration);
    return typeof value === 'number' ? BigInt(value) : undefined;
  }
  const isConst =
    ts.isVariableDeclaration(declaration) &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConst && declaration.initializer ? foldNode(fe, declaration.initializer) : undefined;
}

/** `x as const`. */
export function isConstAssertion(node: ts.Node): node is ts.AsExpression {
  return ts.isAsExpression(node) && ts.isConstTypeReference(node.type);
}

/** Names for numbers, and names for such objects. */
interface ConstantMembers {
  members: ReadonlyMap<string, bigint>;
  nested: ReadonlyMap<string, ts.PropertyAssignment>;
}

/**
 * The values of `const LIMITS = { soft: 10, hard: 20 };` or `const slices: Record<Band, u64> = { [Band.Low]: 20 };`, by
 * name: names for numbers. Undefined if it is another object, or none.
 */
export function constantMembers(
  fe: Frontend,
  { type, initializer }: ts.VariableDeclaration,
): ConstantMembers | undefined {
  return type && !recordOf(type) ? undefined : membersOf(fe, initializer);
}

function membersOf(fe: Frontend, node: ts.Expression | undefined): ConstantMembers | undefined {
  const literal = node && isConstAssertion(node) ? node.expression : node;
  if (!literal || !ts.isObjectLiteralExpression(literal)) return undefined;
  const members = new Map<string, bigint>();
  const nested = new Map<string, ts.PropertyAssignment>();
  for (const p of literal.properties) {
    const key = ts.isPropertyAssignment(p) ? memberKey(fe, p.name) : undefined;
    if (key === undefined || !ts.isPropertyAssignment(p)) return undefined;
    const value = foldNode(fe, p.initializer);
    if (value !== undefined) members.set(key, value);
    else if (membersOf(fe, p.initializer)) nested.set(key, p);
    else return undefined;
  }
  return { members, nested };
}

/** `Record<K, V>`, Readonly or not. */
export function recordOf(type: ts.TypeNode): ts.TypeReferenceNode | undefined {
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const name = type.typeName.getText();
  if (name === 'Record') return type;
  const inner = name === 'Readonly' ? type.typeArguments?.[0] : undefined;
  return inner && recordOf(inner);
}

/** A name, or the number of a key such as `[Band.Low]`. */
export function memberKey(fe: Frontend, name: ts.PropertyName): string | undefined {
  if (ts.isComputedPropertyName(name)) return foldNode(fe, name.expression)?.toString();
  return ts.isPrivateIdentifier(name) ? undefined : name.text;
}

/** An object of constants, and where it stands. */
export interface ConstantObject extends ConstantMembers {
  declaration: ts.VariableDeclaration | ts.PropertyAssignment;
}

/**
 * The object of constants at module level that an expression names: `LIMITS`, `limits.LIMITS` of a module, or
 * `LIMITS.batch`.
 */
export function constantObject(fe: Frontend, node: ts.Node): ConstantObject | undefined {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
  if (ts.isPropertyAccessExpression(node)) {
    const declaration = constantObject(fe, node.expression)?.nested.get(node.name.text);
    const inner = declaration && membersOf(fe, declaration.initializer);
    if (inner) return { ...inner, declaration };
  }
  const declaration = fe.symbolOf(node)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  const atTop =
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0 &&
    ts.isSourceFile(declaration.parent.parent.parent);
  const found = atTop ? constantMembers(fe, declaration) : undefined;
  return found && { ...found, declaration };
}

/** `slices[Band.Low]`, where both are constant. */
function foldElement(fe: Frontend, node: ts.ElementAccessExpression): bigint | undefined {
  const object = constantObject(fe, node.expression);
  if (!object) return undefined;
  const { argumentExpression: key } = node;
  const name = ts.isStringLiteralLike(key) ? key.text : foldNode(fe, key)?.toString();
  return name === undefined ? undefined : object.members.get(name);
}

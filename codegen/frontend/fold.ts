import { ts } from 'ts-morph';
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
  if (ts.isCallExpression(node) && node.arguments.length === 1 && node.arguments[0]) {
    const to = fe.calledBuiltin(node);
    const match = to && /^([us])(8|16|32|64)$/.exec(to);
    const value = foldNode(fe, node.arguments[0]);
    if (!match || value === undefined) return undefined;
    const bits = Number(match[2]);
    return match[1] === 'u' ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  }
  if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return foldName(fe, node);
  if (ts.isElementAccessExpression(node)) return foldElement(fe, node);
  return undefined;
}

function foldName(
  fe: Frontend,
  node: ts.Identifier | ts.PropertyAccessExpression,
): bigint | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const member = constantObject(fe, node.expression)?.members.get(node.name.text);
    if (member) return foldNode(fe, member);
  }
  const symbol = fe.symbolOf(node);
  const declaration = symbol?.valueDeclaration;
  if (!symbol || !declaration) return undefined;
  if (fe.builtinName(symbol) !== undefined) return fe.constantValue(symbol.name);
  if (ts.isEnumMember(declaration)) {
    const value = fe.checker.getConstantValue(declaration);
    return typeof value === 'number' ? BigInt(value) : undefined;
  }
  const constant = constantMember(declaration);
  if (constant) return foldNode(fe, constant);
  const isConst =
    ts.isVariableDeclaration(declaration) &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConst && declaration.initializer ? foldNode(fe, declaration.initializer) : undefined;
}

/** `x as const`. */
export function isConstAssertion(node: ts.Node): node is ts.AsExpression {
  return ts.isAsExpression(node) && ts.isConstTypeReference(node.type);
}

/** `const LIMITS = { soft: 10, hard: 20 };`, `const slices: Record<Band, u64> = { [Band.Low]: 20 };`: names for numbers. */
export function isConstantObject(fe: Frontend, node: ts.VariableDeclaration): boolean {
  const literal = objectOf(node);
  if (!literal || (node.type && !isRecord(node.type))) return false;
  return literal.properties.every(
    (p) =>
      ts.isPropertyAssignment(p) &&
      memberKey(fe, p.name) !== undefined &&
      foldNode(fe, p.initializer) !== undefined,
  );
}

function objectOf(node: ts.VariableDeclaration): ts.ObjectLiteralExpression | undefined {
  const init = node.initializer;
  const literal = init && isConstAssertion(init) ? init.expression : init;
  return literal && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}

function isRecord(type: ts.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(type)) return false;
  const name = type.typeName.getText();
  const inner = type.typeArguments?.[0];
  return name === 'Record' || (name === 'Readonly' && inner !== undefined && isRecord(inner));
}

/** A name, or the number of a key such as `[Band.Low]`. */
function memberKey(fe: Frontend, name: ts.PropertyName): string | undefined {
  if (ts.isComputedPropertyName(name)) return foldNode(fe, name.expression)?.toString();
  return ts.isPrivateIdentifier(name) ? undefined : name.text;
}

/** The object of constants that an expression names, at module level. */
export function constantObject(
  fe: Frontend,
  node: ts.Node,
): { declaration: ts.VariableDeclaration; members: Map<string, ts.Expression> } | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = fe.symbolOf(node)?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return undefined;
  if (!isConstantAtTop(declaration) || !isConstantObject(fe, declaration)) return undefined;
  const members = new Map<string, ts.Expression>();
  for (const p of objectOf(declaration)?.properties ?? [])
    if (ts.isPropertyAssignment(p)) members.set(memberKey(fe, p.name) ?? '', p.initializer);
  return { declaration, members };
}

function isConstantAtTop(variable: ts.VariableDeclaration): boolean {
  return (
    (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0 &&
    ts.isSourceFile(variable.parent.parent.parent)
  );
}

/** `slices[Band.Low]`, where both are constant. */
function foldElement(fe: Frontend, node: ts.ElementAccessExpression): bigint | undefined {
  const object = constantObject(fe, node.expression);
  if (!object) return undefined;
  const { argumentExpression: key } = node;
  const name = ts.isStringLiteralLike(key) ? key.text : foldNode(fe, key)?.toString();
  const member = name === undefined ? undefined : object.members.get(name);
  return member && foldNode(fe, member);
}

/** The value of a member of such an object, by its declaration. */
function constantMember(declaration: ts.Declaration): ts.Expression | undefined {
  if (!ts.isPropertyAssignment(declaration)) return undefined;
  const { parent } = declaration.parent;
  const variable = isConstAssertion(parent) ? parent.parent : parent;
  const named =
    ts.isVariableDeclaration(variable) &&
    (!variable.type || isRecord(variable.type)) &&
    isConstantAtTop(variable);
  return named ? declaration.initializer : undefined;
}

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
  return undefined;
}

function foldName(
  fe: Frontend,
  node: ts.Identifier | ts.PropertyAccessExpression,
): bigint | undefined {
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

/** `const LIMITS = { soft: 10, hard: 20 };`: names for numbers, no object in C. */
export function isConstantObject(fe: Frontend, node: ts.VariableDeclaration): boolean {
  const init = node.initializer;
  const literal = init && isConstAssertion(init) ? init.expression : init;
  if (node.type || !literal || !ts.isObjectLiteralExpression(literal)) return false;
  return literal.properties.every(
    (p) => ts.isPropertyAssignment(p) && foldNode(fe, p.initializer) !== undefined,
  );
}

/** The value of a member of such an object, by its declaration. */
function constantMember(declaration: ts.Declaration): ts.Expression | undefined {
  if (!ts.isPropertyAssignment(declaration)) return undefined;
  const { parent } = declaration.parent;
  const variable = isConstAssertion(parent) ? parent.parent : parent;
  const atTop =
    ts.isVariableDeclaration(variable) &&
    !variable.type &&
    (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0 &&
    ts.isSourceFile(variable.parent.parent.parent);
  return atTop ? declaration.initializer : undefined;
}

import { ts } from 'ts-morph';
import { cannotInfer } from '../diagnostics/catalogue/types.js';
import { INT_TYPES, S32, S64, U64, describeType, intType, type IntType } from '../ir/types.js';
import { enumByName } from '../kernel/index.js';
import { fits } from './convert.js';
import { foldNode } from './fold.js';
import { spanOf } from './program.js';
import type { FunctionScope } from './scope.js';

/**
 * The type of `let x = 0`: a literal says nothing about the width, so what the function assigns to x
 * and compares it with decides. Reported if no integer type can hold all of it.
 */
export function inferLet(
  fx: FunctionScope,
  variable: ts.VariableDeclaration,
  initial: bigint,
): IntType {
  const symbol = fx.fe.checker.getSymbolAtLocation(variable.name);
  const scope = enclosingFunction(variable);
  const found: IntType[] = [];
  let least = initial;
  let most = initial;
  const seen = new Set<ts.Symbol>();
  if (symbol) seen.add(symbol);
  const note = (node: ts.Expression): void => {
    const value = foldNode(fx.fe, node);
    if (value !== undefined) {
      if (value < least) least = value;
      if (value > most) most = value;
      return;
    }
    const type = typeOf(fx, node, seen);
    if (type) found.push(type);
  };
  /** The variable, also as `(x)`, `++x` and `x++`. */
  const isVariable = (node: ts.Node): boolean => {
    if (ts.isParenthesizedExpression(node)) return isVariable(node.expression);
    if (ts.isPostfixUnaryExpression(node)) return isVariable(node.operand);
    if (ts.isPrefixUnaryExpression(node)) return isStep(node.operator) && isVariable(node.operand);
    return ts.isIdentifier(node) && fx.fe.symbolOf(node) === symbol;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node)) {
      const op = node.operatorToken.kind;
      const assigns = op >= ts.SyntaxKind.FirstAssignment && op <= ts.SyntaxKind.LastAssignment;
      const isShift = /<<=|>>=/.test(node.operatorToken.getText());
      if ((assigns && !isShift) || isComparison(op)) {
        if (isVariable(node.left)) note(node.right);
        else if (isVariable(node.right) && !assigns) note(node.left);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (scope) visit(scope);
  const joined = joinAll(found);
  if (found.length > 0 && !joined) {
    const types = [...new Set(found.map(describeType))].join(' and ');
    fx.fe.report(cannotInfer(spanOf(variable.name), variable.name.getText(), types));
    return S64;
  }
  const guess = widen(joined ?? S32, least, most);
  return fx.lets.declare(variable, joined ? guess : { ...guess, open: true }, initial);
}

function joinAll(types: readonly IntType[]): IntType | undefined {
  return types.reduce<IntType | undefined>((a, b) => a && join(a, b), types[0]);
}

/** What a variable must be to hold what is assigned to it; reported where nothing is. */
export function widened(fx: FunctionScope): Map<ts.VariableDeclaration, IntType> {
  const more = fx.lets.wider((types, least, most) => {
    const joined = types.length > 0 ? joinAll(types) : S32;
    return joined && widen(joined, least, most);
  });
  const found = new Map<ts.VariableDeclaration, IntType>();
  for (const [node, type] of more) {
    if (type) found.set(node, type);
    else fx.fe.report(cannotInfer(spanOf(node.name), node.name.getText(), 's64 and u64'));
  }
  return found;
}

function isComparison(op: ts.SyntaxKind): boolean {
  return (
    op === ts.SyntaxKind.LessThanToken ||
    op === ts.SyntaxKind.LessThanEqualsToken ||
    op === ts.SyntaxKind.GreaterThanToken ||
    op === ts.SyntaxKind.GreaterThanEqualsToken ||
    op === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    op === ts.SyntaxKind.ExclamationEqualsEqualsToken
  );
}

function isStep(op: ts.PrefixUnaryOperator): boolean {
  return op === ts.SyntaxKind.PlusPlusToken || op === ts.SyntaxKind.MinusMinusToken;
}

function enclosingFunction(node: ts.Node): ts.Node | undefined {
  let at: ts.Node | undefined = node.parent;
  while (at && !ts.isFunctionLike(at)) at = at.parent;
  return at;
}

/** The narrowest type at least as wide as `type` that also holds the literals. */
function widen(type: IntType, least: bigint, most: bigint): IntType {
  const start: IntType = type.bits < 32 ? intType(32, type.signed) : type;
  const candidates =
    least < 0n ? [start, S32, S64] : [start, intType(64, start.signed), intType(64, false)];
  for (const candidate of candidates) {
    const holdsType =
      candidate.signed === type.signed
        ? candidate.bits >= type.bits
        : candidate.signed && candidate.bits > type.bits;
    if (holdsType && fits(least, candidate) && fits(most, candidate)) return candidate;
  }
  return least < 0n ? S64 : start;
}

/** The narrowest type that holds both; undefined for s64 beside u64. */
function join(a: IntType, b: IntType): IntType | undefined {
  if (a.signed === b.signed) return a.bits >= b.bits ? a : b;
  const [signed, unsigned] = a.signed ? [a, b] : [b, a];
  if (signed.bits > unsigned.bits) return signed;
  if (unsigned.bits === 64) return undefined;
  return intType(unsigned.bits === 8 ? 16 : unsigned.bits === 16 ? 32 : 64, true);
}

const NAMES = ['8', '16', '32', '64'];

/** The integer type that TypeScript's checker sees in a flavoured number. */
function flavourOf(fx: FunctionScope, node: ts.Expression): IntType | undefined {
  const type = fx.fe.checker.getTypeAtLocation(node);
  const brand = type.getProperties().find((p) => p.name.startsWith('__@flavour'));
  if (!brand) return undefined;
  const flavours = fx.fe.checker.getTypeOfSymbolAtLocation(brand, node);
  const parts = (flavours.isUnion() ? flavours.types : [flavours]).flatMap((t) =>
    t.isStringLiteral() ? [t.value] : [],
  );
  const widest = parts.sort((a, b) => NAMES.indexOf(a.slice(1)) - NAMES.indexOf(b.slice(1))).pop();
  return widest ? INT_TYPES[widest] : undefined;
}

function typeOf(fx: FunctionScope, node: ts.Expression, seen: Set<ts.Symbol>): IntType | undefined {
  if (ts.isParenthesizedExpression(node)) return typeOf(fx, node.expression, seen);
  const flavour = flavourOf(fx, node);
  if (flavour) return flavour;
  if (ts.isPrefixUnaryExpression(node)) return typeOf(fx, node.operand, seen);
  if (ts.isConditionalExpression(node)) return both(fx, node.whenTrue, node.whenFalse, seen);
  if (ts.isBinaryExpression(node)) {
    const op = node.operatorToken.getText();
    if (op === '<<' || op === '>>' || op === '>>>') return typeOf(fx, node.left, seen);
    return both(fx, node.left, node.right, seen);
  }
  if (
    ts.isCallExpression(node) &&
    node.arguments.length > 0 &&
    ts.isPropertyAccessExpression(node.expression)
  ) {
    // Math.min(a, b)
    return node.arguments
      .map((a) => typeOf(fx, a, seen))
      .reduce((a, b) => (a && b ? join(a, b) : (a ?? b)));
  }
  if (ts.isIdentifier(node)) {
    const symbol = fx.fe.symbolOf(node);
    const binding = symbol && fx.lookup(symbol);
    if (binding?.kind === 'local' && binding.local.type.kind === 'int') return binding.local.type;
    const declaration = symbol?.valueDeclaration;
    const builtin = fx.fe.builtinName(symbol);
    if (builtin !== undefined && enumByName(builtin)) return U64;
    if (!symbol || seen.has(symbol)) return undefined;
    seen.add(symbol);
    if (declaration && ts.isVariableDeclaration(declaration) && declaration.initializer) {
      return typeOf(fx, declaration.initializer, seen);
    }
  }
  return undefined;
}

function both(
  fx: FunctionScope,
  a: ts.Expression,
  b: ts.Expression,
  seen: Set<ts.Symbol>,
): IntType | undefined {
  const left = typeOf(fx, a, seen);
  const right = typeOf(fx, b, seen);
  return left && right ? join(left, right) : (left ?? right);
}

import { ts } from 'ts-morph';
import { notKernelNumber } from '../../diagnostics/catalogue/kernel.js';
import { conditional, constant, errorExpr } from '../make.js';
import type { Expr } from '../../ir/nodes.js';
import { BOOL } from '../../ir/types.js';
import { enumByName } from '../../kernel/index.js';
import { NEWEST_KERNEL, isNewer } from '../../kernel/versions.js';
import { lowerExpr } from '../expressions/index.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';

/** `optional(FLAG)`: the kernel's number where the running kernel has it, 0 where it has not. Of `A | B` each for itself. */
export function lowerOptional(fx: FunctionScope, node: ts.CallExpression): Expr {
  const [argument] = node.arguments;
  if (!argument) return errorExpr(spanOf(node));
  const names = kernelNumbers(fx, argument);
  if (!names) {
    fx.fe.report(notKernelNumber(spanOf(argument), argument.getText()));
    return errorExpr(spanOf(node));
  }
  return whereThere(
    fx.withKnown(names, () => lowerExpr(fx, argument)),
    fx.floorHere,
  );
}

/** The names in `A` or `A | B`; undefined if there is anything else in it. */
function kernelNumbers(fx: FunctionScope, node: ts.Expression): string[] | undefined {
  if (ts.isParenthesizedExpression(node)) return kernelNumbers(fx, node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarToken) {
    const left = kernelNumbers(fx, node.left);
    const right = kernelNumbers(fx, node.right);
    return left && right && [...left, ...right];
  }
  const at = ts.isPropertyAccessExpression(node) ? node.name : node;
  const name = ts.isIdentifier(at) ? fx.fe.builtinName(fx.fe.symbolOf(at)) : undefined;
  return name !== undefined && enumByName(name) ? [name] : undefined;
}

function whereThere(expr: Expr, floor: string): Expr {
  if (expr.kind === 'binary')
    return { ...expr, left: whereThere(expr.left, floor), right: whereThere(expr.right, floor) };
  if (expr.kind === 'cast') return { ...expr, value: whereThere(expr.value, floor) };
  if (expr.kind !== 'enum' || isEverywhere(expr.name, floor)) return expr;
  const { enumName, name, type, span } = expr;
  const test: Expr = {
    kind: 'exists',
    what: { kind: 'enum', enumName, name },
    type: BOOL,
    span,
  };
  return conditional(test, expr, constant(0, type, span), type, span);
}

/** Whether every kernel from `floor` on has it. */
function isEverywhere(name: string, floor: string): boolean {
  const found = enumByName(name);
  return (
    found !== undefined && !isNewer(found.since, floor) && !isNewer(NEWEST_KERNEL, found.until)
  );
}

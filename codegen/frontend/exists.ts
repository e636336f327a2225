import { ts } from 'ts-morph';
import { enumByName, kernelFunction } from '../kernel/index.js';
import { KERNELS, OLDEST_KERNEL, isNewer } from '../kernel/versions.js';
import { entityOf } from './expressions/names.js';
import { absent, type FunctionScope } from './scope.js';
import { tag } from './structs.js';

export interface ExistsFacts {
  whenTrue: string[];
  whenFalse: string[];
}

/** The key under which `exists(x)` is remembered: a kernel function, enum value or `struct.field`. */
export function existsKey(fx: FunctionScope, node: ts.Expression): string | undefined {
  const entity = entityOf(fx, node);
  if (entity?.kind === 'kernelVariable') return `variable ${entity.variable.symbol}`;
  if (ts.isIdentifier(node)) return fx.fe.builtinName(fx.fe.symbolOf(node)) ?? undefined;
  if (ts.isPropertyAccessExpression(node)) {
    const symbol = fx.fe.symbolOf(node.name);
    const owner = symbol?.declarations?.[0]?.parent;
    return symbol && owner && ts.isInterfaceDeclaration(owner)
      ? `${owner.name.text}.${symbol.name}`
      : undefined;
  }
  return undefined;
}

/** Without what the oldest kernel has, and only older ones have, the kernel is a newer one. */
function goneFrom(fx: FunctionScope, node: ts.Expression, key: string): string[] {
  const { since, until } = spanOfKernels(fx, node, key);
  if (since !== undefined && isNewer(since, OLDEST_KERNEL)) return [];
  const next = until && KERNELS.find((k) => isNewer(k, until));
  return next ? [absent(next)] : [];
}

function spanOfKernels(
  fx: FunctionScope,
  node: ts.Expression,
  key: string,
): { since?: string | undefined; until?: string | undefined } {
  if (!ts.isPropertyAccessExpression(node)) return kernelFunction(key) ?? enumByName(key) ?? {};
  const declaration = fx.fe.symbolOf(node.name)?.declarations?.[0];
  return declaration ? { since: tag(declaration, 'since'), until: tag(declaration, 'until') } : {};
}

/** What a const was made of, `const HAS = exists(x)`: it says as much. */
function answerIn(fx: FunctionScope, node: ts.Expression): ts.Expression | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = fx.fe.symbolOf(node)?.valueDeclaration;
  const isConst =
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
  return isConst && declaration.initializer?.pos !== node.pos ? declaration.initializer : undefined;
}

/** What a condition says about the kernel, for each of its outcomes. */
export function existsFacts(fx: FunctionScope, node: ts.Expression): ExistsFacts {
  if (ts.isParenthesizedExpression(node)) return existsFacts(fx, node.expression);
  const answer = answerIn(fx, node);
  if (answer) return existsFacts(fx, answer);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const { whenTrue, whenFalse } = existsFacts(fx, node.operand);
    return { whenTrue: whenFalse, whenFalse: whenTrue };
  }
  if (ts.isBinaryExpression(node)) {
    const left = existsFacts(fx, node.left);
    const right = existsFacts(fx, node.right);
    if (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
      return { whenTrue: [...left.whenTrue, ...right.whenTrue], whenFalse: [] };
    }
    if (node.operatorToken.kind === ts.SyntaxKind.BarBarToken) {
      return { whenTrue: [], whenFalse: [...left.whenFalse, ...right.whenFalse] };
    }
  }
  if (fx.fe.calledBuiltin(node) === 'exists' && ts.isCallExpression(node) && node.arguments[0]) {
    const key = existsKey(fx, node.arguments[0]);
    return {
      whenTrue: key ? [key] : [],
      whenFalse: key ? goneFrom(fx, node.arguments[0], key) : [],
    };
  }
  return { whenTrue: [], whenFalse: [] };
}

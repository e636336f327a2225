import { ts } from 'ts-morph';
import { differsByKernel } from '../../diagnostics/catalogue/kernel.js';
import { isKernelConstant, questionsIn, valueWhere } from '../../ir/kernel-constant.js';
import type { ConstantIr } from '../../ir/module.js';
import type { Expr } from '../../ir/nodes.js';
import { walkExpr } from '../../ir/walk.js';
import { enumByName } from '../../kernel/index.js';
import type { Frontend } from '../context.js';
import { constantMembers, foldNode, memberKey, recordOf } from '../fold.js';

const WIDE = /^[us]64$/;

/** `u64(5)`, `const x: s64 = 5` and `Record<K, u64>` are bigint in userspace, as all 64-bit integers are. */
function isWide(fe: Frontend, { type, initializer }: ts.VariableDeclaration): boolean {
  const stated = type && (recordOf(type)?.typeArguments?.[1] ?? type);
  return WIDE.test(stated?.getText() ?? '') || WIDE.test(fe.calledBuiltin(initializer) ?? '');
}

function enumMembers(fe: Frontend, node: ts.EnumDeclaration): Map<string, bigint> {
  const members = new Map<string, bigint>();
  for (const member of node.members) {
    const key = memberKey(fe, member.name);
    const value = fe.checker.getConstantValue(member);
    if (key !== undefined && typeof value === 'number' && Number.isInteger(value))
      members.set(key, BigInt(value));
  }
  return members;
}

/** A number made of the kernel's, where that is the same on all kernels: 64 bits wide, as in the program. */
function kernelNumber(fe: Frontend, name: string, expr: Expr): ConstantIr[] {
  const { type, span } = expr;
  const unsure = [...questionsIn(expr).map((q) => q.name), ...varyingIn(expr)];
  if (unsure.length > 0) fe.report(differsByKernel(span, name, unsure[0]!));
  if (unsure.length > 0 || !isKernelConstant(expr)) return [];
  const wide = type.kind !== 'int' || type.bits === 64;
  return [{ name, value: valueWhere(expr, new Set()), wide }];
}

/** Names of the kernel's numbers in a constant that are not the same on all kernels. */
function varyingIn(expr: Expr): string[] {
  const found: string[] = [];
  const visit = (e: Expr): void => {
    if (e.kind === 'constant') walkExpr(e.constant.value, { expr: visit });
    if (e.kind === 'enum' && enumByName(e.name)?.fixed === false) found.push(e.name);
  };
  walkExpr(expr, { expr: visit });
  return found;
}

/**
 * Numbers, enums and objects of numbers that the entry file exports: the skeleton has them under the same names, so that
 * both halves mean the same.
 */
export function exportedConstants(fe: Frontend): ConstantIr[] {
  const module = fe.checker.getSymbolAtLocation(fe.loaded.entry);
  const out: ConstantIr[] = [];
  for (const exported of module ? fe.checker.getExportsOfModule(module) : []) {
    const declaration = fe.resolveAlias(exported)?.valueDeclaration;
    const { name } = exported;
    if (name === 'default' || !declaration || fe.isLanguageFile(declaration.getSourceFile()))
      continue;
    if (ts.isEnumDeclaration(declaration)) {
      out.push({ name, value: enumMembers(fe, declaration), wide: false });
      continue;
    }
    const isConst =
      ts.isVariableDeclaration(declaration) &&
      (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const;
    if (!isConst || !declaration.initializer) continue;
    const object = constantMembers(fe, declaration);
    // An object with objects in it is none of numbers.
    const value =
      foldNode(fe, declaration.initializer) ?? (object?.nested.size ? undefined : object?.members);
    if (value !== undefined) {
      out.push({ name, value, wide: isWide(fe, declaration) });
      continue;
    }
    const entity = fe.entities.get(fe.resolveAlias(exported)!);
    if (entity?.kind === 'constant') out.push(...kernelNumber(fe, name, entity.value));
  }
  return out;
}

import { ts } from 'ts-morph';
import type { ConstantIr } from '../../ir/module.js';
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
    if (value !== undefined) out.push({ name, value, wide: isWide(fe, declaration) });
  }
  return out;
}

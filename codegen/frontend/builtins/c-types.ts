import { ts } from 'ts-morph';
import { S32, STRING, VOID, pointerTo, type CType } from '../../ir/types.js';
import { bareCType, integerOfC } from '../../kernel/c-integers.js';
import type { FunctionScope } from '../scope.js';
import type { Frontend } from '../context.js';
import { kernelStruct, opaqueStruct } from '../structs.js';

/** The type of a C prototype in the kernel table, such as `struct task_struct *` or `u64`. */
export function parseCType(fx: FunctionScope | { fe: Frontend }, ctype: string): CType {
  const text = bareCType(ctype);
  if (text === 'void') return VOID;
  if (text === 'char *') return STRING;
  const int = integerOfC(text);
  if (int) return int;
  const pointer = /^(.*?) ?\*$/.exec(text);
  if (!pointer) {
    const struct = /^(?:struct|union) (\w+)$/.exec(text);
    return struct ? { kind: 'struct', struct: structByName(fx.fe, struct[1]!) } : S32;
  }
  const target = pointer[1]!;
  const struct = /^(?:struct|union) (\w+)$/.exec(target) ?? /^(cpumask_t)$/.exec(target);
  if (struct) {
    const name = struct[1] === 'cpumask_t' ? 'cpumask' : struct[1]!;
    return pointerTo({ kind: 'struct', struct: structByName(fx.fe, name) }, 'kernel', {
      trust: 'trusted',
    });
  }
  if (target === 'void' || target.endsWith('*')) return { kind: 'opaque' };
  return pointerTo(parseCType(fx, target), 'any');
}

const byName = new WeakMap<Frontend, Map<string, ts.InterfaceDeclaration>>();

/** Finds a kernel struct's declaration by name in scxts/vmlinux. */
export function structByName(fe: Frontend, name: string): import('../../ir/types.js').StructDef {
  let table = byName.get(fe);
  if (!table) {
    table = new Map();
    for (const file of fe.loaded.program.getSourceFiles()) {
      if (!fe.isLanguageFile(file)) continue;
      for (const statement of file.statements) {
        if (ts.isInterfaceDeclaration(statement)) table.set(statement.name.text, statement);
      }
    }
    byName.set(fe, table);
  }
  const declaration = table.get(name);
  const symbol = declaration && fe.checker.getSymbolAtLocation(declaration.name);
  return declaration && symbol ? kernelStruct(fe, symbol, declaration) : opaqueStruct(fe, name);
}

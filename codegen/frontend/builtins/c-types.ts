import { ts } from 'ts-morph';
import { BOOL, INT_TYPES, S32, STRING, VOID, pointerTo, type CType } from '../../ir/types.js';
import type { FunctionScope } from '../scope.js';
import type { Frontend } from '../context.js';
import { kernelStruct, opaqueStruct } from '../structs.js';

const ALIASES: Record<string, string> = {
  int: 's32',
  'unsigned int': 'u32',
  long: 's64',
  'unsigned long': 'u64',
  'long long': 's64',
  'unsigned long long': 'u64',
  'long int': 's64',
  'long unsigned int': 'u64',
  'long long int': 's64',
  'long long unsigned int': 'u64',
  char: 's8',
  'unsigned char': 'u8',
  short: 's16',
  'unsigned short': 'u16',
  size_t: 'u64',
  ssize_t: 's64',
  pid_t: 's32',
  __u8: 'u8',
  __u16: 'u16',
  __u32: 'u32',
  __u64: 'u64',
  __s8: 's8',
  __s16: 's16',
  __s32: 's32',
  __s64: 's64',
  uint32_t: 'u32',
  uint64_t: 'u64',
  gfp_t: 'u32',
  int32_t: 's32',
  int64_t: 's64',
  u64__ign: 'u64',
  u32__ign: 'u32',
};

/** The type of a C prototype in the kernel table, such as `struct task_struct *` or `u64`. */
export function parseCType(fx: FunctionScope | { fe: Frontend }, ctype: string): CType {
  const text = ctype
    .replace(/\bconst\b|\bvolatile\b|\brestrict\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === 'void') return VOID;
  if (text === 'bool' || text === '_Bool') return BOOL;
  if (text === 'char *') return STRING;
  const int = INT_TYPES[ALIASES[text] ?? text];
  if (int) return int;
  if (text.startsWith('enum ')) return { ...INT_TYPES['u32']!, enumName: text.slice(5) };
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

import type { ModuleIr } from '../../ir/module.js';
import type { CType, StructDef } from '../../ir/types.js';
import { moduleName } from '../../module-name.js';
import { pascal } from '../../pascal.js';

/** Members that userspace sees of a struct: objects of the kernel in it have no meaning there. */
export function shownFields(struct: StructDef): ReturnType<StructDef['fields']> {
  return struct
    .fields()
    .filter((f) => !f.kptr && !(f.type.kind === 'struct' && f.type.struct.builtin));
}

/** Collects the structs that types are, have in them or lead to, in the order in which they are visited. */
function reached(): { out: Set<StructDef>; visit: (type: CType | undefined) => void } {
  const out = new Set<StructDef>();
  const visit = (type: CType | undefined): void => {
    if (type?.kind === 'array') visit(type.of);
    if (type?.kind === 'ptr' && type.region === 'arena') visit(type.to);
    if (type?.kind !== 'struct' || type.struct.builtin || out.has(type.struct)) return;
    out.add(type.struct);
    for (const field of shownFields(type.struct)) visit(field.type);
  };
  return { out, visit };
}

/** Structs that entries of arenas are, have in them or lead to. */
export function structsInArenas(module: ModuleIr): ReadonlySet<StructDef> {
  const { out, visit } = reached();
  for (const map of module.maps) if (map.kind === 'arena') visit(map.value);
  return out;
}

/** All structs that a skeleton mentions, in the order in which it does. */
function mentioned(module: ModuleIr): Set<StructDef> {
  const { out, visit } = reached();
  for (const { storage, type, kptr } of module.globals)
    if (storage !== 'table' && storage !== 'kconfig' && type.kind !== 'ptr' && !kptr) visit(type);
  for (const map of module.maps) {
    for (const type of [map.key, map.value, map.inner?.key, map.inner?.value]) visit(type);
  }
  for (const { args } of module.programs) if (args) visit({ kind: 'struct', struct: args });
  return out;
}

/**
 * Names of structs in the skeleton: those of the author. Of several with one name that in the scheduler's own file has it alone, and in
 * others it comes after the module's: `Entry` of load.ts is `LoadEntry`.
 */
export function structNames(module: ModuleIr): Map<StructDef, string> {
  const out = new Map<StructDef, string>();
  const structs = [...mentioned(module)];
  const count = new Map<string, number>();
  const nameOf = ({ source, name }: StructDef): string => source?.name ?? name;
  for (const s of structs) count.set(nameOf(s), (count.get(nameOf(s)) ?? 0) + 1);
  const taken = new Set<string>();
  for (const struct of structs) {
    const { source, name } = struct;
    const isAlone = count.get(nameOf(struct)) === 1 || source?.file === module.source;
    const wanted =
      isAlone || !source ? nameOf(struct) : pascal(moduleName(source.file)) + source.name;
    // Instances of one generic interface, files of one name in two folders: the names in C differ always.
    const free = taken.has(wanted) ? name : wanted;
    taken.add(free);
    out.set(struct, free);
  }
  return out;
}

import { keptPointer } from '../diagnostics/catalogue/ownership.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { MapIr, ModuleIr } from '../ir/module.js';
import { describeType, type CType } from '../ir/types.js';

/** Memory that outlives a program: what is read back from it is a number for the verifier. */
export function checkKeptPointers(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const report = (at: GlobalOrMap, type: CType | undefined, kptr = false): void => {
    const found = type && !kptr ? pointerIn(type) : undefined;
    if (found) bag.add(keptPointer(at.span, at.tsName + found.path, describeType(found.type)));
  };
  for (const global of module.globals) report(global, global.type, global.kptr);
  const visit = (map: MapIr): void => {
    report(map, map.key);
    report(map, map.value);
    if (map.inner) visit(map.inner);
  };
  module.maps.forEach(visit);
  return bag.all;
}

type GlobalOrMap = Pick<MapIr, 'span' | 'tsName'>;

function pointerIn(type: CType): { path: string; type: CType } | undefined {
  // The address of an entry of an arena is one for user space too.
  if (type.kind === 'ptr') return type.region === 'arena' ? undefined : { path: '', type };
  if (type.kind === 'array') {
    const found = pointerIn(type.of);
    return found && { path: `[]${found.path}`, type: found.type };
  }
  if (type.kind !== 'struct' || type.struct.kernel || type.struct.builtin) return undefined;
  for (const field of type.struct.fields()) {
    const found = field.kptr ? undefined : pointerIn(field.type);
    if (found) return { path: `.${field.name}${found.path}`, type: found.type };
  }
  return undefined;
}

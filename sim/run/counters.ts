import type { LoadedObject } from '../object/open.js';
import type { KernelSpace } from '../engine/types.js';

/** One counter of a scheduler of scxts, summed over the CPUs. */
export interface Counter {
  name: string;
  help: string;
  total: number;
}

/** The counters of an object, as docs/object-format.md says; none in objects of others. */
export function countersOf(object: LoadedObject, space: KernelSpace): Counter[] {
  const variable = object.variable('scxts_counters');
  const { types } = object.file;
  const struct = types.find((t) => t.kind === 'struct' && t.name === 'scxts_counters');
  if (!variable || !struct?.members) return [];
  const tagged = (prefix: string): Map<number, string> =>
    new Map(
      types
        .filter((t) => t.kind === 'decl_tag' && t.type === struct.id && t.name.startsWith(prefix))
        .map((t) => [t.component ?? -1, t.name.slice(prefix.length)]),
    );
  const helps = tagged('scxts:counter=');
  const names = tagged('scxts:name=');
  return struct.members.map(({ name, offset }, i) => {
    let total = 0;
    for (let cpu = 0; cpu < space.cpus; cpu++) {
      const at = variable.address + cpu * struct.size + offset / 8;
      total += Number(space.memory.view.getBigUint64(at, true));
    }
    return { name: names.get(i) ?? name, help: helps.get(i) ?? '', total };
  });
}

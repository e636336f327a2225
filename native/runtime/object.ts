import { addon, type NativeMap, type NativeObject, type NativeProgram } from './addon.js';
import { native } from './errors.js';
import { Layouts, type Layout } from './layout.js';

/** A variable of a data section: where it lies and what it is. */
export interface Variable {
  name: string;
  /** The map of the section, e.g. `simple.bss`. */
  map: string;
  /** Section name: `.rodata`, `.bss`, `.data`... */
  section: string;
  offset: number;
  size: number;
  typeId: number;
  /** Text of its `scxts:` declaration tag, if any. */
  tag?: string;
}

export interface CounterMember {
  name: string;
  help: string;
  index: number;
}

/** What an object file says of itself: docs/object-format.md. */
export class ObjectInfo {
  readonly layouts: Layouts;
  readonly maps: ReadonlyMap<string, NativeMap>;
  readonly programs: readonly NativeProgram[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly counters: readonly CounterMember[];
  /** Name of the struct_ops map, or undefined if the object has no scheduler. */
  readonly opsMap: string | undefined;

  constructor(readonly native: NativeObject) {
    this.layouts = new Layouts(native.types());
    this.maps = new Map(native.maps().map((m) => [m.name, m]));
    this.programs = native.programs();
    this.variables = this.findVariables();
    this.counters = this.findCounters();
    this.opsMap = [...this.maps.values()].find((m) => m.type === STRUCT_OPS)?.name;
  }

  layout(typeId: number): Layout {
    return this.layouts.of(typeId);
  }

  /** Declaration tags by type id: of the type itself (component -1) or of its members. */
  private tags(): Map<number, { text: string; component: number }[]> {
    const out = new Map<number, { text: string; component: number }[]>();
    for (const type of this.layouts.types) {
      if (type.kind !== 'decl_tag' || !type.name.startsWith('scxts:')) continue;
      const list = out.get(type.type) ?? [];
      list.push({ text: type.name.slice('scxts:'.length), component: type.component ?? -1 });
      out.set(type.type, list);
    }
    return out;
  }

  private findVariables(): Map<string, Variable> {
    const tags = this.tags();
    const out = new Map<string, Variable>();
    for (const section of this.layouts.types) {
      if (section.kind !== 'datasec') continue;
      const map = [...this.maps.keys()].find((n) => n === section.name || n.endsWith(section.name));
      if (!map || !/^\.(rodata|bss|data)/.test(section.name)) continue;
      for (const v of section.variables ?? []) {
        const variable = this.layouts.types[v.type];
        if (!variable) continue;
        const tag = tags.get(v.type)?.find((t) => t.component < 0)?.text;
        out.set(variable.name, {
          name: variable.name,
          map,
          section: section.name,
          offset: v.offset,
          size: v.size,
          typeId: variable.type,
          ...(tag === undefined ? {} : { tag }),
        });
      }
    }
    return out;
  }

  private findCounters(): CounterMember[] {
    const id = this.layouts.types.findIndex(
      (t) => t.kind === 'struct' && t.name === 'scxts_counters',
    );
    if (id < 0) return [];
    const tags = this.tags().get(id) ?? [];
    return (this.layouts.types[id]?.members ?? []).map((m, index) => ({
      name: m.name,
      index,
      help: tags.find((t) => t.component === index)?.text.replace(/^counter=/, '') ?? '',
    }));
  }

  /** Config variables with help text. */
  configs(): (Variable & { help: string })[] {
    return [...this.variables.values()].flatMap((v) =>
      v.tag !== undefined && /^config(Array)?=/.test(v.tag)
        ? [{ ...v, help: v.tag.replace(/^config(Array)?=/, '') }]
        : [],
    );
  }

  /** Variables of .bss and .data that belong to the program. */
  globals(): Variable[] {
    return [...this.variables.values()].filter(
      (v) => /^\.(bss|data)$/.test(v.section) && /^(?!scxts_)\w+$/.test(v.name),
    );
  }
}

export const STRUCT_OPS = 26;

/** Opens an object file or its bytes. No kernel is touched. */
export function openInfo(source: string | Uint8Array): ObjectInfo {
  return new ObjectInfo(native(() => new (addon().BpfObject)(source)));
}

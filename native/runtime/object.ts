import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isUint8Array } from 'node:util/types';
import type { MapDefinition, NativeObject, NativeProgram } from './addon.js';
import { currentBackend, machine, type Backend } from './backend.js';
import { native, ScxtsError } from './errors.js';
import { Layouts, type Layout } from './layout/index.js';
import { configurationFor } from './kconfig.js';
import { parseMemberChoice, type MemberChoice } from './member-choice.js';
import { BPF_MAP_TYPE_STRUCT_OPS } from './maps/index.js';
import { printableLine } from './printable.js';

/** Of an object, and of a data section: a disk image is refused before it is read. */
const MAX_BYTES = 256 << 20;

/** Of a declaration tag that gives the author's name. */
const NAME_TAG = 'name=';

/** The author's name in the tags of something; only what can be a name in TypeScript. */
function authorNameIn(tags: readonly string[]): string | undefined {
  const name = tags.find((t) => t.startsWith(NAME_TAG))?.slice(NAME_TAG.length);
  return name !== undefined && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? name
    : undefined;
}

/** A variable of a data section: where it lies and what it is. */
export interface Variable {
  /** In C. */
  name: string;
  /** What the author calls it. */
  tsName: string;
  /** The map of the section, e.g. `simple.bss`. */
  map: string;
  /** Section name: `.rodata`, `.bss`, `.data`... */
  section: string;
  /** Bytes. */
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
  readonly maps: ReadonlyMap<string, MapDefinition>;
  readonly programs: readonly NativeProgram[];
  readonly variables: ReadonlyMap<string, Variable>;
  readonly counters: readonly CounterMember[];
  /** What authors call maps, variables and programs that have another name in C. */
  private readonly authorNames: ReadonlyMap<string, string>;
  /** Name of the struct_ops map, or undefined if the object has no scheduler. */
  readonly opsMap: string | undefined;
  /** Name of its type: `sched_ext_ops` for a scheduler. */
  readonly opsType: string | undefined;

  constructor(
    readonly native: NativeObject,
    /** The kernel that it is opened for. */
    readonly backend: Backend = machine,
  ) {
    this.layouts = new Layouts(native.types());
    this.maps = new Map(native.maps().map((m) => [m.name, m]));
    for (const { name, internal, valueSize } of this.maps.values())
      if (internal && valueSize > MAX_BYTES)
        throw new ScxtsError('ERR_OPEN', `section ${name} has ${valueSize} bytes, too many to map`);
    this.programs = native.programs();
    this.authorNames = this.findAuthorNames();
    this.variables = this.findVariables();
    this.counters = this.findCounters();
    const ops = [...this.maps.values()].find((m) => m.type === BPF_MAP_TYPE_STRUCT_OPS);
    this.opsMap = ops?.name;
    this.opsType = ops && this.layouts.types[ops.valueType]?.name;
  }

  /** Whether the object holds a sched_ext scheduler, rather than another struct_ops or none. */
  get isScheduler(): boolean {
    return this.opsType === 'sched_ext_ops';
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

  private findAuthorNames(): Map<string, string> {
    const out = new Map<string, string>();
    for (const [id, tags] of this.tags()) {
      const name = authorNameIn(tags.filter((t) => t.component < 0).map((t) => t.text));
      const type = this.layouts.types[id];
      if (name !== undefined && type?.name) out.set(type.name, name);
    }
    return out;
  }

  /** What the author calls something that has this name in C. */
  authorName(name: string): string {
    return this.authorNames.get(name) ?? name;
  }

  /** Programs whose author said that the scheduler does without them where there is nothing to attach to. */
  optionalPrograms(): Set<string> {
    const out = new Set<string>();
    for (const [id, tags] of this.tags()) {
      const type = this.layouts.types[id];
      if (type?.kind === 'func' && tags.some((t) => t.text === 'optional')) out.add(type.name);
    }
    return out;
  }

  private findVariables(): Map<string, Variable> {
    const tags = this.tags();
    const out = new Map<string, Variable>();
    for (const section of this.layouts.types) {
      if (section.kind !== 'datasec' || !/^\.(rodata|bss|data)/.test(section.name)) continue;
      const map = [...this.maps.values()].find(
        (m) => m.internal && (m.name === section.name || m.name.endsWith(section.name)),
      );
      if (!map) continue;
      for (const v of section.variables ?? []) {
        const variable = this.layouts.types[v.type];
        if (variable?.kind !== 'var' || v.offset + v.size > map.valueSize) continue;
        const tag = tags
          .get(v.type)
          ?.find((t) => t.component < 0 && !t.text.startsWith(NAME_TAG))?.text;
        out.set(variable.name, {
          name: variable.name,
          tsName: this.authorName(variable.name),
          map: map.name,
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
    return (this.layouts.types[id]?.members ?? []).map((m, index) => {
      const own = tags.filter((t) => t.component === index).map((t) => t.text);
      const help = own.find((t) => t.startsWith('counter='))?.replace(/^counter=/, '') ?? '';
      return { name: authorNameIn(own) ?? m.name, index, help: printableLine(help) };
    });
  }

  /** How many CPUs the counters have a place for; undefined without counters. */
  get counterRoom(): number | undefined {
    const variable = this.variables.get('scxts_counters');
    return variable && this.layout(variable.typeId).element?.count;
  }

  /** Config variables with help text. */
  configs(): (Variable & { help: string })[] {
    return [...this.variables.values()].flatMap((v) =>
      v.tag !== undefined && /^config(Array)?(=|$)/.test(v.tag)
        ? [{ ...v, help: printableLine(v.tag.replace(/^config(Array)?=?/, '')) }]
        : [],
    );
  }

  /** Variables of .bss and .data that belong to the program. */
  globals(): Variable[] {
    return [...this.variables.values()].filter(
      (v) => /^\.(bss|data)$/.test(v.section) && /^(?!scxts_)\w+$/.test(v.name),
    );
  }

  /** Components and the modules that are their halves in user space; '' where there is none. */
  components(): { name: string; half: string }[] {
    return [...this.variables.values()].flatMap((v) => {
      const name = /^scxts_component_(\w+)$/.exec(v.name)?.[1];
      const bytes = name && this.native.readInitial(v.map, v.offset, v.size);
      return bytes ? [{ name, half: Buffer.from(bytes).toString().replace(/\0.*$/s, '') }] : [];
    });
  }

  /** Maps that the program declared, without data sections and what scxts keeps for itself. */
  declaredMaps(): MapDefinition[] {
    return [...this.maps.values()].filter(
      (m) => !m.internal && m.type !== BPF_MAP_TYPE_STRUCT_OPS && !/^(scxts_|\.|__)/.test(m.name),
    );
  }

  /** What keys and values of a map are, by their BTF types; 0 is unknown. */
  entryOf(keyType: number, valueType: number): { key?: Layout; value?: Layout } {
    return {
      ...(keyType ? { key: this.layout(keyType) } : {}),
      ...(valueType ? { value: this.layout(valueType) } : {}),
    };
  }

  /** Members of the scheduler whose value depends on the kernel. Throws ERR_OPEN for what cannot be read. */
  memberChoices(): MemberChoice[] {
    return this.layouts.types.flatMap((t) => {
      const tagged = t.kind === 'decl_tag' ? this.layouts.types[t.type] : undefined;
      if (tagged?.kind !== 'var' || tagged.name !== this.opsMap) return [];
      const choice = parseMemberChoice(t.name);
      if (choice === null)
        throw new ScxtsError(
          'ERR_OPEN',
          `cannot read what the object says of a member: ${printableLine(t.name)}`,
          {
            hint: 'build it anew with this version of scxts',
          },
        );
      return choice ?? [];
    });
  }

  /** Maps that are to have an entry for each possible CPU. */
  mapsOfCpus(): string[] {
    return this.layouts.types.flatMap((t) => {
      const name =
        t.kind === 'decl_tag' && t.name === 'scxts:nr_cpus' ? this.layouts.types[t.type]?.name : '';
      return name && this.maps.has(name) ? [name] : [];
    });
  }

  /** Type of a ring's records: what the pointer that the compiler made for it points to. */
  recordOf(map: string): Layout | undefined {
    const variable = this.variables.get(`scxts_record_${map}`);
    const pointer = variable && this.layouts.strip(variable.typeId);
    return pointer?.kind === 'ptr' ? this.layout(pointer.type) : undefined;
  }

  /** Arenas that are parts of a map: what a tag at the address of their first entry says. */
  arenaParts(map: string): { name: string; tsName: string }[] {
    return [...this.variables.values()].flatMap(({ name, tsName, tag }) => {
      const part = /^scxts_base_(\w+)$/.exec(name)?.[1];
      const of = /^entries=\d+ of (\w+)$/.exec(tag ?? '')?.[1];
      if (part === undefined || of !== map || part === map) return [];
      return [{ name: part, tsName: tsName === name ? part : tsName }];
    });
  }

  /** Type of the argument of a syscall program: what its first parameter points to. */
  argumentOf(program: string): Layout | undefined {
    const { types } = this.layouts;
    const fn = types.find((t) => t.kind === 'func' && t.name === program);
    const first = fn && types[fn.type]?.params?.[0];
    const pointer = first && this.layouts.strip(first.type);
    if (pointer?.kind !== 'ptr' || pointer.type === 0) return undefined;
    return this.layouts.strip(pointer.type).kind === 'struct'
      ? this.layout(pointer.type)
      : undefined;
  }
}

function readObject(path: string): Buffer {
  let size: number;
  try {
    const about = statSync(path);
    if (!about.isFile()) throw new Error('it is not a file');
    size = about.size;
    if (size <= MAX_BYTES) return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'no permission' : message;
    throw new ScxtsError('ERR_OPEN', `cannot open ${path}: ${why}`, { cause: error });
  }
  throw new ScxtsError('ERR_OPEN', `cannot open ${path}: ${size} bytes are too many for an object`);
}

/**
 * Opens an object file or its bytes. No kernel is touched. Throws ERR_OPEN for what is no BPF object,
 * ERR_NO_BTF for one without types.
 */
export function openInfo(
  source: string | Uint8Array,
  backend: Backend = currentBackend(),
): ObjectInfo {
  const isPath = typeof source === 'string';
  if (!isPath && !isUint8Array(source))
    throw new ScxtsError('ERR_ARGUMENT', 'an object is opened from a path or a Uint8Array');
  const content = isPath ? readObject(source) : source;
  const name = isPath ? basename(source).replace(/\..*$/s, '') || 'object' : 'object';
  const object = native(
    () =>
      new backend.addon.BpfObject(
        content,
        name,
        backend.isModel ? undefined : configurationFor(content),
      ),
  );
  try {
    return native(() => new ObjectInfo(object, backend));
  } catch (error) {
    object.close();
    throw error;
  }
}

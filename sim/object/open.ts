import { SimError } from '../errors.js';
import { standardCalls } from '../calls/index.js';
import { createMap } from '../calls/maps/create.js';
import type { BpfMap } from '../calls/maps/map.js';
import { MapOfMaps } from '../calls/maps/nested.js';
import type { Calls, Host } from '../calls/types.js';
import { guarded } from '../engine/call.js';
import { CallTable, loadModule, type Loaded } from '../engine/load.js';
import { membersOf, shapeOf } from '../engine/programs.js';
import { Space } from '../engine/space.js';
import type {
  Coverage,
  KernelSpace,
  LineCount,
  LinkedObject,
  LinkRecord,
  OpenObject,
  Program,
} from '../engine/types.js';
import { coverageOf } from './coverage.js';
import { linkData, placeConfig, placeData, writeValue, type Value } from './data.js';
import { readObject, type ObjectFile } from './file.js';
import { Linker } from './link.js';
import { StructOpsValue } from './struct-ops.js';

const PERF_EVENT_ARRAY = 4;

/** An object in a modelled kernel, loaded. */
export class LoadedObject implements LinkedObject {
  readonly name: string;
  constructor(
    readonly file: ObjectFile,
    readonly space: Space,
    readonly programs: ReadonlyMap<string, Program>,
    readonly structOps: readonly StructOpsValue[],
    readonly maps: ReadonlyMap<string, BpfMap>,
    /** Addresses of data sections, by name. */
    readonly data: ReadonlyMap<string, number>,
    readonly links: LinkRecord,
    private readonly counters: Loaded['counters'],
  ) {
    this.name = file.name;
  }

  profile(): LineCount[] {
    const lines = new Map<string, { file: string; line: number; instructions: number }>();
    for (const { rounds, insns } of this.counters()) {
      if (!rounds) continue;
      for (const { line } of insns) {
        if (!line) continue;
        const key = `${line.file}:${line.line}`;
        const known = lines.get(key);
        if (known) known.instructions += rounds;
        else lines.set(key, { file: line.file, line: line.line, instructions: rounds });
      }
    }
    return [...lines.values()].sort((a, b) => b.instructions - a.instructions);
  }

  coverage(): Coverage {
    return coverageOf(this.file, this.counters());
  }

  /** Address of a global variable of the object, and its bytes; undefined where it has none. */
  variable(name: string): { address: number; size: number } | undefined {
    for (const section of this.file.data)
      for (const v of section.variables)
        if (v.name === name)
          return { address: this.data.get(section.name)! + v.offset, size: v.size };
    return undefined;
  }
}

export class OpenedObject implements OpenObject {
  readonly file: ObjectFile;
  private linked = false;

  constructor(
    readonly space: Space,
    bytes: Uint8Array,
    readonly name: string,
  ) {
    this.file = readObject(bytes, name);
  }

  set(variable: string, value: Value): void {
    for (const section of this.file.data) {
      const found = section.variables.find((v) => v.name === variable);
      if (!found) continue;
      writeValue(this.file.types, found, section.bytes, value);
      return;
    }
    const names = this.file.data.flatMap((s) => s.variables.map((v) => v.name));
    throw new SimError(
      'NO_VARIABLE',
      `${this.name} has no variable ${variable}`,
      `it has ${names.filter((n) => !n.startsWith('scxts_')).join(', ') || 'none'}`,
    );
  }

  link(calls: Calls, host: Host): Promise<LoadedObject> {
    return new Promise((resolve) => resolve(this.linkNow(calls, host)));
  }

  /** The same at once. */
  linkNow(calls: Calls, host: Host): LoadedObject {
    if (this.linked) throw new SimError('LINKED', `${this.name} is loaded already`);
    this.linked = true;
    const { space, file } = this;
    space.host = host;
    const places = placeData(space, file);
    const maps = this.createMaps();
    const settings = placeConfig(space, file);
    const linker = new Linker(file, space.types, space.kernel, {
      section: (index) => places.get(index),
      map: (name) => maps.get(name)?.handle,
      variable: (name) => space.variable(name)?.address,
      config: (name) => settings.get(name),
    });
    const linked = linker.link();
    const members = membersOf(file);
    const programs = file.functions.filter((f) => f.section !== '.text');
    const shapes = new Map(
      programs.map((f) => [f.name, shapeOf(space.types, f, members.get(f.name))]),
    );
    const tableBase = space.table.length;
    const loaded = loadModule(
      space,
      file,
      linked,
      programs.map((f) => {
        const { form, letters } = shapes.get(f.name)!;
        return { name: f.name, index: f.index, form, parameters: letters };
      }),
      new CallTable([...calls.functions, ...standardCalls(space)]),
    );
    linkData(space, file, places, (section, offset) => {
      const f = file.functions.find((g) => g.sectionIndex === section && g.start * 8 === offset);
      return f && tableBase + f.index;
    });
    const handles = new Map<string, Program>();
    for (const f of programs) {
      const { parameters, result } = shapes.get(f.name)!;
      handles.set(f.name, {
        name: f.name,
        section: f.section,
        parameters,
        result,
        call: guarded(space, loaded.entries.get(f.name)!),
        lastInstructions: () => space.context.instructions(),
      });
    }
    return new LoadedObject(
      file,
      space,
      handles,
      file.structOps.map((v) => new StructOpsValue(file.types, v, space.types, handles)),
      maps,
      new Map(file.data.map((s) => [s.name, places.get(s.index)!])),
      {
        functions: new Map([...linked.functions].map(([name, to]) => [name, to?.name ?? null])),
        relocations: linked.relocations,
      },
      loaded.counters,
    );
  }

  private createMaps(): Map<string, BpfMap> {
    const { space, file } = this;
    const maps = new Map<string, BpfMap>();
    for (const definition of file.maps) {
      if (
        definition.perPossibleCpu ||
        (definition.type === PERF_EVENT_ARRAY && !definition.maxEntries)
      )
        definition.maxEntries = space.cpus;
      maps.set(definition.name, createMap(space, definition, file.types));
    }
    for (const definition of file.maps) {
      const outer = maps.get(definition.name);
      if (!(outer instanceof MapOfMaps)) continue;
      const key = space.memory.allocate(16, 'a key');
      for (const [index, name] of definition.initial) {
        space.memory.u32[key >>> 2] = index;
        const inner = maps.get(name);
        if (inner) outer.put(key, inner);
      }
      space.memory.free(key);
    }
    return maps;
  }
}

/** Opens an object in a modelled kernel. Throws SimError for what no loader would take. */
export function openInSpace(space: KernelSpace, object: Uint8Array, name: string): OpenedObject {
  if (!(space instanceof Space))
    throw new SimError('NO_SPACE', 'this is no space of createSpace()');
  return new OpenedObject(space, object, name);
}

import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { addon, type NativeLink, type NativeMap } from './addon.js';
import { dropUnsupported, opsMembers } from './compat.js';
import { counterViews, type CounterView } from './counters.js';
import { native, ScxtsError } from './errors.js';
import { ExitWatch, type ExitInfo } from './exit.js';
import { viewOf, type Layout } from './layout.js';
import { checkNoOther, preflight } from './kernel.js';
import { AttachedLink } from './link.js';
import {
  ArrayMap,
  HashMap,
  PercpuArrayMap,
  PercpuHashMap,
  PercpuVar,
  QueueMap,
  type MapHost,
} from './maps.js';
import { openInfo, type ObjectInfo, type Variable } from './object.js';
import { RingBuffer } from './rings.js';
import { CgroupStorageMap, TaskStorageMap } from './storage.js';
import type { SkeletonTypes, OpsData, SyscallProgram, TracingProgram } from './types.js';

/** An opened object: config, initial globals and ops can be set. No kernel is touched yet. */
export class OpenScheduler<T extends SkeletonTypes = SkeletonTypes> {
  readonly config: T['config'];
  readonly globals: T['globals'];
  readonly ops: OpsData;
  private state: 'open' | 'loaded' | 'closed' = 'open';

  constructor(
    readonly info: ObjectInfo,
    readonly name: string,
  ) {
    this.config = this.variables(info.configs()) as T['config'];
    this.globals = this.variables(info.globals()) as T['globals'];
    this.ops = this.opsView();
  }

  private check(): void {
    if (this.state === 'closed') throw new ScxtsError('ERR_CLOSED', 'the object is closed');
    if (this.state === 'loaded')
      throw new ScxtsError('ERR_PHASE', 'the object is loaded already; set this before load()', {
        hint: 'config is constant once loaded; change globals or maps of the loaded scheduler',
      });
  }

  /** An object whose properties are the initial values of variables. */
  private variables(list: Variable[]): object {
    const out = {};
    for (const variable of list) {
      const layout = this.info.layout(variable.typeId);
      Object.defineProperty(out, variable.name, {
        enumerable: true,
        get: () => {
          const initial = native(() => this.info.native.readInitial(variable.map));
          return initial ? layout.read(viewOf(initial), variable.offset) : undefined;
        },
        set: (value: unknown) => {
          this.check();
          const bytes = new Uint8Array(layout.size);
          layout.write(viewOf(bytes), 0, value, variable.name);
          native(() => this.info.native.writeInitial(variable.map, variable.offset, bytes));
        },
      });
    }
    return Object.seal(out);
  }

  private opsView(): OpsData {
    const out = {};
    const map = this.info.opsMap ?? '';
    for (const member of opsMembers(this.info)) {
      if (member.isCallback) continue;
      const layout = this.info.layout(member.typeId);
      Object.defineProperty(out, member.name, {
        enumerable: true,
        get: () =>
          layout.read(
            viewOf(native(() => this.info.native.readInitial(map)) ?? new Uint8Array(0)),
            member.offset,
          ),
        set: (value: unknown) => {
          this.check();
          const bytes = new Uint8Array(layout.size);
          layout.write(viewOf(bytes), 0, value, `ops.${member.name}`);
          native(() => this.info.native.writeInitial(map, member.offset, bytes));
        },
      });
    }
    return Object.seal(out) as OpsData;
  }

  /** Size of a map, before it is made. */
  setMaxEntries(map: keyof T['maps'] & string, entries: number): void {
    this.check();
    native(() => this.info.native.setMaxEntries(map, entries));
  }

  /** Makes the maps and has the kernel verify the programs. */
  load(
    options: { requireKernel?: boolean; onWarning?: (text: string) => void } = {},
  ): LoadedScheduler<T> {
    this.check();
    preflight();
    const warnings = dropUnsupported(this.info, this.name);
    if (warnings.length && options.requireKernel) {
      throw new ScxtsError('ERR_KERNEL', `this kernel is too old: ${warnings.join('; ')}`, {
        hint: 'run it on a newer kernel, or without requireKernel',
      });
    }
    const warn = options.onWarning ?? ((text: string) => process.emitWarning(text, 'ScxtsWarning'));
    for (const text of warnings) warn(text);
    this.sizePerCpuMaps();
    this.checkKconfig();
    native(() => this.info.native.load());
    this.state = 'loaded';
    return new LoadedScheduler<T>(this.info, this.name);
  }

  /** libbpf needs the kernel's configuration for kconfig<T>() and says little where there is none. */
  /**
   * Loads without the scheduler itself, for a kernel that has no sched_ext: maps, tracing and syscall
   * programs work as ever, attach() does not. This is how parts of a scheduler are tested anywhere.
   */
  loadWithoutScheduler(): LoadedScheduler<T> {
    this.check();
    const { native: object, opsMap, programs } = this.info;
    if (opsMap) native(() => object.setAutocreate(opsMap, false));
    for (const program of programs) {
      if (program.section.startsWith('struct_ops'))
        native(() => object.setAutoload(program.name, false));
    }
    this.sizePerCpuMaps();
    native(() => object.load());
    this.state = 'loaded';
    return new LoadedScheduler<T>(this.info, this.name);
  }

  private checkKconfig(): void {
    if (![...this.info.maps.keys()].some((n) => n.endsWith('.kconfig'))) return;
    const places = ['/proc/config.gz', `/boot/config-${release()}`];
    if (places.some((p) => existsSync(p))) return;
    throw new ScxtsError(
      'ERR_NO_KCONFIG',
      `the program reads the kernel's configuration (kconfig), which is not here: ${places.join(', ')}`,
      {
        hint: 'install the configuration of the running kernel, or boot one built with CONFIG_IKCONFIG_PROC',
      },
    );
  }

  private sizePerCpuMaps(): void {
    const tagged = new Set(
      this.info.layouts.types.flatMap((t) =>
        t.kind === 'decl_tag' && t.name === 'scxts:nr_cpus'
          ? [this.info.layouts.types[t.type]?.name ?? '']
          : [],
      ),
    );
    for (const name of tagged)
      if (this.info.maps.has(name))
        native(() => this.info.native.setMaxEntries(name, addon().possibleCpus()));
  }

  [Symbol.dispose](): void {
    if (this.state === 'open') this.info.native.close();
    this.state = 'closed';
  }
}

type AnyMap = unknown;
type MapMaker = (host: MapHost, info: NativeMap, record: Layout | undefined) => AnyMap;

/** BPF_MAP_TYPE_* to the class that serves it. */
const MAP_CLASSES: Record<number, MapMaker> = {
  1: (h, m) => new HashMap(h, m),
  2: (h, m) => new ArrayMap(h, m),
  5: (h, m) => new PercpuHashMap(h, m),
  6: (h, m) => (m.maxEntries === 1 ? new PercpuVar(h, m) : new PercpuArrayMap(h, m)),
  9: (h, m) => new HashMap(h, m),
  10: (h, m) => new PercpuHashMap(h, m),
  11: (h, m) => new HashMap(h, m),
  22: (h, m) => new QueueMap(h, m),
  23: (h, m) => new QueueMap(h, m),
  27: (h, m, r) => new RingBuffer(h, m, r),
  29: (h, m) => new TaskStorageMap(h, m),
  32: (h, m) => new CgroupStorageMap(h, m),
};

/** A loaded object: maps exist and programs are verified, but nothing runs yet. */
export class LoadedScheduler<T extends SkeletonTypes = SkeletonTypes> implements MapHost {
  readonly native;
  readonly config: Readonly<T['config']>;
  readonly globals: T['globals'];
  readonly counters: Record<T['counters'], CounterView>;
  readonly maps: T['maps'];
  readonly progs: T['progs'];
  private open = true;
  private links: NativeLink[] = [];

  constructor(
    private readonly info: ObjectInfo,
    readonly name: string,
  ) {
    this.native = info.native;
    this.config = this.frozenConfig() as T['config'];
    this.globals = this.sharedGlobals() as T['globals'];
    this.counters = counterViews(this, info) as Record<T['counters'], CounterView>;
    this.maps = this.makeMaps() as T['maps'];
    this.progs = this.makePrograms() as T['progs'];
  }

  layout(typeId: number): Layout {
    return this.info.layout(typeId);
  }
  isOpen(): boolean {
    return this.open;
  }
  check(): void {
    if (!this.open) throw new ScxtsError('ERR_CLOSED', 'the scheduler is closed');
  }

  private frozenConfig(): object {
    const out: Record<string, unknown> = {};
    for (const variable of this.info.configs()) {
      const initial = native(() => this.info.native.readInitial(variable.map));
      if (initial)
        out[variable.name] = this.info
          .layout(variable.typeId)
          .read(viewOf(Uint8Array.from(initial)), variable.offset);
    }
    return Object.freeze(out);
  }

  /** Accessors on the memory that BPF uses: reading and writing cost a few nanoseconds. */
  private sharedGlobals(): object {
    const out = {};
    const memory = new Map<string, DataView>();
    for (const variable of this.info.globals()) {
      let view = memory.get(variable.map);
      if (!view) {
        view = new DataView(native(() => this.info.native.mmap(variable.map)));
        memory.set(variable.map, view);
      }
      const shared = view;
      const layout = this.info.layout(variable.typeId);
      Object.defineProperty(out, variable.name, {
        enumerable: true,
        get: () => {
          this.check();
          return layout.read(shared, variable.offset);
        },
        set: (value: unknown) => {
          this.check();
          layout.write(shared, variable.offset, value, variable.name);
        },
      });
    }
    return Object.seal(out);
  }

  private makeMaps(): object {
    const out: Record<string, unknown> = {};
    for (const map of this.info.maps.values()) {
      const make = MAP_CLASSES[map.type];
      if (make && !map.name.includes('.') && map.name !== 'scxts_counters')
        out[map.name] = make(this, map, this.recordOf(map.name));
    }
    return Object.freeze(out);
  }

  /** Type of a ring's records: what the pointer that the compiler made for it points to. */
  private recordOf(map: string): Layout | undefined {
    const variable = this.info.variables.get(`scxts_record_${map}`);
    const pointer = variable && this.info.layouts.strip(variable.typeId);
    return pointer?.kind === 'ptr' ? this.layout(pointer.type) : undefined;
  }

  private makePrograms(): object {
    const out: Record<string, SyscallProgram<unknown> | TracingProgram> = {};
    for (const program of this.info.programs) {
      if (program.section.startsWith('struct_ops')) continue;
      if (program.section !== 'syscall') {
        out[program.name] = { attach: () => this.native.attachProgram(program.name) };
        continue;
      }
      const layout = this.argumentOf(program.name);
      out[program.name] = {
        run: (args: unknown) => {
          this.check();
          if (!layout) return native(() => this.native.run(program.name));
          const bytes = new Uint8Array(layout.size);
          layout.write(viewOf(bytes), 0, args ?? {}, '');
          return native(() => this.native.run(program.name, bytes));
        },
      };
    }
    return Object.freeze(out);
  }

  private argumentOf(program: string): Layout | undefined {
    const { types } = this.info.layouts;
    const fn = types.find((t) => t.kind === 'func' && t.name === program);
    const proto = fn && types[fn.type];
    const first = proto?.params?.[0];
    const pointer = first && this.info.layouts.strip(first.type);
    const target = pointer?.kind === 'ptr' ? this.info.layouts.strip(pointer.type) : undefined;
    return target?.kind === 'struct' && pointer ? this.layout(pointer.type) : undefined;
  }

  /** Makes the scheduler the kernel's, and attaches the programs beside it. */
  attach(): AttachedLink {
    this.check();
    const map = this.info.opsMap;
    if (!map) throw new ScxtsError('ERR_NO_SCHEDULER', 'the object holds no scheduler');
    checkNoOther();
    const watch = new ExitWatch(this.native, this.info);
    for (const program of this.info.programs) {
      if (program.section.startsWith('struct_ops') || program.section === 'syscall') continue;
      this.links.push(native(() => this.native.attachProgram(program.name)));
    }
    try {
      const link = native(() => this.native.attachStructOps(map));
      return new AttachedLink(link, this.links, watch);
    } catch (error) {
      this.links.forEach((l) => l.destroy());
      throw watch.ended ? this.refused(watch.read(), error) : error;
    }
  }

  /** init() or a check of the kernel refused: its words say more than the error number. */
  private refused(exit: ExitInfo, cause: unknown): ScxtsError {
    return new ScxtsError(
      'ERR_ATTACH',
      `the kernel refused the scheduler: ${exit.reason}${exit.message ? ` (${exit.message})` : ''}`,
      { cause },
    );
  }

  [Symbol.dispose](): void {
    if (!this.open) return;
    this.open = false;
    this.links.forEach((l) => l.destroy());
    this.native.close();
  }
}

/** Opens an object file without a skeleton, as `scxts load FILE.bpf.o` does. */
export function openObject(source: string | Uint8Array): OpenScheduler {
  const info = openInfo(source);
  const name = info.opsMap?.replace(/_ops$/, '') ?? '';
  return new OpenScheduler(info, name);
}

import type { NativeObject, ProgramInfo } from './addon.js';
import { AttachedLink, type KernelLink } from './attached.js';
import type { Clock } from './backend.js';
import type { ComponentSet, LoadedComponent, LoadedHalves } from './components.js';
import { CounterSet } from './counters.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { watchExit, type ExitWatch } from './exit.js';
import { checkNoOther } from './kernel.js';
import {
  BPF_MAP_TYPE_ARENA,
  BPF_MAP_TYPE_STRUCT_OPS,
  makeArena,
  makeMap,
  type ArenaEntries,
  type BpfMap,
} from './maps/index.js';
import type { ObjectInfo, Variable } from './object.js';
import { IteratorProgram, isIterator } from './iterator.js';
import { SyscallProgram } from './programs.js';
import { TracingProgram, TracingSet, type AttachOptions, type TracingEntry } from './tracing.js';
import type { Counters, DeepReadonly, LiveViews, NumberViews, SkeletonTypes } from './types.js';
import {
  frozenValues,
  liveViews,
  numberViews,
  placesOf,
  Sections,
  sharedValues,
} from './variables.js';

const EBUSY = 16;
const BPF_F_MMAPABLE = 1 << 10;
const COUNTERS = 'scxts_counters';

/** Of a scheduler that the kernel has let go of before it gave a link. */
const NO_LINK: KernelLink = {
  destroy: () => undefined,
  destroyAsync: () => Promise.resolve(),
};

/** What the open phase decided of a program. */
export interface ProgramChoice {
  autoload: boolean;
  autoattach: boolean;
  optional: boolean;
  attach: AttachOptions;
}

interface Parts {
  programs: ReadonlyMap<string, ProgramChoice>;
  warn: (text: string) => void;
  components: ComponentSet;
  /** false: by loadWithoutScheduler(). */
  withScheduler: boolean;
}

/** A loaded object: maps exist and programs are verified, but nothing runs yet. */
export class LoadedScheduler<T extends SkeletonTypes = SkeletonTypes> {
  readonly config: DeepReadonly<T['config']>;
  /**
   * Variables in the memory that BPF uses; 64-bit ones as bigint. An aligned integer is always whole, a
   * struct or array may be half old and half new. Structs and arrays are read when asked for; what is set in one is written.
   */
  readonly globals: T['globals'];
  /** The same with integers as numbers, structs live; above 2^53 the last digits are lost. */
  readonly numbers: NumberViews<T['globals']>;
  /** The same where they lie: typed arrays over the memory itself, live structs. For hot loops. */
  readonly views: LiveViews<T['globals']>;
  readonly counters: Counters<T>;
  readonly maps: T['maps'];
  readonly progs: T['progs'];
  /** What the userspace halves of its components offer. */
  readonly components: LoadedHalves<T>;
  private readonly object: NativeObject;
  private readonly sections: Sections;
  private readonly counterSet: CounterSet;
  private readonly allMaps: BpfMap[] = [];
  private readonly tracing: TracingSet;
  private link: AttachedLink | undefined;
  private open = true;
  private attaching = false;

  constructor(
    readonly info: ObjectInfo,
    readonly name: string,
    private readonly parts: Parts,
  ) {
    this.object = info.native;
    this.sections = new Sections(this.object);
    const check = (): void => this.check();
    // libbpf makes a section of static variables only one that cannot be mapped.
    const mapped = info
      .globals()
      .filter((v) => (info.maps.get(v.map)?.flags ?? 0) & BPF_F_MMAPABLE);
    const globals = placesOf(info, mapped);
    this.config = frozenValues(this.object, placesOf(info, info.configs())) as DeepReadonly<
      T['config']
    >;
    const shared = { sections: this.sections, places: globals, check };
    this.globals = sharedValues(shared) as T['globals'];
    this.numbers = numberViews(shared) as NumberViews<T['globals']>;
    this.views = liveViews(shared) as LiveViews<T['globals']>;
    this.counterSet = this.makeCounters();
    this.counters = this.counterSet.views() as Counters<T>;
    this.maps = this.makeMaps() as T['maps'];
    const tracing: TracingEntry[] = [];
    this.progs = this.makePrograms(tracing) as T['progs'];
    this.tracing = new TracingSet(tracing, parts.warn);
    parts.components.load(
      this as Record<keyof LoadedComponent & keyof LoadedScheduler, object> & typeof this,
    );
    this.components = parts.components.loaded as LoadedHalves<T>;
  }

  /** Time on the machine that it runs on: for what user space does again and again. */
  get clock(): Clock {
    return this.info.backend.clock;
  }

  private check(): void {
    if (!this.open) throw new ScxtsError('ERR_CLOSED', 'the scheduler is closed');
  }

  /** Sums of all counters, from one reading of them. */
  readCounters(): Record<T['counters'], bigint> {
    this.check();
    return this.counterSet.snapshot() as Record<T['counters'], bigint>;
  }

  /** What the kernel made of each program that was loaded, callbacks included: sizes, and what verifying took. */
  programInfo(): Record<string, ProgramInfo> {
    this.check();
    // Asked anew: load() leaves out what the kernel has nothing for.
    const loaded = this.object.programs().filter((p) => p.autoload);
    return Object.fromEntries(
      loaded.map(({ name }) => [name, native(() => this.object.programInfo(name))]),
    );
  }

  private makeCounters(): CounterSet {
    const variable = this.info.variables.get(COUNTERS);
    const slots = variable && this.info.layout(variable.typeId).element;
    const check = (): void => this.check();
    if (!variable || !slots) return new CounterSet(undefined, [], check);
    const { buffer, base } = this.sections.memory(variable.map);
    const place = {
      buffer,
      offset: base + variable.offset,
      slots: slots.count,
      size: slots.layout.size,
      backend: this.info.backend,
    };
    return new CounterSet(place, this.info.counters, check);
  }

  private makeMaps(): object {
    const out: [string, BpfMap][] = [];
    for (const definition of this.info.declaredMaps()) {
      const { name, keyType, valueType, type, inner } = definition;
      if (type === BPF_MAP_TYPE_STRUCT_OPS) continue;
      const handle = native(() => this.object.map(name));
      const tsName = this.info.authorName(name);
      const parts = {
        name: tsName,
        handle,
        info: native(() => handle.info()),
        ...this.info.entryOf(keyType, valueType),
        record: this.info.recordOf(name),
        inner: inner ? this.info.entryOf(inner.keyType, inner.valueType) : undefined,
        dropped: this.droppedBy(name),
        siblings: () => this.allMaps,
        backend: this.info.backend,
      };
      const map =
        type === BPF_MAP_TYPE_ARENA
          ? makeArena(parts, () => native(() => this.object.arena(name)), this.entriesOf(name))
          : makeMap(parts);
      this.allMaps.push(map);
      out.push([tsName, map]);
      if (type !== BPF_MAP_TYPE_ARENA) continue;
      for (const part of this.info.arenaParts(name)) {
        const own = { ...parts, name: part.tsName, handle: native(() => this.object.map(name)) };
        const memory = (): ReturnType<NativeObject['arena']> =>
          native(() => this.object.arena(name));
        const view = makeArena(own, memory, this.entriesOf(part.name));
        this.allMaps.push(view);
        out.push([part.tsName, view]);
      }
    }
    return Object.freeze(Object.fromEntries(out));
  }

  /** The entries of an arena that scxts declared; undefined of any other. */
  private entriesOf(arena: string): ArenaEntries | undefined {
    const layout = this.info.recordOf(arena);
    const base = this.info.variables.get(`scxts_base_${arena}`);
    const used = this.info.variables.get(`scxts_used_${arena}`);
    if (!layout || layout.size === 0 || base?.size !== 8 || used?.size !== 4) return undefined;
    const read = (variable: Variable): unknown =>
      this.sections.memory(variable.map).read(this.info.layout(variable.typeId), variable.offset);
    return {
      layout,
      ...this.mostIn(base),
      first: () => BigInt(read(base) as bigint),
      used: () => Number(read(used)),
    };
  }

  /** How many entries the object says that an arena has; nothing for one that has a map of its own. */
  private mostIn({ tag }: Variable): { most?: number } {
    const most = /^entries=(\d+)/.exec(tag ?? '')?.[1];
    return most === undefined ? {} : { most: Number(most) };
  }

  /** How many records of a ring BPF had no room for; undefined if the object does not count them. */
  private droppedBy(ring: string): (() => bigint) | undefined {
    const variable = this.info.variables.get(`scxts_dropped_${ring}`);
    if (variable?.size !== 8) return undefined;
    const memory = this.sections.memory(variable.map);
    const layout = this.info.layout(variable.typeId);
    return () => BigInt(memory.read(layout, variable.offset) as bigint);
  }

  private makePrograms(tracing: TracingEntry[]): object {
    const out: [string, unknown][] = [];
    const check = (): void => this.check();
    for (const { name, section } of this.info.programs) {
      if (section.startsWith('struct_ops')) continue;
      const add = (program: unknown): void => void out.push([this.info.authorName(name), program]);
      if (section === 'syscall') {
        add(new SyscallProgram(name, this.object, this.info.argumentOf(name), check));
        continue;
      }
      if (isIterator(section)) {
        add(new IteratorProgram(name, section, this.object, check));
        continue;
      }
      const choice = this.parts.programs.get(name);
      const program = new TracingProgram(
        name,
        section,
        this.object,
        check,
        choice?.attach,
        this.info.backend,
      );
      const automatic = choice === undefined || (choice.autoload && choice.autoattach);
      tracing.push({ program, automatic, optional: choice?.optional ?? false });
      add(program);
    }
    return Object.freeze(Object.fromEntries(out));
  }

  private prepare(): { map: string; watch: ExitWatch } {
    this.check();
    const map = this.info.opsMap;
    if (!map) throw new ScxtsError('ERR_NO_SCHEDULER', 'the object holds no scheduler');
    if (!this.parts.withScheduler)
      throw new ScxtsError('ERR_NO_SCHEDULER', `${this.name} was loaded without its scheduler`, {
        hint: 'load() loads it with the scheduler',
      });
    if (this.attaching)
      throw new ScxtsError('ERR_PHASE', `${this.name} is being attached; await that first`);
    if (this.link && !this.link.released) {
      if (this.link.attached)
        throw new ScxtsError('ERR_PHASE', `${this.name} is attached already; detach() it first`);
      // The kernel ended it: what is left of it goes before it starts anew.
      this.link.detach();
    }
    if (this.info.isScheduler) checkNoOther(this.info.backend);
    const watch = watchExit(this.info, this.sections);
    watch.reset();
    return { map, watch };
  }

  /**
   * Makes the scheduler the kernel's, and attaches the programs beside it. One that ends at once, in init() already even, gives a link
   * like any other, which says why: `exit`, `exited`. Throws ERR_BUSY if another one runs, ERR_ATTACH if the kernel does not take it.
   */
  attach(): AttachedLink {
    const { map, watch } = this.prepare();
    this.tracing.attach();
    let link: KernelLink;
    try {
      link = native(() => this.object.attachStructOps(map));
    } catch (error) {
      link = this.refused(error, watch);
    }
    return this.started(link, watch);
  }

  /** The same on another thread: the kernel takes every task of the machine over. */
  async attachAsync(): Promise<AttachedLink> {
    const { map, watch } = this.prepare();
    this.attaching = true;
    try {
      await this.tracing.attachAsync();
      let link: KernelLink;
      try {
        link = await nativeAsync(() => this.object.attachStructOpsAsync(map));
      } catch (error) {
        link = this.refused(error, watch);
      }
      return this.started(link, watch);
    } finally {
      this.attaching = false;
    }
  }

  /** The kernel gave no link. Where the scheduler's exit() ran it has been and gone; anything else is an error. */
  private refused(error: unknown, watch: ExitWatch): KernelLink {
    if (watch.ended && this.info.variables.has('scxts_exit')) return NO_LINK;
    this.tracing.detach();
    if (error instanceof ScxtsError && error.errno === EBUSY)
      throw new ScxtsError('ERR_BUSY', 'another scheduler was started at the same time', {
        errno: EBUSY,
        cause: error,
        hint: 'scxts status shows it, scxts stop ends it',
      });
    throw error;
  }

  private started(link: KernelLink, watch: ExitWatch): AttachedLink {
    this.link = new AttachedLink(link, this.beside(), watch, this.info.backend.clock);
    // Halves of components run beside a scheduler that runs.
    if (watch.ended) return this.link;
    try {
      this.parts.components.attach(this.link);
    } catch (error) {
      this.link[Symbol.dispose]();
      throw error;
    }
    return this.link;
  }

  /** What ends with the scheduler. */
  private beside(): { detach(): void; detachAsync(): Promise<void> } {
    const { tracing, parts } = this;
    return {
      detach: () => {
        tracing.detach();
        parts.components.stop();
      },
      detachAsync: async () => {
        await tracing.detachAsync();
        parts.components.stop();
      },
    };
  }

  /**
   * Detaches the scheduler if it runs, and frees everything. Views of memory stay valid. Throws
   * ERR_PHASE while attachAsync() is under way.
   */
  close(): void {
    if (!this.open) return;
    if (this.attaching)
      throw new ScxtsError(
        'ERR_PHASE',
        `${this.name} is being attached; await that before closing it`,
      );
    this.open = false;
    this.link?.[Symbol.dispose]();
    this.tracing.detach();
    this.parts.components.close();
    for (const map of this.allMaps) map.close();
    this.object.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The same without blocking: what waits for the kernel runs on another thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.link?.detachAsync();
    await this.tracing.detachAsync();
    this.close();
  }
}

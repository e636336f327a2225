import type { NativeLink, NativeMap, NativeObject } from './addon.js';
import { AttachedLink } from './attached.js';
import { CounterSet } from './counters.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { watchExit, type ExitWatch } from './exit.js';
import { checkNoOther } from './kernel.js';
import {
  BPF_MAP_TYPE_ARENA,
  BPF_MAP_TYPE_STRUCT_OPS,
  makeArena,
  makeMap,
  type BpfMap,
} from './maps/index.js';
import type { ObjectInfo } from './object.js';
import { isTracing, SyscallProgram, TracingProgram } from './programs.js';
import { enableSeq } from './sysfs.js';
import type { Counters, NumberViews, SkeletonTypes, TypedViews } from './types.js';
import {
  frozenValues,
  numberViews,
  placesOf,
  Sections,
  sharedValues,
  typedViews,
} from './variables.js';

const EBUSY = 16;
const COUNTERS = 'scxts_counters';

interface Parts {
  /** Programs that the scheduler does without where they cannot be attached. */
  optional: Set<string>;
  warn: (text: string) => void;
}

/** A loaded object: maps exist and programs are verified, but nothing runs yet. */
export class LoadedScheduler<T extends SkeletonTypes = SkeletonTypes> {
  readonly config: Readonly<T['config']>;
  /** Variables in the memory that BPF uses; 64-bit ones as bigint. Structs may be read half-written. */
  readonly globals: T['globals'];
  /** The integers among them as numbers; above 2^53 the last digits are lost. */
  readonly numbers: NumberViews<T['globals']>;
  /** Integers and arrays of them as typed arrays over the same memory, for hot loops. */
  readonly views: TypedViews<T['globals']>;
  readonly counters: Counters<T>;
  readonly maps: T['maps'];
  readonly progs: T['progs'];
  private readonly object: NativeObject;
  private readonly sections: Sections;
  private readonly counterSet: CounterSet;
  private readonly handles: NativeMap[] = [];
  private readonly allMaps: BpfMap[] = [];
  private readonly tracing: TracingProgram[] = [];
  private link: AttachedLink | undefined;
  private open = true;

  constructor(
    readonly info: ObjectInfo,
    readonly name: string,
    private readonly parts: Parts,
  ) {
    this.object = info.native;
    this.sections = new Sections(this.object);
    const check = (): void => this.check();
    const globals = placesOf(info, info.globals());
    this.config = frozenValues(this.object, placesOf(info, info.configs())) as T['config'];
    this.globals = sharedValues(this.sections, globals, check) as T['globals'];
    this.numbers = numberViews(this.sections, globals, check) as NumberViews<T['globals']>;
    this.views = typedViews(this.sections, globals, check) as TypedViews<T['globals']>;
    this.counterSet = this.makeCounters();
    this.counters = this.counterSet.views() as Counters<T>;
    this.maps = this.makeMaps() as T['maps'];
    this.progs = this.makePrograms() as T['progs'];
  }

  private check(): void {
    if (!this.open) throw new ScxtsError('ERR_CLOSED', 'the scheduler is closed');
  }

  /** Sums of all counters, from one reading of them. */
  readCounters(): Record<T['counters'], bigint> {
    this.check();
    return this.counterSet.snapshot() as Record<T['counters'], bigint>;
  }

  private makeCounters(): CounterSet {
    const members = this.info.counters;
    const map =
      this.info.maps.has(COUNTERS) && members.length > 0
        ? native(() => this.object.map(COUNTERS))
        : undefined;
    if (map) this.handles.push(map);
    return new CounterSet(map, map ? members : [], () => this.check());
  }

  private makeMaps(): object {
    const out: Record<string, unknown> = {};
    for (const definition of this.info.declaredMaps()) {
      const { name, keyType, valueType, type } = definition;
      if (type === BPF_MAP_TYPE_STRUCT_OPS) continue;
      const handle = native(() => this.object.map(name));
      const parts = {
        name,
        handle,
        info: native(() => handle.info()),
        key: keyType ? this.info.layout(keyType) : undefined,
        value: valueType ? this.info.layout(valueType) : undefined,
        record: this.info.recordOf(name),
        siblings: () => this.allMaps,
      };
      const map =
        type === BPF_MAP_TYPE_ARENA
          ? makeArena(parts, (n) => native(() => this.object.arena(n)))
          : makeMap(parts);
      this.allMaps.push(map);
      out[name] = map;
    }
    return Object.freeze(out);
  }

  private makePrograms(): object {
    const out: Record<string, unknown> = {};
    const check = (): void => this.check();
    for (const { name, section } of this.info.programs) {
      if (section.startsWith('struct_ops')) continue;
      if (section === 'syscall') {
        out[name] = new SyscallProgram(name, this.object, this.info.argumentOf(name), check);
        continue;
      }
      const program = new TracingProgram(name, section, this.object, check);
      this.tracing.push(program);
      out[name] = program;
    }
    return Object.freeze(out);
  }

  /** Attaches the programs beside the scheduler, those that say where. */
  private attachTracing(): void {
    const loaded = new Set(
      native(() => this.object.programs())
        .filter((p) => p.autoload && isTracing(p.section))
        .map((p) => p.name),
    );
    for (const program of this.tracing) {
      if (!program.attachesItself || !loaded.has(program.name)) continue;
      try {
        program.attach();
      } catch (error) {
        if (!this.parts.optional.has(program.name)) {
          this.detachTracing();
          throw error;
        }
        this.parts.warn(`program '${program.name}' is not attached: ${(error as Error).message}`);
      }
    }
  }

  private detachTracing(): void {
    for (const program of this.tracing) program.detach();
  }

  private prepare(): { map: string; watch: ExitWatch; before: string | undefined } {
    this.check();
    const map = this.info.opsMap;
    if (!map) throw new ScxtsError('ERR_NO_SCHEDULER', 'the object holds no scheduler');
    if (this.link?.attached)
      throw new ScxtsError('ERR_PHASE', `${this.name} is attached already; detach() it first`);
    if (this.info.isScheduler) checkNoOther();
    const watch = watchExit(this.info, this.sections);
    watch.reset();
    this.attachTracing();
    return { map, watch, before: enableSeq() };
  }

  /**
   * Makes the scheduler the kernel's, and attaches the programs beside it. Throws ERR_BUSY if another
   * one runs, ERR_ATTACH (with `exit` where the kernel said why) if it did not start.
   */
  attach(): AttachedLink {
    const { map, watch, before } = this.prepare();
    let link: NativeLink;
    try {
      link = native(() => this.object.attachStructOps(map));
    } catch (error) {
      throw this.refused(error, watch);
    }
    return this.started(link, watch, before);
  }

  /** The same on another thread: the kernel takes every task of the machine over. */
  async attachAsync(): Promise<AttachedLink> {
    const { map, watch, before } = this.prepare();
    let link: NativeLink;
    try {
      link = await nativeAsync(() => this.object.attachStructOpsAsync(map));
    } catch (error) {
      throw this.refused(error, watch);
    }
    return this.started(link, watch, before);
  }

  private refused(error: unknown, watch: ExitWatch): unknown {
    this.detachTracing();
    if (watch.ended && this.info.variables.has('scxts_exit')) return notStarted(watch, error);
    if (error instanceof ScxtsError && error.errno === EBUSY)
      return new ScxtsError('ERR_BUSY', 'another scheduler was started at the same time', {
        errno: EBUSY,
        cause: error,
        hint: 'scxts status shows it, scxts stop ends it',
      });
    return error;
  }

  private started(link: NativeLink, watch: ExitWatch, before: string | undefined): AttachedLink {
    // The kernel reports success even where init() failed, so that exit() can say why.
    if (this.info.isScheduler && watch.ended && enableSeq() === before) {
      link.destroy();
      this.detachTracing();
      throw notStarted(watch, undefined);
    }
    this.link = new AttachedLink(link, () => this.detachTracing(), watch);
    return this.link;
  }

  /** Detaches the scheduler if it runs, and frees everything. Views of memory stay valid. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.link?.detach();
    this.detachTracing();
    for (const map of this.allMaps) map.close();
    for (const handle of this.handles) handle.close();
    this.object.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.link?.detachAsync();
    this.close();
  }
}

/** init() or a check of the kernel refused: its words say more than the error number. */
function notStarted(watch: ExitWatch, cause: unknown): ScxtsError {
  const exit = watch.read();
  const why = `${exit.reason}${exit.message ? ` (${exit.message})` : ''}`;
  return new ScxtsError('ERR_ATTACH', `the scheduler did not start: ${why}`, { cause, exit });
}

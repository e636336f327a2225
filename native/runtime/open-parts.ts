import type { MapDefinition, NativeObject, NativeProgram } from './addon.js';
import { native, ScxtsError } from './errors.js';
import { show } from './layout/index.js';
import { BpfMap } from './maps/index.js';
import type { AttachOptions } from './tracing.js';

/** A map that load() will make. */
export class OpenMap {
  private entries: number;
  private pin: string | null;

  constructor(
    private readonly object: NativeObject,
    private readonly definition: MapDefinition,
    private readonly check: () => void,
  ) {
    this.entries = definition.maxEntries;
    this.pin = definition.pinPath;
  }

  get name(): string {
    return this.definition.name;
  }

  get maxEntries(): number {
    return this.entries;
  }
  set maxEntries(entries: number) {
    this.check();
    if (!Number.isInteger(entries) || entries < 1 || entries > 0xffff_ffff)
      throw new ScxtsError(
        'ERR_VALUE',
        `${this.name}.maxEntries must be a whole number from 1 to ${0xffff_ffff}, not ${show(entries)}`,
      );
    native(() => this.object.setMaxEntries(this.name, entries));
    this.entries = entries;
  }

  /** Where load() pins the map in a BPF file system, or takes it from if it is pinned there already. */
  get pinPath(): string | null {
    return this.pin;
  }
  set pinPath(path: string | null) {
    this.check();
    native(() => this.object.setPinPath(this.name, path));
    this.pin = path;
  }

  /** load() takes this map, of the same type and sizes, instead of making one. */
  reuse(map: BpfMap): void {
    this.check();
    if (!(map instanceof BpfMap))
      throw new ScxtsError('ERR_ARGUMENT', `${this.name} can be another map only`);
    native(() => this.object.reuseMap(this.name, map.native));
  }
}

/** A program that load() will have verified. */
export class OpenProgram {
  /** The scheduler does without it, with a warning, where it cannot be attached. */
  optional = false;
  /** Attached with the scheduler; else by its own attach(). */
  autoattach = true;
  /** How it is attached with the scheduler: its cookie, what a perf event samples. */
  attach: AttachOptions = {};
  private load: boolean;
  private level = 0;

  constructor(
    private readonly object: NativeObject,
    private readonly definition: NativeProgram,
    private readonly check: () => void,
  ) {
    this.load = definition.autoload;
  }

  get name(): string {
    return this.definition.name;
  }

  /** Where it is attached: `tp_btf/sched_switch`. */
  get section(): string {
    return this.definition.section;
  }

  /** Whether it is loaded, and attached with the scheduler. */
  get autoload(): boolean {
    return this.load;
  }
  /** Verifier log of this program: 0 of a failure only, 1 or 2 in any case, 4 statistics. */
  get logLevel(): number {
    return this.level;
  }
  set logLevel(level: number) {
    this.check();
    native(() => this.object.setLogLevel(level, this.name));
    this.level = level;
  }

  set autoload(load: boolean) {
    this.check();
    native(() => this.object.setAutoload(this.name, load));
    this.load = load;
  }
}

import { existsSync } from 'node:fs';
import { ComponentSet, type Halves, type OpenHalves } from './components.js';
import { checkCounterRoom } from './counters.js';
import { dropUnsupported, missingTargets, opsMembers, readTargets } from './compat.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { chooseMembers } from './members.js';
import { configurationFiles, isMeasured } from './kconfig.js';
import { preflight, preflightBpf } from './kernel.js';
import { LoadedScheduler } from './loaded.js';
import { OpenMap, OpenProgram } from './open-parts.js';
import type { ObjectInfo } from './object.js';
import { printable } from './printable.js';
import { hotplugSeq } from './sysfs.js';
import { nrCpuIds } from './topology/index.js';
import type { LoadOptions, OpsData, SkeletonTypes } from './types.js';
import { initialValues, placesOf, unsealed } from './variables.js';

/** Maps before they are made: their size, where they are pinned. */
export type OpenMaps<T extends SkeletonTypes> = { readonly [K in keyof T['maps']]: OpenMap };
export type OpenPrograms<T extends SkeletonTypes> = {
  readonly [K in keyof T['progs']]: OpenProgram;
};

/** Bytes of a member of the operations: the longest is the name, of 128. */
const MAX_MEMBER = 4096;

/** Bounds of bpf_scx_init_member() in kernel/sched/ext.c: SCX_WATCHDOG_MAX_TIMEOUT of 30 s, INT_MAX. */
const MOST = { timeout_ms: 30_000, dispatch_max_batch: 0x7fff_ffff };

type State = 'open' | 'loading' | 'loaded' | 'failed' | 'closed';

/** An opened object: config, initial globals, ops, maps and programs can be set. No kernel is touched. */
export class OpenScheduler<T extends SkeletonTypes = SkeletonTypes> {
  readonly config: T['config'];
  readonly globals: T['globals'];
  readonly ops: OpsData;
  readonly maps: OpenMaps<T>;
  readonly progs: OpenPrograms<T>;
  /** What the userspace halves of its components offer before load. */
  readonly components: OpenHalves<T>;
  private readonly componentSet: ComponentSet;
  private state: State = 'open';

  constructor(
    readonly info: ObjectInfo,
    readonly name: string,
    halves: Halves = {},
  ) {
    const check = (): void => this.check();
    const { native: object } = info;
    this.config = initialValues(object, placesOf(info, info.configs()), check) as T['config'];
    this.globals = initialValues(object, placesOf(info, info.globals()), check) as T['globals'];
    this.ops = this.opsView();
    this.maps = Object.freeze(
      Object.fromEntries(
        info.declaredMaps().map((m) => [info.authorName(m.name), new OpenMap(object, m, check)]),
      ),
    ) as OpenMaps<T>;
    this.progs = Object.freeze(
      Object.fromEntries(
        info.programs.map((p) => [info.authorName(p.name), new OpenProgram(object, p, check)]),
      ),
    ) as unknown as OpenPrograms<T>;
    const optional = info.optionalPrograms();
    for (const program of Object.values<OpenProgram>(this.progs))
      program.optional = optional.has(program.name);
    this.componentSet = new ComponentSet(halves);
    try {
      this.expectHotplug();
      this.componentSet.open(this as Record<'config' | 'globals' | 'maps' | 'progs', object>);
    } catch (error) {
      object.close();
      throw error;
    }
    this.components = this.componentSet.opened as OpenHalves<T>;
  }

  private check(): void {
    if (this.state === 'open') return;
    if (this.state === 'closed') throw new ScxtsError('ERR_CLOSED', 'the object is closed');
    if (this.state === 'failed')
      throw new ScxtsError('ERR_PHASE', 'the object did not load; open it anew');
    throw unsealed(`the object is ${this.state === 'loading' ? 'being loaded' : 'loaded already'}`);
  }

  private opsView(): OpsData {
    const map = this.info.opsMap ?? '';
    const places = opsMembers(this.info)
      .filter((m) => !m.isPointer && this.info.layout(m.typeId).size <= MAX_MEMBER)
      .map((m) => ({
        name: m.name,
        map,
        offset: m.offset,
        layout: this.info.layout(m.typeId),
      }));
    return initialValues(this.info.native, places, () => this.check()) as OpsData;
  }

  /**
   * Makes the maps and has the kernel verify the programs. Throws ERR_LOAD with the verifier's log,
   * ERR_KERNEL (with requireKernel), ERR_PRIVILEGE, ERR_NO_KERNEL_BTF, ERR_NO_SCHED_EXT.
   */
  load(options: LoadOptions = {}): LoadedScheduler<T> {
    this.prepare(options);
    return this.finish(options, () => native(() => this.info.native.load()));
  }

  /** The same on another thread: the event loop runs on while the kernel verifies. */
  async loadAsync(options: LoadOptions = {}): Promise<LoadedScheduler<T>> {
    this.check();
    preflightBpf(undefined, this.info.backend);
    this.state = 'loading';
    let log: string;
    try {
      await readTargets(this.info);
      this.state = 'open';
      this.prepare(options);
      this.state = 'loading';
      log = await nativeAsync(() => this.info.native.loadAsync());
    } catch (error) {
      // What the kernel lacks can be left out, and load() called again; a failed load is final.
      if (this.state === 'loading') this.failed();
      throw error;
    }
    return this.finish(options, () => log);
  }

  /**
   * Loads without the scheduler itself, for a kernel that has no sched_ext: maps, tracing and syscall
   * programs work as ever, attach() does not. This is how parts of a scheduler are tested anywhere.
   */
  loadWithoutScheduler(options: LoadOptions = {}): LoadedScheduler<T> {
    this.check();
    preflightBpf(undefined, this.info.backend);
    const { native: object, opsMap, programs } = this.info;
    if (opsMap) native(() => object.setAutocreate(opsMap, false));
    for (const program of programs) {
      if (program.section.startsWith('struct_ops'))
        native(() => object.setAutoload(program.name, false));
    }
    this.settle(options);
    return this.finish(options, () => native(() => object.load()), false);
  }

  private prepare(options: LoadOptions): void {
    this.check();
    if (this.info.isScheduler) preflight(undefined, this.info.backend);
    else preflightBpf(undefined, this.info.backend);
    chooseMembers(this.info);
    const warnings = dropUnsupported(this.info);
    if (warnings.length > 0 && options.requireKernel) {
      throw new ScxtsError('ERR_KERNEL', `this kernel is too old: ${warnings.join('; ')}`, {
        hint: 'run it on a newer kernel, or without requireKernel',
      });
    }
    this.warn(options, warnings);
    this.checkBounds();
    this.settle(options);
  }

  /** What any load needs. */
  private settle(options: LoadOptions): void {
    const { native: object } = this.info;
    const { counterRoom } = this.info;
    if (counterRoom !== undefined) checkCounterRoom(counterRoom, nrCpuIds(this.info.backend));
    this.componentSet.prepare();
    for (const name of this.info.mapsOfCpus())
      native(() => object.setMaxEntries(name, nrCpuIds(this.info.backend)));
    this.checkTargets(options);
    this.checkKconfig();
    const level = options.logLevel;
    if (level !== undefined) native(() => object.setLogLevel(level));
  }

  private finish(
    options: LoadOptions,
    load: () => string,
    withScheduler = true,
  ): LoadedScheduler<T> {
    try {
      const log = load();
      if (log) options.onLog?.(printable(log));
      const programs = new Map(Object.values<OpenProgram>(this.progs).map((p) => [p.name, p]));
      const loaded = new LoadedScheduler<T>(this.info, this.name, {
        programs,
        warn: (text) => this.warn(options, [text]),
        components: this.componentSet,
        withScheduler,
      });
      this.state = 'loaded';
      return loaded;
    } catch (error) {
      this.failed();
      throw error;
    }
  }

  private failed(): void {
    if (this.state === 'closed') return;
    this.state = 'failed';
    this.info.native.close();
  }

  private warn(options: LoadOptions, warnings: string[]): void {
    const warn = options.onWarning ?? ((text: string) => process.emitWarning(text, 'ScxtsWarning'));
    for (const text of warnings) warn(printable(text));
  }

  /** As of opening: if CPUs come or go before the scheduler runs, the kernel asks to start over. Who sets 0n means it. */
  private expectHotplug(): void {
    const now = hotplugSeq(this.info.backend);
    if (now !== undefined && this.info.isScheduler && this.ops.hotplug_seq === 0n)
      this.ops.hotplug_seq = now;
  }

  /** What the kernel would only answer with E2BIG. */
  private checkBounds(): void {
    if (!this.info.isScheduler) return;
    for (const [name, most] of Object.entries(MOST)) {
      const value = this.ops[name as keyof OpsData];
      if (value > most)
        throw new ScxtsError(
          'ERR_VALUE',
          `ops.${name} is ${value}; the kernel takes at most ${most}`,
          {
            hint: `set ${name} to 0 for the kernel's default, or to at most ${most}`,
          },
        );
    }
  }

  private checkTargets(options: LoadOptions): void {
    const programs = Object.values<OpenProgram>(this.progs);
    const wanted = new Set(programs.filter((p) => p.autoload).map((p) => p.name));
    for (const [name, why] of missingTargets(this.info, wanted)) {
      const program = programs.find((p) => p.name === name);
      if (!program?.optional)
        throw new ScxtsError('ERR_KERNEL', `program '${name}' cannot be attached: ${why}`, {
          hint: `set progs.${name}.optional = true (or autoload = false) to do without it`,
        });
      program.autoload = false;
      this.warn(options, [`program '${name}' is left out: ${why}`]);
    }
  }

  /** libbpf needs the kernel's configuration for kconfig<T>() and says little where there is none. */
  private checkKconfig(): void {
    // A model knows what its kernel was configured with.
    if (this.info.backend.isModel) return;
    const { types } = this.info.layouts;
    const section = types.find((t) => t.kind === 'datasec' && t.name === '.kconfig');
    // LINUX_KERNEL_VERSION and its like libbpf knows by itself.
    const names = (section?.variables ?? [])
      .map((v) => types[v.type]?.name ?? '')
      .filter((name) => name.startsWith('CONFIG_'));
    const places = configurationFiles();
    if (names.every(isMeasured) || places.some((p) => existsSync(p))) return;
    throw new ScxtsError(
      'ERR_NO_KCONFIG',
      `the program reads the kernel's configuration (kconfig), which is not here: ${places.join(', ')}`,
      {
        hint: 'install the configuration of the running kernel, or boot one built with CONFIG_IKCONFIG_PROC',
      },
    );
  }

  /**
   * Closes the object unless it was loaded; a loaded one is the LoadedScheduler's to close, and one that
   * is being loaded its promise's.
   */
  [Symbol.dispose](): void {
    if (this.state === 'loading') return;
    if (this.state === 'open') this.info.native.close();
    this.state = 'closed';
  }
}

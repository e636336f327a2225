import type { NativeLink, NativeObject } from './addon.js';
import { machine, type Backend } from './backend.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { show } from './layout/index.js';
import { onlineCpus } from './topology/index.js';

/** How a program is attached. */
export interface AttachOptions {
  /** What the program reads with bpf_get_attach_cookie(), 0 to 2^64-1; 0 is none. */
  cookie?: bigint;
  /** Of `perf_event` programs: what to sample; without it the CPU clock, 100 times a second. */
  sampling?: PerfSampling;
}

/** Sampling of a `perf_event` program (struct perf_event_attr). */
export interface PerfSampling {
  /** PERF_TYPE_*: 0 hardware, 1 software. */
  type: number;
  /** PERF_COUNT_*: of software events, 0 is the CPU clock. */
  config: number;
  /** Samples a second on each CPU. */
  frequency: number;
}

const CPU_CLOCK: PerfSampling = { type: 1, config: 0, frequency: 100 };

/** A program that listens to the kernel. Those of a scheduler are attached together with it. */
export class TracingProgram {
  private links: NativeLink[] = [];
  private attaching = false;

  constructor(
    readonly name: string,
    /** Where it listens: `tp_btf/sched_switch`. */
    readonly section: string,
    private readonly object: NativeObject,
    private readonly check: () => void,
    /** What attach() without options does: as it was set before loading. */
    private readonly initial: AttachOptions = {},
    private readonly backend: Backend = machine,
  ) {}

  get attached(): boolean {
    return this.links.length > 0;
  }

  /** Ids of its links in the kernel; one a CPU for perf events. */
  get linkIds(): number[] {
    return this.links.map((l) => l.id());
  }

  /**
   * Attaches it; nothing happens if it is attached. Throws ERR_ATTACH if the kernel refuses, with errno
   * ENOTSUP for a cookie that programs of this kind cannot have.
   */
  attach(options: AttachOptions = this.initial): void {
    if (!this.start()) return;
    try {
      const cookie = cookieOf(options);
      this.links = this.isPerfEvent
        ? this.sample(options.sampling ?? CPU_CLOCK, cookie)
        : [native(() => this.object.attachProgram(this.name, cookie))];
    } finally {
      this.attaching = false;
    }
  }

  /** The same on another thread: the kernel patches its code and waits for every CPU to see it. */
  async attachAsync(options: AttachOptions = this.initial): Promise<void> {
    if (!this.start()) return;
    try {
      const cookie = cookieOf(options);
      const links = this.isPerfEvent
        ? this.sample(options.sampling ?? CPU_CLOCK, cookie)
        : [await nativeAsync(() => this.object.attachProgramAsync(this.name, cookie))];
      try {
        // The scheduler may have been closed meanwhile.
        this.check();
      } catch (error) {
        for (const link of links) link.destroy();
        throw error;
      }
      this.links = links;
    } finally {
      this.attaching = false;
    }
  }

  private start(): boolean {
    this.check();
    if (this.attaching)
      throw new ScxtsError(
        'ERR_PHASE',
        `program '${this.name}' is being attached; await that first`,
      );
    if (this.attached) return false;
    this.attaching = true;
    return true;
  }

  private get isPerfEvent(): boolean {
    return this.section.startsWith('perf_event');
  }

  private sample({ type, config, frequency }: PerfSampling, cookie: bigint): NativeLink[] {
    const links: NativeLink[] = [];
    try {
      for (const cpu of onlineCpus(undefined, this.backend))
        links.push(
          native(() =>
            this.object.attachPerfEvent(this.name, type, config, frequency, cpu, cookie),
          ),
        );
    } catch (error) {
      for (const link of links) link.destroy();
      throw error;
    }
    return links;
  }

  detach(): void {
    const { links } = this;
    this.links = [];
    for (const link of links) native(() => link.destroy());
  }

  /** The same on another thread. */
  async detachAsync(): Promise<void> {
    const { links } = this;
    this.links = [];
    for (const link of links) await nativeAsync(() => link.destroyAsync());
  }

  [Symbol.dispose](): void {
    this.detach();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.detachAsync();
  }
}

function cookieOf({ cookie = 0n }: AttachOptions): bigint {
  if (typeof cookie !== 'bigint' || BigInt.asUintN(64, cookie) !== cookie)
    throw new ScxtsError('ERR_VALUE', `a cookie is a bigint from 0 to 2^64-1, not ${show(cookie)}`);
  return cookie;
}

/** A program that was loaded, and how it came out of the open phase. */
export interface TracingEntry {
  program: TracingProgram;
  /** Attached together with the scheduler. */
  automatic: boolean;
  /** The scheduler does without it where it cannot be attached. */
  optional: boolean;
}

/** The programs beside a scheduler: attached with it, detached with it. */
export class TracingSet {
  constructor(
    private readonly entries: readonly TracingEntry[],
    private readonly warn: (text: string) => void,
  ) {}

  attach(): void {
    for (const entry of this.entries) {
      if (!entry.automatic) continue;
      try {
        entry.program.attach();
      } catch (error) {
        this.refused(entry, error);
      }
    }
  }

  async attachAsync(): Promise<void> {
    for (const entry of this.entries) {
      if (!entry.automatic) continue;
      try {
        await entry.program.attachAsync();
      } catch (error) {
        this.refused(entry, error);
      }
    }
  }

  private refused({ program, optional }: TracingEntry, error: unknown): void {
    if (!optional) {
      this.detach();
      throw error;
    }
    this.warn(`program '${program.name}' is not attached: ${(error as Error).message}`);
  }

  detach(): void {
    for (const { program } of this.entries) program.detach();
  }

  async detachAsync(): Promise<void> {
    for (const { program } of this.entries) await program.detachAsync();
  }
}

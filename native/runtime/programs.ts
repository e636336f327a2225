import type { NativeLink, NativeObject } from './addon.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { viewOf, type Layout } from './layout/index.js';
import { existsSync, readdirSync } from 'node:fs';

/** A `syscall()` program: runs in the kernel when called. */
export class SyscallProgram<Args = undefined> {
  constructor(
    readonly name: string,
    private readonly object: NativeObject,
    private readonly layout: Layout | undefined,
    private readonly check: () => void,
  ) {}

  private encode(args: Args | undefined): Uint8Array | null {
    this.check();
    if (!this.layout) {
      if (args !== undefined)
        throw new ScxtsError('ERR_VALUE', `program '${this.name}' takes no arguments`);
      return null;
    }
    const bytes = new Uint8Array(this.layout.size);
    this.layout.write(viewOf(bytes), 0, args, '');
    return bytes;
  }

  /** Runs it and gives its return value. Blocks until it is done. */
  run(args?: Args): number {
    const context = this.encode(args);
    return native(() => this.object.run(this.name, context));
  }

  /** Runs it; its return value, and its arguments as it left them. */
  call(args: Args): { value: number; args: Args } {
    const context = this.encode(args);
    const value = native(() => this.object.run(this.name, context));
    return { value, args: this.decode(context) };
  }

  /** The same on another thread, for programs that take long or sleep. */
  async callAsync(args: Args): Promise<{ value: number; args: Args }> {
    const bytes = this.encode(args);
    const { value, context } = await nativeAsync(() => this.object.runAsync(this.name, bytes));
    return { value, args: this.decode(context) };
  }

  private decode(context: Uint8Array | null): Args {
    return (this.layout && context ? this.layout.read(viewOf(context), 0) : undefined) as Args;
  }
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

/** A program that listens to the kernel. Those of a scheduler are attached together with it. */
export class TracingProgram {
  private links: NativeLink[] = [];

  constructor(
    readonly name: string,
    /** Where it listens: `tp_btf/sched_switch`. */
    readonly section: string,
    private readonly object: NativeObject,
    private readonly check: () => void,
  ) {}

  get attached(): boolean {
    return this.links.length > 0;
  }

  /** Perf events need to be told what to sample; all others say it in their section. */
  get attachesItself(): boolean {
    return !this.section.startsWith('perf_event');
  }

  /** Attaches it; nothing happens if it is attached. ERR_ATTACH if the kernel refuses. */
  attach(sampling?: PerfSampling): void {
    this.check();
    if (this.attached) return;
    if (this.attachesItself) {
      this.links = [native(() => this.object.attachProgram(this.name))];
      return;
    }
    const { type, config, frequency } = sampling ?? { type: 1, config: 0, frequency: 100 };
    const links: NativeLink[] = [];
    try {
      for (const cpu of onlineCpus())
        links.push(
          native(() => this.object.attachPerfEvent(this.name, type, config, frequency, cpu)),
        );
    } catch (error) {
      links.forEach((l) => l.destroy());
      throw error;
    }
    this.links = links;
  }

  detach(): void {
    const { links } = this;
    this.links = [];
    for (const link of links) native(() => link.destroy());
  }

  [Symbol.dispose](): void {
    this.detach();
  }
}

function onlineCpus(): number[] {
  const base = '/sys/devices/system/cpu';
  return readdirSync(base)
    .flatMap((d) => /^cpu(\d+)$/.exec(d)?.[1] ?? [])
    .map(Number)
    .filter((cpu) => existsSync(`${base}/cpu${cpu}/topology`));
}

export function isTracing(section: string): boolean {
  return !section.startsWith('struct_ops') && section !== 'syscall';
}

import type { NativeObject } from './addon.js';
import { native, nativeAsync, ScxtsError } from './errors.js';
import { viewOf, type Layout } from './layout/index.js';
import { allocate } from './memory.js';

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
    const bytes = allocate(this.layout.size);
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

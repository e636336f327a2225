import type { NativeLink, NativeObject } from './addon.js';
import { native, nativeAsync } from './errors.js';

/** Whether a program of this section is run by reading it. */
export function isIterator(section: string): boolean {
  return section.startsWith('iter/');
}

/** An `iter` program: runs for each object of the kernel when it is read, with or without a scheduler attached. */
export class IteratorProgram {
  constructor(
    readonly name: string,
    /** What it walks: `iter/task`. */
    readonly section: string,
    private readonly object: NativeObject,
    private readonly check: () => void,
  ) {}

  /**
   * Runs it for all objects; gives what it wrote with bpf_seq_printf(). Throws ERR_ATTACH if the kernel has no such
   * iterator, ERR_PHASE if the program was not loaded, ERR_READ with the kernel's errno if it fails on the way.
   */
  read(): string {
    const link = this.link();
    try {
      return native(() => link.read()).toString();
    } finally {
      link.destroy();
    }
  }

  /** Runs it likewise; gives the bytes that it wrote with bpf_seq_write(): records, one behind the other. */
  readBytes(): Uint8Array {
    const link = this.link();
    try {
      return new Uint8Array(native(() => link.read()));
    } finally {
      link.destroy();
    }
  }

  /** read() on another thread: a walk over all tasks of a large machine takes milliseconds. */
  async readAsync(): Promise<string> {
    const link = this.link();
    try {
      return (await nativeAsync(() => link.readAsync())).toString();
    } finally {
      link.destroy();
    }
  }

  private link(): NativeLink {
    this.check();
    return native(() => this.object.attachProgram(this.name, 0n));
  }
}

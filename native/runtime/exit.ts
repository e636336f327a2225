import type { NativeObject } from './addon.js';
import { native } from './errors.js';
import { viewOf } from './layout.js';
import type { ObjectInfo } from './object.js';

/** Why a scheduler ended: struct scx_exit_info of the kernel. */
export interface ExitInfo {
  /** enum scx_exit_kind: 64 and up are regular ends, 1024 and up errors. */
  kind: number;
  /** Name of the kind, e.g. `SCX_EXIT_ERROR_STALL`. */
  kindName: string;
  /** The kernel's words for the kind. */
  reason: string;
  message: string;
  /** The code that scx_bpf_exit() or the kernel gave. */
  code: bigint;
  /** Kernel addresses. */
  backtrace: bigint[];
  /** The debug dump; empty unless an error made one. */
  dump: string;
  /** The kernel asks for the scheduler to be loaded again (after CPU hotplug). */
  restart: boolean;
  /** It ended by an error rather than by request. */
  error: boolean;
}

const KINDS: Record<number, string> = {
  0: 'SCX_EXIT_NONE',
  1: 'SCX_EXIT_DONE',
  64: 'SCX_EXIT_UNREG',
  65: 'SCX_EXIT_UNREG_BPF',
  66: 'SCX_EXIT_UNREG_KERN',
  67: 'SCX_EXIT_SYSRQ',
  68: 'SCX_EXIT_PARENT',
  69: 'SCX_EXIT_PARENT_KILL',
  1024: 'SCX_EXIT_ERROR',
  1025: 'SCX_EXIT_ERROR_BPF',
  1026: 'SCX_EXIT_ERROR_STALL',
  1027: 'SCX_EXIT_ERROR_REENQ',
  1028: 'SCX_EXIT_ERROR_RESCUE',
};
/** SCX_ECODE_ACT_RESTART of enum scx_exit_code. */
const RESTART = 1n << 48n;

/** Reads the exit record that the generated exit() writes into `.data.scxts_exit`. */
export class ExitWatch {
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private readonly dumpBytes: Uint8Array | undefined;

  constructor(object: NativeObject, info: ObjectInfo) {
    const variable = info.variables.get('scxts_exit');
    if (!variable)
      throw new Error('the object records no exit information: it was not built by scxts');
    this.bytes = new Uint8Array(
      native(() => object.mmap(variable.map)),
      variable.offset,
    );
    this.view = viewOf(this.bytes);
    const dump = info.variables.get('scxts_dump');
    this.dumpBytes =
      dump &&
      new Uint8Array(
        native(() => object.mmap(dump.map)),
        dump.offset,
        dump.size,
      );
  }

  get ended(): boolean {
    return this.view.getInt32(0, true) !== 0;
  }

  private text(at: number, length: number): string {
    const raw = this.bytes.slice(at, at + length);
    const end = raw.indexOf(0);
    return new TextDecoder().decode(raw.subarray(0, end < 0 ? length : end));
  }

  read(): ExitInfo {
    const kind = this.view.getInt32(0, true);
    const frames = Math.min(this.view.getUint32(4, true), 64);
    const code = this.view.getBigInt64(8, true);
    return {
      kind,
      kindName: KINDS[kind] ?? `SCX_EXIT_${kind}`,
      reason: this.text(16 + 512, 128),
      message: this.text(16 + 512 + 128, 1024),
      code,
      backtrace: Array.from({ length: frames }, (_, i) => this.view.getBigUint64(16 + i * 8, true)),
      dump: this.dump(),
      restart: (BigInt.asUintN(64, code) & RESTART) !== 0n,
      error: kind >= 1024,
    };
  }

  private dump(): string {
    const memory = this.dumpBytes ?? new Uint8Array(0);
    const end = memory.indexOf(0);
    return new TextDecoder().decode(memory.slice(0, end < 0 ? memory.length : end));
  }
}

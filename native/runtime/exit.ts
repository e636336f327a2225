import { EXIT_KINDS, exitKindName } from './exit-kinds.js';
import { SCX_ECODE_ACT_RESTART } from './kernel-numbers.js';
import { viewOf } from './layout/index.js';
import type { ObjectInfo } from './object.js';
import { printable, printableLine } from './printable.js';
import { schedExtState } from './sysfs.js';
import type { Sections } from './variables.js';

/** Why a scheduler ended: struct scx_exit_info of the kernel (kernel/sched/ext_internal.h). */
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
  /** Kernel addresses, innermost first. */
  backtrace: bigint[];
  /** The debug dump; empty unless an error made one. */
  dump: string;
  /** The kernel asks for the scheduler to be loaded again (after CPU hotplug). */
  restart: boolean;
  /** It ended by an error rather than by request. */
  error: boolean;
}

/** struct scxts_exit_info of docs/object-format.md, in bytes. */
const RECORD = {
  kind: 0,
  frames: 4,
  code: 8,
  backtrace: 16,
  reason: 528,
  message: 656,
  size: 1680,
};
const MAX_FRAMES = 64;

/** Tells whether a scheduler has ended, and why. */
export interface ExitWatch {
  readonly ended: boolean;
  read(): ExitInfo;
  /** Before attaching once more: forgets the last end. */
  reset(): void;
}

/** The watch that fits the object: the record its exit() writes, or what the kernel shows of any. */
export function watchExit(info: ObjectInfo, sections: Sections): ExitWatch {
  const variable = info.variables.get('scxts_exit');
  if (!variable || variable.size < RECORD.size) return new StateWatch(info);
  const memory = sections.memory(variable.map);
  const dump = info.variables.get('scxts_dump');
  const dumped = dump && sections.memory(dump.map);
  return new RecordWatch(
    memory.rawPart(variable.offset, RECORD.size),
    dump && dumped ? dumped.rawPart(dump.offset, dump.size) : new Uint8Array(0),
  );
}

function text(memory: Uint8Array): string {
  const end = memory.indexOf(0);
  return Buffer.from(memory.subarray(0, end < 0 ? memory.length : end)).toString();
}

/** Reads the exit record that the generated exit() writes into `.data.scxts_exit`. */
class RecordWatch implements ExitWatch {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly dump: Uint8Array,
  ) {
    this.view = viewOf(bytes);
  }

  get ended(): boolean {
    return this.view.getInt32(RECORD.kind, true) !== 0;
  }

  reset(): void {
    this.bytes.fill(0);
    this.dump.fill(0);
  }

  read(): ExitInfo {
    const { view, bytes } = this;
    const kind = view.getInt32(RECORD.kind, true);
    const frames = Math.min(view.getUint32(RECORD.frames, true), MAX_FRAMES);
    const code = view.getBigInt64(RECORD.code, true);
    return {
      kind,
      kindName: exitKindName(kind),
      reason: printableLine(text(bytes.subarray(RECORD.reason, RECORD.message))),
      message: printable(text(bytes.subarray(RECORD.message, RECORD.size))),
      code,
      backtrace: Array.from({ length: frames }, (_, i) =>
        view.getBigUint64(RECORD.backtrace + i * 8, true),
      ),
      dump: printable(text(this.dump)),
      restart: (BigInt.asUintN(64, code) & SCX_ECODE_ACT_RESTART) !== 0n,
      error: kind >= EXIT_KINDS.ERROR.kind,
    };
  }
}

/** For objects that were not built by scxts and record nothing: only that it ended can be seen. */
class StateWatch implements ExitWatch {
  constructor(private readonly info: ObjectInfo) {}

  get ended(): boolean {
    return this.info.isScheduler && schedExtState(this.info.backend).state === 'disabled';
  }

  reset(): void {
    // Nothing is recorded.
  }

  read(): ExitInfo {
    return {
      kind: EXIT_KINDS.UNREG.kind,
      kindName: EXIT_KINDS.UNREG.name,
      reason: 'unregistered, or ended by the kernel: the object records no reason',
      message: '',
      code: 0n,
      backtrace: [],
      dump: '',
      restart: false,
      error: false,
    };
  }
}

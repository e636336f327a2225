import type { ExitInfo } from './scheduler.js';

/** enum scx_exit_kind, and the kernel's words for each. */
export const EXIT_KINDS = {
  NONE: { kind: 0, reason: '' },
  DONE: { kind: 1, reason: '' },
  UNREG: { kind: 64, reason: 'unregistered from user space' },
  UNREG_BPF: { kind: 65, reason: 'unregistered from BPF' },
  UNREG_KERN: { kind: 66, reason: 'unregistered from the main kernel' },
  SYSRQ: { kind: 67, reason: 'disabled by sysrq-S' },
  ERROR: { kind: 1024, reason: 'runtime error' },
  ERROR_BPF: { kind: 1025, reason: 'scx_bpf_error' },
  ERROR_STALL: { kind: 1026, reason: 'runnable task stall' },
} as const;
export type ExitKind = keyof typeof EXIT_KINDS;

/** enum scx_exit_code. */
export const EXIT_CODE = {
  ACT_RESTART: 1n << 48n,
  RSN_HOTPLUG: 1n << 32n,
} as const;

/** Why the scheduler ends; the first reason stays. */
export class ExitState {
  info: ExitInfo | undefined;
  /** Its file:line, where a program made it end. */
  where = '';
  at = 0;

  reset(): void {
    this.info = undefined;
    this.where = '';
  }

  /** False if there was one before. */
  claim(kind: ExitKind, message: string, code: bigint, at: number): boolean {
    if (this.info) return false;
    const row = EXIT_KINDS[kind];
    this.info = {
      ...{ kind: row.kind, kindName: `SCX_EXIT_${kind}` },
      ...{ reason: row.reason, message, code, dump: '' },
    };
    this.at = at;
    return true;
  }
}

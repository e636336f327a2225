import * as numbers from './kernel-numbers.js';

/** enum scx_exit_kind but for its prefix, with the kernel's words for each that has any. */
const REASONS = {
  NONE: '',
  DONE: '',
  UNREG: 'unregistered from user space',
  UNREG_BPF: 'unregistered from BPF',
  UNREG_KERN: 'unregistered from the main kernel',
  SYSRQ: 'disabled by sysrq-S',
  PARENT: 'parent exiting',
  PARENT_KILL: '',
  ERROR: 'runtime error',
  ERROR_BPF: 'scx_bpf_error',
  ERROR_STALL: 'runnable task stall',
  ERROR_REENQ: '',
  ERROR_RESCUE: '',
} as const;
export type ExitKind = keyof typeof REASONS;

export interface ExitKindRow {
  kind: number;
  /** SCX_EXIT_... */
  name: string;
  reason: string;
}

/** Why schedulers end, by the name that the kernel gives it without `SCX_EXIT_`. */
export const EXIT_KINDS = Object.fromEntries(
  (Object.keys(REASONS) as ExitKind[]).map((short) => {
    const name = `SCX_EXIT_${short}` as const;
    return [short, { kind: Number(numbers[name]), name, reason: REASONS[short] }];
  }),
) as Record<ExitKind, ExitKindRow>;

const names = new Map(Object.values(EXIT_KINDS).map(({ kind, name }) => [kind, name]));

/** Of a kind that a later kernel has there is only the number. */
export function exitKindName(kind: number): string {
  return names.get(kind) ?? `SCX_EXIT_${kind}`;
}

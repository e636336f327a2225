/**
 * Groups of kernel functions that only some callbacks may call, as the kernel has them
 * (scx_kfunc_ids_* in kernel/sched/ext/ext.c). What is in no group may be called anywhere.
 */
export type KfuncGroup =
  'select_cpu' | 'enqueue' | 'dispatch' | 'cpu_release' | 'unlocked' | 'init_cids';

/** Kinds of programs, as far as the kernel tells them apart when it admits functions. */
export type ProgramKind =
  | 'struct_ops'
  | 'tracing'
  /** fentry and fexit: as tracing, and those with an entry of their own. */
  | 'trampoline'
  | 'syscall'
  | 'kprobe'
  | 'raw_tp';

export interface KernelParam {
  name: string;
  ctype: string;
  nullable?: boolean;
  /** Written by the kernel: becomes a field of the result. */
  out?: boolean;
  /** Not part of the DSL: the C expression that is passed. */
  hidden?: string;
  /** The kernel must hold the object for the program: nothing that was read by a fault-tolerant walk. */
  trusted?: boolean;
  /** A trusted pointer, or one that is valid under RCU. Without it on a trusted one: no RCU pointers. */
  rcu?: boolean;
}

export interface KernelFunction {
  /** The newest kernel's name, which is the DSL's. */
  name: string;
  /** How messages name one that scxts calls for another: programs do not see it. */
  label?: string;
  kind: 'kfunc' | 'helper' | 'inline';
  params: KernelParam[];
  returns: {
    ctype: string;
    /** Field of the result that holds the return value, where there are out-parameters. */
    name?: string;
    nullable?: boolean;
    /** Function that releases the result. */
    acquire?: string;
    /** Valid inside an RCU read section only; where no callback gives one, it has to be opened. */
    rcu?: boolean;
    untrusted?: boolean;
  };
  sleepable?: boolean;
  /** Needs an RCU read section around it in sleepable programs (KF_RCU_PROTECTED). */
  rcuProtected?: boolean;
  /**
   * Where it may be called: names of callbacks, and `unlocked` for sleepable callbacks, timers
   * and syscall programs. Undefined: anywhere. `enqueue@6.16` holds from that kernel on.
   */
  contexts?: string[];
  /** The groups that `contexts` follows from; with a version where it holds from that kernel on. */
  groups?: { group: KfuncGroup; since?: string }[];
  /** Older kernels get something that may be called anywhere. */
  emulatedBefore?: string;
  /** May be called anywhere from this kernel on, whatever `groups` says. */
  anywhereSince?: string;
  /** What stands for it on older kernels gives a pointer that kernel functions do not take. */
  heldSince?: string;
  /** Kinds of programs that may call it, with the first kernel. Undefined: all kinds. */
  programs?: Partial<Record<ProgramKind, string>>;
  /** First supported kernel on which a program that calls it loads, fallbacks counted. */
  since: string;
  until?: string;
  /** The kernel that introduced it, where that is one between those that scxts is tested with. */
  upstream?: string;
  /** What the DSL says it returns, where that does not follow from the C type. */
  dslReturns?: string;
  /** Its value of constants; undefined where it has none before the program runs. */
  fold?: (args: readonly bigint[]) => bigint;
  /** Signed in C, but never negative. */
  neverNegative?: true;
  doc: string;
  /** Kernel source file that defines it, as of the newest kernel. */
  file?: string;
}

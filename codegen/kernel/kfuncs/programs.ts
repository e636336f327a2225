import type { KernelFunction } from '../types.js';

type Programs = NonNullable<KernelFunction['programs']>;

/** Registered for the callbacks of a scheduler, tracing programs and syscall programs. */
export const ANY_BUT_KPROBE: Programs = { struct_ops: '6.12', tracing: '6.12', syscall: '6.12' };
/** What a scheduler's callbacks and syscall programs may call; tracing programs may not. */
export const OPS_AND_SYSCALL: Programs = { struct_ops: '6.12', syscall: '6.12' };
/** What only a scheduler's callbacks may call. */
export const OPS_ONLY: Programs = { struct_ops: '6.12' };
/** Address of the traced function: check_get_func_ip() in kernel/bpf/verifier.c. */
export const TRACED_FUNCTION: Programs = { trampoline: '6.12', kprobe: '6.12' };
/** What tells about the traced event. */
export const TRACING_ONLY: Programs = { tracing: '6.12', kprobe: '6.12', raw_tp: '6.12' };

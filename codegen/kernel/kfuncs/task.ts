import type { KernelFunction } from '../types.js';
import { define } from './define.js';
import { ANY_BUT_KPROBE } from './programs.js';

const programs = ANY_BUT_KPROBE;
/** Before 6.19 the fields are written, which only a scheduler's callbacks may. */
const SET: KernelFunction['programs'] = { struct_ops: '6.12', tracing: '6.19', syscall: '6.19' };

/** Tasks: kernel/sched/ext/ext.c and kernel/bpf/helpers.c. */
export const TASK = [
  define(
    'bool scx_bpf_task_running(const struct task_struct *p)',
    'Whether a task is on a CPU right now.',
    { programs },
  ),
  define(
    's32 scx_bpf_task_cpu(const struct task_struct *p)',
    'CPU that a task is on or was on last.',
    { programs },
  ),
  define(
    'bool scx_bpf_task_set_slice(struct task_struct *p, u64 slice)',
    "Sets what is left of a task's time slice, in ns. False where the kernel refused it.",
    {
      programs: SET,
    },
  ),
  define(
    'bool scx_bpf_task_set_dsq_vtime(struct task_struct *p, u64 vtime)',
    "Sets a task's virtual time. False where the kernel refused it.",
    {
      programs: SET,
    },
  ),
  define(
    'struct task_struct *scx_bpf_tid_to_task(u64 tid)',
    'The task with a sched_ext task id (p.scx.tid), valid while under RCU, or null. Needs SCX_OPS_TID_TO_TASK.',
    { since: '7.2', nullable: true, rcu: true, rcuProtected: true, programs },
  ),
  define(
    'struct task_struct *bpf_task_from_pid(s32 pid)',
    'The task with a pid of the initial namespace, or null.',
    { nullable: true, acquire: 'bpf_task_release', programs },
  ),
  define(
    'struct task_struct *bpf_task_from_vpid(s32 vpid)',
    "The task with a pid of the current task's namespace, or null.",
    { since: '6.16', upstream: '6.14', nullable: true, acquire: 'bpf_task_release', programs },
  ),
  define(
    'struct task_struct *bpf_task_acquire(struct task_struct *p)',
    'Takes a reference on a task; null if it is going away.',
    { nullable: true, acquire: 'bpf_task_release', programs },
  ),
];

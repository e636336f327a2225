import type { Opaque, Walk, bool, s32, s64, u32, u64 } from './types.js';
import type {
  cgroup,
  completion,
  cpumask,
  file,
  hrtimer,
  mutex,
  pt_regs,
  rq,
  task_struct,
} from './vmlinux.js';

type Memory = Opaque<'void *'>;

/**
 * Arguments of kernel functions that fentry() and fexit() programs often watch: those whose prototype is the same in
 * the BTF of 6.16 to 7.3. Whether a kernel has one of them depends on its configuration and compiler.
 */
export interface TracedFunctions {
  /** kernel/exit.c */
  do_exit: [code: s64];
  do_group_exit: [exit_code: s32];
  release_task: [p: Walk<task_struct>];
  /** kernel/fork.c */
  wake_up_new_task: [p: Walk<task_struct>];
  /** kernel/sched/ */
  wake_up_process: [p: Walk<task_struct>];
  try_to_wake_up: [p: Walk<task_struct>, state: u32, wake_flags: s32];
  ttwu_do_activate: [rq: Walk<rq>, p: Walk<task_struct>, wake_flags: s32, rf: Memory];
  enqueue_task: [rq: Walk<rq>, p: Walk<task_struct>, flags: s32];
  dequeue_task: [rq: Walk<rq>, p: Walk<task_struct>, flags: s32];
  update_rq_clock: [rq: Walk<rq>];
  set_user_nice: [p: Walk<task_struct>, nice: s64];
  set_cpus_allowed_ptr: [p: Walk<task_struct>, new_mask: Walk<cpumask>];
  sched_setaffinity: [pid: s32, in_mask: Walk<cpumask>];
  sched_setscheduler_nocheck: [p: Walk<task_struct>, policy: s32, param: Memory];
  migrate_task_to: [p: Walk<task_struct>, target_cpu: s32];
  schedule: [];
  io_schedule: [];
  do_sched_yield: [];
  wait_for_completion: [x: Walk<completion>];
  complete: [x: Walk<completion>];
  /** kernel/cgroup/cgroup.c */
  cgroup_attach_task: [dst_cgrp: Walk<cgroup>, leader: Walk<task_struct>, threadgroup: bool];
  /** kernel/time/ */
  schedule_timeout: [timeout: s64];
  schedule_hrtimeout_range: [expires: Memory, delta: u64, mode: u32];
  do_nanosleep: [t: Memory, mode: u32];
  hrtimer_wakeup: [timer: Walk<hrtimer>];
  /** kernel/futex/, kernel/locking/ */
  futex_wait: [uaddr: Memory, flags: u32, val: u32, abs_time: Memory, bitset: u32];
  mutex_lock: [lock: Walk<mutex>];
  mutex_unlock: [lock: Walk<mutex>];
  /** fs/ */
  vfs_read: [file: Walk<file>, buf: Memory, count: u64, pos: Memory];
  vfs_write: [file: Walk<file>, buf: Memory, count: u64, pos: Memory];
  ksys_read: [fd: u32, buf: Memory, count: u64];
  ksys_write: [fd: u32, buf: Memory, count: u64];
  /** mm/ */
  handle_mm_fault: [vma: Memory, address: u64, flags: u32, regs: Walk<pt_regs>];
  /** net/ipv4/tcp.c, block/ */
  tcp_sendmsg: [sk: Memory, msg: Memory, size: u64];
  submit_bio: [bio: Memory];
}

/** What those of them return that return something. */
export interface TracedResults {
  wake_up_process: s32;
  try_to_wake_up: s32;
  dequeue_task: bool;
  set_cpus_allowed_ptr: s32;
  sched_setaffinity: s64;
  sched_setscheduler_nocheck: s32;
  migrate_task_to: s32;
  cgroup_attach_task: s32;
  schedule_timeout: s64;
  schedule_hrtimeout_range: s32;
  do_nanosleep: s32;
  hrtimer_wakeup: u32;
  futex_wait: s32;
  vfs_read: s64;
  vfs_write: s64;
  ksys_read: s64;
  ksys_write: s64;
  handle_mm_fault: u32;
  tcp_sendmsg: s32;
}

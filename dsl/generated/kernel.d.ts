// Generated from codegen/kernel by `npm run kernel-table`. Do not edit.
import type { Opaque, bool, s16, s32, s64, s8, u16, u32, u64, u8 } from '../types.js';
import type { bpf_cpumask, bpf_iter_scx_dsq, cgroup, cpumask, rq, scx_cgroup_init_args, scx_cid_topo, scx_cmask, scx_cpu_acquire_args, scx_cpu_release_args, scx_dump_ctx, scx_event_stats, scx_exit_info, scx_exit_task_args, scx_init_task_args, scx_sub_attach_args, scx_sub_detach_args, task_struct } from '../vmlinux.js';
import type * as vm from '../vmlinux.js';

/** struct sched_ext_ops: kernel/sched/ext/internal.h (kernel/sched/ext_internal.h before 7.2, ext.c before 6.17). */
export interface SchedExtOps {
  /** Chooses the CPU of a task that wakes up; inserting it into a queue here skips enqueue(). */
  select_cpu?(p: task_struct, prev_cpu: s32, wake_flags: u64): number;
  /** A task is ready to run: put it into a dispatch queue, or keep it and dispatch it later. */
  enqueue?(p: task_struct, enq_flags: u64): void;
  /** Removes a task that the scheduler itself keeps (not one in a dispatch queue). */
  dequeue?(p: task_struct, deq_flags: u64): void;
  /** A CPU's local queue is empty: move tasks to it. `prev` is the task that ran until now, if any. */
  dispatch?(cpu: s32, prev: task_struct | null): void;
  /** Called at each timer tick (1/HZ s) for the running task; set p.scx.slice to 0 to stop it. */
  tick?(p: task_struct): void;
  /** A task becomes runnable. */
  runnable?(p: task_struct, enq_flags: u64): void;
  /** A task starts to run on its CPU. */
  running?(p: task_struct): void;
  /** A task stops running; `runnable` says whether it still wants to. */
  stopping?(p: task_struct, runnable: bool): void;
  /** A task is no longer runnable. */
  quiescent?(p: task_struct, deq_flags: u64): void;
  /** A task yields, to another one if `to` is not null. The result counts for yield_to() only. */
  yield?(from: task_struct, to: task_struct | null): bool;
  /** Whether a should run before b, for core scheduling. */
  core_sched_before?(a: task_struct, b: task_struct): bool;
  /** A task's weight changed: 1 to 10000, 100 is nice 0. */
  set_weight?(p: task_struct, weight: u32): void;
  /** A task's affinity changed. */
  set_cpumask?(p: task_struct, cpumask: cpumask): void;
  /** A CPU goes idle or stops being idle. Turns the built-in idle tracking off unless SCX_OPS_KEEP_BUILTIN_IDLE is set. */
  update_idle?(cpu: s32, idle: bool): void;
  /** A CPU is given back to sched_ext by a higher scheduling class. */
  cpu_acquire?(cpu: s32, args: scx_cpu_acquire_args): void;
  /** A higher scheduling class takes a CPU. */
  cpu_release?(cpu: s32, args: scx_cpu_release_args): void;
  /** A task is forked, or was there when the scheduler was loaded. 0, or -errno to refuse it. May sleep. */
  init_task?(p: task_struct, args: scx_init_task_args): number;
  /** A task exits, or the scheduler is unloaded. */
  exit_task?(p: task_struct, args: scx_exit_task_args): void;
  /** A task comes under this scheduler. */
  enable?(p: task_struct): void;
  /** A task leaves this scheduler. */
  disable?(p: task_struct): void;
  /** Adds to the debug dump with scx_bpf_dump(). */
  dump?(ctx: scx_dump_ctx): void;
  /** Adds to the debug dump of a CPU. */
  dump_cpu?(ctx: scx_dump_ctx, cpu: s32, idle: bool): void;
  /** Adds to the debug dump of a task. */
  dump_task?(ctx: scx_dump_ctx, p: task_struct): void;
  /** A cgroup is created. 0, or -errno to refuse it. May sleep. */
  cgroup_init?(cgrp: cgroup, args: scx_cgroup_init_args): number;
  /** A cgroup is removed. May sleep. */
  cgroup_exit?(cgrp: cgroup): void;
  /** A task is about to move to another cgroup. 0, or -errno to refuse it. May sleep. */
  cgroup_prep_move?(p: task_struct, from: cgroup, to: cgroup): number;
  /** A task moves to another cgroup. */
  cgroup_move?(p: task_struct, from: cgroup, to: cgroup): void;
  /** A prepared move does not take place. */
  cgroup_cancel_move?(p: task_struct, from: cgroup, to: cgroup): void;
  /** A cgroup's cpu.weight changed: 1 to 10000. */
  cgroup_set_weight?(cgrp: cgroup, weight: u32): void;
  /** A cgroup's cpu.max changed. Linux 6.17+. */
  cgroup_set_bandwidth?(cgrp: cgroup, period_us: u64, quota_us: u64, burst_us: u64): void;
  /** A cgroup's cpu.idle changed. Linux 6.19+. */
  cgroup_set_idle?(cgrp: cgroup, idle: bool): void;
  /** A sub-scheduler attaches below this one. 0, or -errno to refuse it. May sleep. Linux 7.1+. */
  sub_attach?(args: scx_sub_attach_args): number;
  /** A sub-scheduler detaches. May sleep. Linux 7.1+. */
  sub_detach?(args: scx_sub_detach_args): void;
  /** What this sub-scheduler may do on some CPUs changed. Linux 7.3+. */
  sub_caps_updated?(cmask: scx_cmask, caps: u64): void;
  /** What this sub-scheduler may do on one CPU in effect changed. Linux 7.3+. */
  sub_ecaps_updated?(cid: s32, before: u64, after: u64): void;
  /** Before init(): may set up topological CPU ids. 0, or -errno to give up. May sleep. Linux 7.3+. */
  init_cids?(): number;
  /** A CPU comes online. Without cpu_online and cpu_offline, hotplug ends the scheduler for a restart. May sleep. */
  cpu_online?(cpu: s32): void;
  /** A CPU goes offline. May sleep. */
  cpu_offline?(cpu: s32): void;
  /** The scheduler is being enabled. 0, or -errno to give up. May sleep. */
  init?(): number;
  /** The scheduler is being disabled; scxts has recorded why before this runs. May sleep. */
  exit?(info: scx_exit_info): void;
  /** SCX_OPS_* flags. */
  flags?: u64;
  /** Longest time in ms that a runnable task may wait before the watchdog ends the scheduler; 0 or at most 30000. */
  timeout_ms?: u32;
  /** Dispatch slots of one call of dispatch(); 32 by default. */
  dispatch_max_batch?: u32;
  /** Bytes of the debug dump; 32768 by default. */
  exit_dump_len?: u32;
  /** Set by the loader: enabling fails if CPUs were hot-plugged since. */
  hotplug_seq?: u64;
  /** Cgroup whose tasks a sub-scheduler schedules. Linux 7.1+. */
  sub_cgroup_id?: u64;
  /** CPUs of a topological shard. Linux 7.3+. */
  cid_shard_size?: u32;
  /** Share of CPU time in 1/1000 for tasks that a sub-scheduler starves. Linux 7.3+. */
  rescue_bandwidth_ppt?: u32;
  /** Quantum of such a rescue in us. Linux 7.3+. */
  rescue_quantum_us?: u32;
}

/** Creates a dispatch queue. `node` is the NUMA node of its memory or -1. Returns 0, -EEXIST, -ENOMEM, or -EINVAL for an id of the kernel's own (bit 63). Callable from: cgroup_cancel_move(), cgroup_set_weight(), cgroup_set_bandwidth(), cgroup_set_idle(), callbacks that may sleep, timers, syscall programs. May sleep. In schedulers, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_create_dsq(dsq_id: u64, node: s32): s32;
/** Destroys a queue of scx_bpf_create_dsq(), which must be empty; otherwise the scheduler ends. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_destroy_dsq(dsq_id: u64): void;
/** Number of tasks in a queue, which can be SCX_DSQ_LOCAL or SCX_DSQ_LOCAL_ON | cpu; -ENOENT if there is no such queue. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_nr_queued(dsq_id: u64): s32;
/** Puts a task into the FIFO of a dispatch queue with a time slice in ns (0: what it has left). SCX_DSQ_LOCAL, SCX_DSQ_GLOBAL, SCX_DSQ_LOCAL_ON | cpu or one of scx_bpf_create_dsq(). False where the kernel refused it. Callable from: select_cpu(), enqueue(), dispatch(), sub_ecaps_updated(). In schedulers. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_insert(p: task_struct, dsq_id: u64, slice: u64, enq_flags: u64): bool;
/** Puts a task into the priority queue of a dispatch queue, ordered by vtime. False where the kernel refused it. Callable from: select_cpu(), enqueue(), dispatch(), sub_ecaps_updated(). In schedulers. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_insert_vtime(p: task_struct, dsq_id: u64, slice: u64, vtime: u64, enq_flags: u64): bool;
/** Moves the first task of a queue to the CPU's local queue. True if there was one. `enq_flags` counts from 7.1 on. Callable from: dispatch(), sub_ecaps_updated(). In schedulers. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_move_to_local(dsq_id: u64, enq_flags: u64): bool;
/** Moves a task that an each.scx_dsq() loop is at to another queue. False if the task is gone. Callable from: dispatch(), sub_ecaps_updated(), cgroup_cancel_move(), cgroup_set_weight(), cgroup_set_bandwidth(), cgroup_set_idle(), callbacks that may sleep, timers, syscall programs. In schedulers, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_move(it: bpf_iter_scx_dsq, p: task_struct, dsq_id: u64, enq_flags: u64): bool;
/** Moves a task that an each.scx_dsq() loop is at to another queue, ordered by vtime. False if the task is gone. Callable from: dispatch(), sub_ecaps_updated(), cgroup_cancel_move(), cgroup_set_weight(), cgroup_set_bandwidth(), cgroup_set_idle(), callbacks that may sleep, timers, syscall programs. In schedulers, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_move_vtime(it: bpf_iter_scx_dsq, p: task_struct, dsq_id: u64, enq_flags: u64): bool;
/** Sets the slice that the next scx_bpf_dsq_move() of this iterator gives the task. Callable from: dispatch(), sub_ecaps_updated(), cgroup_cancel_move(), cgroup_set_weight(), cgroup_set_bandwidth(), cgroup_set_idle(), callbacks that may sleep, timers, syscall programs. In schedulers, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_move_set_slice(it: bpf_iter_scx_dsq, slice: u64): void;
/** Sets the vtime that the next scx_bpf_dsq_move() of this iterator gives the task. Callable from: dispatch(), sub_ecaps_updated(), cgroup_cancel_move(), cgroup_set_weight(), cgroup_set_bandwidth(), cgroup_set_idle(), callbacks that may sleep, timers, syscall programs. In schedulers, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_move_set_vtime(it: bpf_iter_scx_dsq, vtime: u64): void;
/** Dispatch slots left in this call of dispatch(). Callable from: dispatch(), sub_ecaps_updated(). In schedulers. kernel/sched/ext/ext.c */
export declare function scx_bpf_dispatch_nr_slots(): u32;
/** Undoes the latest scx_bpf_dsq_insert() of this call of dispatch(). Callable from: dispatch(), sub_ecaps_updated(). In schedulers. kernel/sched/ext/ext.c */
export declare function scx_bpf_dispatch_cancel(): void;
/** Hands all tasks of this CPU's local queue to enqueue() again. From 6.19 on in any callback; how many they are the kernel says in cpu_release() only. Callable from: cpu_release(). In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_reenqueue_local(): u32;
/** The first task of a queue, which stays there; null if it is empty. Valid while under RCU. In callbacks that sleep, timers and syscall programs only under bpf_rcu_read_lock(). In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_peek(dsq_id: u64): task_struct | null;
/** Hands the tasks of a queue to enqueue() again, chosen by SCX_REENQ_* flags (0: all). In schedulers, tracing programs, syscall programs. Linux 7.1+. kernel/sched/ext/ext.c */
export declare function scx_bpf_dsq_reenq(dsq_id: u64, reenq_flags: u64): void;
/** The kernel's own choice of a CPU for a task that wakes up. `is_idle` says that the CPU was idle and is now reserved for the caller, who then inserts the task into SCX_DSQ_LOCAL. Callable from: select_cpu(), enqueue() (Linux 6.16+), cgroup_cancel_move() (Linux 6.16+), cgroup_set_weight() (Linux 6.16+), cgroup_set_bandwidth() (Linux 6.16+), cgroup_set_idle() (Linux 6.16+), callbacks that may sleep, timers, syscall programs (Linux 6.16+). In schedulers, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_select_cpu_dfl(p: task_struct, prev_cpu: s32, wake_flags: u64): { cpu: s32; is_idle: bool };
/** Reserves an idle CPU that is both in a mask and allowed for the task, by the default policy; -EBUSY if there is none. `flags`: SCX_PICK_IDLE_*. Before 6.16 it tries `prev_cpu`, then any idle CPU of both. Callable from: select_cpu(), enqueue() (Linux 6.16+), cgroup_cancel_move() (Linux 6.16+), cgroup_set_weight() (Linux 6.16+), cgroup_set_bandwidth() (Linux 6.16+), cgroup_set_idle() (Linux 6.16+), callbacks that may sleep, timers, syscall programs (Linux 6.16+). In callbacks that sleep, timers and syscall programs only under bpf_rcu_read_lock(). In schedulers, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_select_cpu_and(p: task_struct, prev_cpu: s32, wake_flags: u64, cpus_allowed: cpumask | bpf_cpumask, flags: u64): s32;
/** Reserves one CPU: true if it was idle and is now marked busy. Needs the built-in idle tracking. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_test_and_clear_cpu_idle(cpu: u32 | s32): bool;
/** Reserves an idle CPU of a mask, or -EBUSY. With SCX_PICK_IDLE_CORE its whole core has to be idle. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_pick_idle_cpu(cpus_allowed: cpumask | bpf_cpumask, flags: u64): s32;
/** Reserves an idle CPU of a mask if there is one, otherwise gives any CPU of it; -EBUSY for an empty mask. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_pick_any_cpu(cpus_allowed: cpumask | bpf_cpumask, flags: u64): s32;
/** As scx_bpf_pick_idle_cpu, starting at a NUMA node; only in that node with SCX_PICK_IDLE_IN_NODE. Before 6.15 nodes are not told apart. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_pick_idle_cpu_node(cpus_allowed: cpumask | bpf_cpumask, node: s32, flags: u64): s32;
/** As scx_bpf_pick_any_cpu, starting at a NUMA node; only in that node with SCX_PICK_IDLE_IN_NODE. Before 6.15 nodes are not told apart. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_pick_any_cpu_node(cpus_allowed: cpumask | bpf_cpumask, node: s32, flags: u64): s32;
/** The mask of idle CPUs; it changes while it is looked at. Not with SCX_OPS_BUILTIN_IDLE_PER_NODE. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_get_idle_cpumask(): cpumask & Disposable;
/** The mask of CPUs whose whole core is idle. Not with SCX_OPS_BUILTIN_IDLE_PER_NODE. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_get_idle_smtmask(): cpumask & Disposable;
/** The mask of idle CPUs of a NUMA node. Needs SCX_OPS_BUILTIN_IDLE_PER_NODE; before 6.15, which lacks it, that of all CPUs. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_get_idle_cpumask_node(node: s32): cpumask & Disposable;
/** The mask of CPUs of a NUMA node whose whole core is idle. Needs SCX_OPS_BUILTIN_IDLE_PER_NODE; before 6.15, which lacks it, that of all CPUs. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_get_idle_smtmask_node(node: s32): cpumask & Disposable;
/** NUMA node of a CPU; ends the scheduler for a CPU number that cannot be. 0 before 6.15. In schedulers, tracing programs, syscall programs. kernel/sched/ext/idle.c */
export declare function scx_bpf_cpu_node(cpu: u32 | s32): s32;
/** Makes a CPU go through the scheduler. SCX_KICK_IDLE: only if it is idle; SCX_KICK_PREEMPT: ends the running slice; SCX_KICK_WAIT: waits until it has switched. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_kick_cpu(cpu: u32 | s32, flags: u64): void;
/** The mask of CPUs that can ever be there. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_get_possible_cpumask(): cpumask & Disposable;
/** The mask of CPUs that are online. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_get_online_cpumask(): cpumask & Disposable;
/** One more than the highest CPU number that is possible. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_nr_cpu_ids(): u32;
/** One more than the highest NUMA node that is possible. In schedulers, tracing programs, syscall programs. Linux 6.15+. kernel/sched/ext/ext.c */
export declare function scx_bpf_nr_node_ids(): u32;
/** The most that a CPU can do, of SCX_CPUPERF_ONE, which is the fastest CPU of the machine. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_cpuperf_cap(cpu: u32 | s32): u32;
/** A CPU's speed now, of SCX_CPUPERF_ONE; times scx_bpf_cpuperf_cap() it compares CPUs. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_cpuperf_cur(cpu: u32 | s32): u32;
/** Asks for a speed of a CPU, 0 to SCX_CPUPERF_ONE. Only the schedutil governor listens. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_cpuperf_set(cpu: u32 | s32, perf: u32): void;
/** How often things happened since the scheduler started (SCX_EV_*), summed over CPUs. In schedulers, tracing programs, syscall programs. Linux 6.15+. kernel/sched/ext/ext.c */
export declare function scx_bpf_events(): { events: scx_event_stats };
/** A CPU's run queue, or null for a CPU number that cannot be. Gone in 7.3: use scx_bpf_cpu_curr() or scx_bpf_locked_rq(). The result is followed with fault-tolerant loads only. In schedulers, tracing programs, syscall programs. Until Linux 7.2. kernel/sched/ext/ext.c */
export declare function scx_bpf_cpu_rq(cpu: u32 | s32): rq | null;
/** The run queue that this callback holds locked, or null where it holds none. In schedulers, tracing programs, syscall programs. Linux 6.18+. kernel/sched/ext/ext.c */
export declare function scx_bpf_locked_rq(): rq | null;
/** The task that a CPU runs now, valid while under RCU; null for a CPU number that cannot be. Before 6.18 its fields can be read, but kernel functions do not take it: hand it on inside if (exists(scx_bpf_cpu_curr)). In callbacks that sleep, timers and syscall programs only under bpf_rcu_read_lock(). In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_cpu_curr(cpu: u32 | s32): task_struct | null;
/** Topological id of a CPU: neighbours share caches. -EINVAL if the CPU has none. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cpu_to_cid(cpu: u32 | s32): s32;
/** The CPU of a topological id, or -EINVAL. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cid_to_cpu(cid: s32): s32;
/** Number of topological CPU ids. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_nr_cids(): u32;
/** Number of topological ids whose CPUs are online. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_nr_online_cids(): u32;
/** Topological id of this CPU. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_this_cid(): s32;
/** Topological id of the CPU that a task is on or was on last. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_task_cid(p: task_struct): s32;
/** As scx_bpf_kick_cpu, by topological id. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_kick_cid(cid: s32, flags: u64): void;
/** As scx_bpf_cpu_curr, by topological id. In callbacks that sleep, timers and syscall programs only under bpf_rcu_read_lock(). In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cid_curr(cid: s32): task_struct | null;
/** As scx_bpf_cpuperf_cap, by topological id. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cidperf_cap(cid: s32): u32;
/** As scx_bpf_cpuperf_cur, by topological id. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cidperf_cur(cid: s32): u32;
/** As scx_bpf_cpuperf_set, by topological id; 0 or -errno. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cidperf_set(cid: s32, perf: u32): s32;
/** Where a topological id is: its core, last-level cache and NUMA node. In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/cid.c */
export declare function scx_bpf_cid_topo(cid: s32): { out: scx_cid_topo };
/** Lets the sub-scheduler of a cgroup fill this CPU's local queue; true if it put a task there. Callable from: dispatch(), sub_ecaps_updated(). In schedulers. Linux 7.1+. kernel/sched/ext/cid.c */
export declare function scx_bpf_sub_dispatch(cgroup_id: u64): bool;
/** Whether a task is on a CPU right now. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_task_running(p: task_struct): bool;
/** CPU that a task is on or was on last. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_task_cpu(p: task_struct): s32;
/** Sets what is left of a task's time slice, in ns. False where the kernel refused it. In schedulers, tracing programs (Linux 6.19+), syscall programs (Linux 6.19+). kernel/sched/ext/ext.c */
export declare function scx_bpf_task_set_slice(p: task_struct, slice: u64): bool;
/** Sets a task's virtual time. False where the kernel refused it. In schedulers, tracing programs (Linux 6.19+), syscall programs (Linux 6.19+). kernel/sched/ext/ext.c */
export declare function scx_bpf_task_set_dsq_vtime(p: task_struct, vtime: u64): bool;
/** The task with a sched_ext task id (p.scx.tid), valid while under RCU, or null. Needs SCX_OPS_TID_TO_TASK. In callbacks that sleep, timers and syscall programs only under bpf_rcu_read_lock(). In schedulers, tracing programs, syscall programs. Linux 7.2+. kernel/sched/ext/ext.c */
export declare function scx_bpf_tid_to_task(tid: u64): task_struct | null;
/** The task with a pid of the initial namespace, or null. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_task_from_pid(pid: s32): (task_struct & Disposable) | null;
/** The task with a pid of the current task's namespace, or null. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. Linux 6.14+. kernel/bpf/helpers.c */
export declare function bpf_task_from_vpid(vpid: s32): (task_struct & Disposable) | null;
/** Takes a reference on a task; null if it is going away. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_task_acquire(p: task_struct): (task_struct & Disposable) | null;
/** The cgroup of the CPU controller that a task is in; the root where that controller is off. In callbacks that hold a run queue, and for the task that the callback got. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_task_cgroup(p: task_struct): cgroup & Disposable;
/** 1 if a task is in a cgroup (v2) or below it, else 0. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_task_under_cgroup(task: task_struct, ancestor: cgroup): s64;
/** A task's cgroup in a v1 hierarchy, or null. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_task_get_cgroup1(task: task_struct, hierarchy_id: s32): (cgroup & Disposable) | null;
/** The cgroup with an id (cgrp.kn.id), or null. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_cgroup_from_id(cgid: u64): (cgroup & Disposable) | null;
/** Takes a reference on a cgroup; null if it is going away. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_cgroup_acquire(cgrp: cgroup): (cgroup & Disposable) | null;
/** A cgroup's ancestor at a level (0 is the root), or null. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/helpers.c */
export declare function bpf_cgroup_ancestor(cgrp: cgroup, level: s32): (cgroup & Disposable) | null;
/** A new, empty CPU mask, or null without memory. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_create(): (bpf_cpumask & Disposable) | null;
/** Takes a reference on a CPU mask. Bind the result with `using`: it is given back at the end of the block. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_acquire(cpumask: bpf_cpumask): bpf_cpumask & Disposable;
/** Adds a CPU to a mask. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_set_cpu(cpu: u32 | s32, cpumask: bpf_cpumask): void;
/** Removes a CPU from a mask. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_clear_cpu(cpu: u32 | s32, cpumask: bpf_cpumask): void;
/** Adds a CPU to a mask; says whether it was in it. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_test_and_set_cpu(cpu: u32 | s32, cpumask: bpf_cpumask): bool;
/** Removes a CPU from a mask; says whether it was in it. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_test_and_clear_cpu(cpu: u32 | s32, cpumask: bpf_cpumask): bool;
/** Whether a CPU is in a mask. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_test_cpu(cpu: u32 | s32, cpumask: cpumask | bpf_cpumask): bool;
/** Puts every CPU into a mask. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_setall(cpumask: bpf_cpumask): void;
/** Empties a mask. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_clear(cpumask: bpf_cpumask): void;
/** dst = src1 & src2; says whether any CPU is left. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_and(dst: bpf_cpumask, src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): bool;
/** dst = src1 | src2. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_or(dst: bpf_cpumask, src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): void;
/** dst = src1 ^ src2. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_xor(dst: bpf_cpumask, src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): void;
/** dst = src. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_copy(dst: bpf_cpumask, src: cpumask | bpf_cpumask): void;
/** Whether two masks have the same CPUs. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_equal(src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): bool;
/** Whether two masks share a CPU. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_intersects(src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): bool;
/** Whether every CPU of src1 is in src2. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_subset(src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): bool;
/** Whether a mask has no CPU. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_empty(cpumask: cpumask | bpf_cpumask): bool;
/** Whether a mask has every CPU. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_full(cpumask: cpumask | bpf_cpumask): bool;
/** Lowest CPU of a mask; scx_bpf_nr_cpu_ids() or more if it is empty. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_first(cpumask: cpumask | bpf_cpumask): u32;
/** Lowest CPU that is not in a mask; scx_bpf_nr_cpu_ids() or more if it is full. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_first_zero(cpumask: cpumask | bpf_cpumask): u32;
/** A CPU of a mask, another one each time; nr_cpu_ids or more if it is empty. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_any_distribute(cpumask: cpumask | bpf_cpumask): u32;
/** Number of CPUs in a mask. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_weight(cpumask: cpumask | bpf_cpumask): u32;
/** Lowest CPU that is in both masks; scx_bpf_nr_cpu_ids() or more if there is none. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_first_and(src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): u32;
/** A CPU that is in both masks, another one each time; nr_cpu_ids or more if there is none. In schedulers, tracing programs, syscall programs. kernel/bpf/cpumask.c */
export declare function bpf_cpumask_any_and_distribute(src1: cpumask | bpf_cpumask, src2: cpumask | bpf_cpumask): u32;
/** Clock in ns that costs next to nothing and never goes back on one CPU; clocks of two CPUs can differ a little. bpf_ktime_get_ns() on kernels before 6.14. In schedulers, tracing programs, syscall programs. kernel/sched/ext/ext.c */
export declare function scx_bpf_now(): u64;
/** Monotonic clock in ns, stops in suspend. kernel/bpf/helpers.c */
export declare function bpf_ktime_get_ns(): u64;
/** Monotonic clock in ns, runs on in suspend. kernel/bpf/helpers.c */
export declare function bpf_ktime_get_boot_ns(): u64;
/** International atomic time in ns. kernel/bpf/helpers.c */
export declare function bpf_ktime_get_tai_ns(): u64;
/** Ticks (1/HZ s) since boot. kernel/bpf/helpers.c */
export declare function bpf_jiffies64(): u64;
/** Whether a is later than b, wrap-around counted. */
export declare function time_after(a: u64, b: u64): bool;
/** Whether a is earlier than b, wrap-around counted. */
export declare function time_before(a: u64, b: u64): bool;
/** Whether a is b or later, wrap-around counted. */
export declare function time_after_eq(a: u64, b: u64): bool;
/** Whether a is b or earlier, wrap-around counted. */
export declare function time_before_eq(a: u64, b: u64): bool;
/** after - before, or 0 if that is negative. */
export declare function time_delta(after: u64, before: u64): s64;
/** Whether a is from b to c, both counted. */
export declare function time_in_range(a: u64, b: u64, c: u64): bool;
/** Whether a is from b to c, c not counted. */
export declare function time_in_range_open(a: u64, b: u64, c: u64): bool;
/** How many bits are set. */
export declare function hweight32(w: u32): number;
/** How many bits are set. */
export declare function hweight64(w: u64): number;
/** Number of the highest bit that is set, counted from 1; 0 of 0. */
export declare function fls(x: u32): number;
/** Number of the highest bit that is set, counted from 1; 0 of 0. */
export declare function fls64(x: u64): number;
/** Number of the lowest bit that is set, counted from 0. 0 of 0, where the kernel has no value. */
export declare function __ffs(word: u64): number;
/** Number of the lowest bit that is set, counted from 0. 0 of 0, where the kernel has no value. */
export declare function __ffs64(word: u64): number;
/** Logarithm to base 2, rounded down. 0 of 0, where the kernel has no value. */
export declare function ilog2(n: u64): number;
/** Square root, rounded down. */
export declare function int_sqrt(x: u64): number;
/** value * p.scx.weight / 100: more for tasks of more weight (nice 0 is 100). */
export declare function scale_by_task_weight(p: task_struct, value: u64): u64;
/** value * 100 / p.scx.weight: what vtime advances by. 0 where the weight is 0. */
export declare function scale_by_task_weight_inverse(p: task_struct, value: u64): u64;
/** Whether a task may not leave its CPU right now. What the kernel does around every program to the task that runs it does not count. */
export declare function is_migration_disabled(p: task_struct): bool;
/** Whether the program runs in a hardware interrupt: a task that is woken there is woken by a device or a timer. */
export declare function in_hardirq(): bool;
/** Whether the program runs in a software interrupt: network, block devices, timers of BPF among them. */
export declare function in_serving_softirq(): bool;
/** Whether the program runs in a non-maskable interrupt. */
export declare function in_nmi(): bool;
/** Version of the running kernel, to be compared with KERNEL_VERSION(6, 18, 0). exists() asks for what a program needs itself, and is right on kernels with patches of others as well. */
export declare function kernelVersion(): u32;
/** The number of a version of the kernel; patch levels above 255 count as 255. */
export declare function KERNEL_VERSION(major: u32, minor: u32, patch: u32): u32;
/** Opens an RCU read section to the end of the block: what was reached under RCU stays valid in it. Callbacks that do not sleep are in one already. Bind the result with `using`: it is given back at the end of the block. kernel/bpf/helpers.c */
export declare function bpf_rcu_read_lock(): Disposable;
/** Keeps this task on its CPU, and others off it, to the end of the block: per-CPU values change together. Nothing in the block may sleep. Bind the result with `using`: it is given back at the end of the block. kernel/bpf/helpers.c */
export declare function bpf_preempt_disable(): Disposable;
/** Keeps interrupts off this CPU to the end of the block, what tracing programs in them would do included. Nothing in the block may sleep. Bind the result with `using`: it is given back at the end of the block. Linux 6.14+. kernel/bpf/helpers.c */
export declare function bpf_local_irq_save(): Disposable;
/** This CPU. kernel/bpf/helpers.c */
export declare function bpf_get_smp_processor_id(): u32;
/** NUMA node of this CPU. kernel/bpf/helpers.c */
export declare function bpf_get_numa_node_id(): u32;
/** A pseudo-random number. kernel/bpf/helpers.c */
export declare function bpf_get_prandom_u32(): u32;
/** tgid << 32 | pid of the current task. kernel/bpf/helpers.c */
export declare function bpf_get_current_pid_tgid(): u64;
/** gid << 32 | uid of the current task. kernel/bpf/helpers.c */
export declare function bpf_get_current_uid_gid(): u64;
/** The task that runs on this CPU; in a callback often not the one that it is about. kernel/bpf/helpers.c */
export declare function bpf_get_current_task_btf(): task_struct;
/** Id of the current task's cgroup (v2). kernel/bpf/helpers.c */
export declare function bpf_get_current_cgroup_id(): u64;
/** Id of the ancestor at a level (0 is the root) of the current task's cgroup (v2). kernel/bpf/helpers.c */
export declare function bpf_get_current_ancestor_cgroup_id(ancestor_level: s32): u64;
/** The cookie given when this tracing program was attached. In tracing programs, kprobes, raw tracepoints. kernel/bpf/helpers.c */
export declare function bpf_get_attach_cookie(): u64;
/** Address of the traced function. In fentry and fexit programs, kprobes. kernel/bpf/helpers.c */
export declare function bpf_get_func_ip(): u64;

/** Index of a kind of pid in signal_struct.pids. enum pid_type: 0, include/linux/pid_types.h. */
export declare const PIDTYPE_PID: number;
/** Index of a kind of pid in signal_struct.pids. enum pid_type: 1, include/linux/pid_types.h. */
export declare const PIDTYPE_TGID: number;
/** Index of a kind of pid in signal_struct.pids. enum pid_type: 2, include/linux/pid_types.h. */
export declare const PIDTYPE_PGID: number;
/** Index of a kind of pid in signal_struct.pids. enum pid_type: 3, include/linux/pid_types.h. */
export declare const PIDTYPE_SID: number;
/** Index of a kind of pid in signal_struct.pids. enum pid_type: 4, include/linux/pid_types.h. */
export declare const PIDTYPE_MAX: number;
/** enum bpf_cgroup_iter_order: 0, include/uapi/linux/bpf.h. */
export declare const BPF_CGROUP_ITER_ORDER_UNSPEC: number;
/** Of each.css(): only the one given. enum bpf_cgroup_iter_order: 1, include/uapi/linux/bpf.h. */
export declare const BPF_CGROUP_ITER_SELF_ONLY: number;
/** Of each.css(): the one given and all below, parents first. enum bpf_cgroup_iter_order: 2, include/uapi/linux/bpf.h. */
export declare const BPF_CGROUP_ITER_DESCENDANTS_PRE: number;
/** Of each.css(): all below and the one given, children first. enum bpf_cgroup_iter_order: 3, include/uapi/linux/bpf.h. */
export declare const BPF_CGROUP_ITER_DESCENDANTS_POST: number;
/** Of each.css(): the one given and its ancestors up to the root. enum bpf_cgroup_iter_order: 4, include/uapi/linux/bpf.h. */
export declare const BPF_CGROUP_ITER_ANCESTORS_UP: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 0, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_CPU_CLOCK: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 1, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_TASK_CLOCK: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 2, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_PAGE_FAULTS: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 3, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_CONTEXT_SWITCHES: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 4, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_CPU_MIGRATIONS: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 5, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_PAGE_FAULTS_MIN: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 6, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_PAGE_FAULTS_MAJ: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 7, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_ALIGNMENT_FAULTS: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 8, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_EMULATION_FAULTS: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 9, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_DUMMY: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 0xa, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_BPF_OUTPUT: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 0xb, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_CGROUP_SWITCHES: number;
/** An event of PERF_TYPE_SOFTWARE. enum perf_sw_ids: 0xc, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_SW_MAX: number;
/** enum psi_task_count: 4, include/linux/psi_types.h. */
export declare const NR_PSI_TASK_COUNTS: number;
/** A resource of pressure information. enum psi_res: 0, include/linux/psi_types.h. */
export declare const PSI_IO: number;
/** A resource of pressure information. enum psi_res: 1, include/linux/psi_types.h. */
export declare const PSI_MEM: number;
/** A resource of pressure information. enum psi_res: 2, include/linux/psi_types.h. */
export declare const PSI_CPU: number;
/** A resource of pressure information. enum psi_res: 3, include/linux/psi_types.h. */
export declare const NR_PSI_RESOURCES: number;
/** Index of a pressure state. enum psi_states: 0, include/linux/psi_types.h. */
export declare const PSI_IO_SOME: number;
/** Index of a pressure state. enum psi_states: 1, include/linux/psi_types.h. */
export declare const PSI_IO_FULL: number;
/** Index of a pressure state. enum psi_states: 2, include/linux/psi_types.h. */
export declare const PSI_MEM_SOME: number;
/** Index of a pressure state. enum psi_states: 3, include/linux/psi_types.h. */
export declare const PSI_MEM_FULL: number;
/** Index of a pressure state. enum psi_states: 4, include/linux/psi_types.h. */
export declare const PSI_CPU_SOME: number;
/** Index of a pressure state. enum psi_states: 5, include/linux/psi_types.h. */
export declare const PSI_CPU_FULL: number;
/** Index of a pressure state. enum psi_states: 6, include/linux/psi_types.h. */
export declare const PSI_NONIDLE: number;
/** Index of a pressure state. enum psi_states: 7, include/linux/psi_types.h. */
export declare const NR_PSI_STATES: number;
/** enum psi_aggregators: 0, include/linux/psi_types.h. */
export declare const PSI_AVGS: number;
/** enum psi_aggregators: 1, include/linux/psi_types.h. */
export declare const PSI_POLL: number;
/** enum psi_aggregators: 2, include/linux/psi_types.h. */
export declare const NR_PSI_AGGREGATORS: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. enum cgroup_subsys_id: 0, include/linux/cgroup_subsys.h. */
export declare const cpuset_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. enum cgroup_subsys_id: 1, include/linux/cgroup_subsys.h. */
export declare const cpu_cgrp_id: number;
/** Events of the CPU: PERF_COUNT_HW_*. enum perf_type_id: 0, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_HARDWARE: number;
/** Events of the kernel: PERF_COUNT_SW_*. enum perf_type_id: 1, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_SOFTWARE: number;
/** Tracepoints by id. enum perf_type_id: 2, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_TRACEPOINT: number;
/** Events of caches: PERF_COUNT_HW_CACHE_*. enum perf_type_id: 3, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_HW_CACHE: number;
/** Events by the CPU's own number. enum perf_type_id: 4, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_RAW: number;
/** enum perf_type_id: 5, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_BREAKPOINT: number;
/** enum perf_type_id: 6, include/uapi/linux/perf_event.h. */
export declare const PERF_TYPE_MAX: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 0, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CPU_CYCLES: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 1, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_INSTRUCTIONS: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 2, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_REFERENCES: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 3, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_MISSES: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 4, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_BRANCH_INSTRUCTIONS: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 5, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_BRANCH_MISSES: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 6, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_BUS_CYCLES: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 7, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_STALLED_CYCLES_FRONTEND: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 8, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_STALLED_CYCLES_BACKEND: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 9, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_REF_CPU_CYCLES: number;
/** An event of PERF_TYPE_HARDWARE. enum perf_hw_id: 0xa, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_MAX: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 0, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_L1D: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 1, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_L1I: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 2, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_LL: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 3, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_DTLB: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 4, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_ITLB: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 5, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_BPU: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 6, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_NODE: number;
/** A cache of PERF_TYPE_HW_CACHE. enum perf_hw_cache_id: 7, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_MAX: number;
/** An operation of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_id: 0, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_OP_READ: number;
/** An operation of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_id: 1, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_OP_WRITE: number;
/** An operation of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_id: 2, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_OP_PREFETCH: number;
/** An operation of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_id: 3, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_OP_MAX: number;
/** A result of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_result_id: 0, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_RESULT_ACCESS: number;
/** A result of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_result_id: 1, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_RESULT_MISS: number;
/** A result of PERF_TYPE_HW_CACHE. enum perf_hw_cache_op_result_id: 2, include/uapi/linux/perf_event.h. */
export declare const PERF_COUNT_HW_CACHE_RESULT_MAX: number;
/** Index of a utilisation clamp in p.uclamp and p.uclamp_req. enum uclamp_id: 0. */
export declare const UCLAMP_MIN: number;
/** Index of a utilisation clamp in p.uclamp and p.uclamp_req. enum uclamp_id: 1. */
export declare const UCLAMP_MAX: number;
/** Index of a utilisation clamp in p.uclamp and p.uclamp_req. enum uclamp_id: 2. */
export declare const UCLAMP_CNT: number;
/** Why a CPU looks for work elsewhere. enum cpu_idle_type: 1. */
export declare const CPU_IDLE: number;
/** Why a CPU looks for work elsewhere. enum cpu_idle_type: 2. */
export declare const CPU_NEWLY_IDLE: number;
/** Why a CPU looks for work elsewhere. enum cpu_idle_type: 3. */
export declare const CPU_MAX_IDLE_TYPES: number;
/** enum sched_tunable_scaling: 0. */
export declare const SCHED_TUNABLESCALING_NONE: number;
/** enum sched_tunable_scaling: 1. */
export declare const SCHED_TUNABLESCALING_LOG: number;
/** enum sched_tunable_scaling: 2. */
export declare const SCHED_TUNABLESCALING_LINEAR: number;
/** enum sched_tunable_scaling: 3. */
export declare const SCHED_TUNABLESCALING_END: number;
/** Bytes of a scheduler's name, the terminating zero counted. enum scx_public_consts: 0x80, include/linux/sched/ext.h. */
export declare const SCX_OPS_NAME_LEN: number;
/** The default time slice in ns: 20 ms. enum scx_public_consts: 0x1312d00, include/linux/sched/ext.h. */
export declare const SCX_SLICE_DFL: number;
/** A slice without end: the task runs until it sleeps or is preempted, without ticks. enum scx_public_consts: 0xffffffffffffffff, include/linux/sched/ext.h. */
export declare const SCX_SLICE_INF: u64;
/** Bit 63 of a queue's id: a queue of the kernel's own. enum scx_dsq_id_flags: 0x8000000000000000, include/linux/sched/ext.h. */
export declare const SCX_DSQ_FLAG_BUILTIN: u64;
/** Bit 62 of a queue id: the local queue of the CPU in the low 32 bits. enum scx_dsq_id_flags: 0x4000000000000000, include/linux/sched/ext.h. */
export declare const SCX_DSQ_FLAG_LOCAL_ON: u64;
/** No queue. enum scx_dsq_id_flags: 0x8000000000000000, include/linux/sched/ext.h. */
export declare const SCX_DSQ_INVALID: u64;
/** The FIFO that CPUs take from before dispatch() is called, one a NUMA node from 6.13 on. enum scx_dsq_id_flags: 0x8000000000000001, include/linux/sched/ext.h. */
export declare const SCX_DSQ_GLOBAL: u64;
/** The local queue of this CPU; in select_cpu() and enqueue() that of the chosen CPU. enum scx_dsq_id_flags: 0x8000000000000002, include/linux/sched/ext.h. */
export declare const SCX_DSQ_LOCAL: u64;
/** Or-ed with a CPU number: the local queue of that CPU. enum scx_dsq_id_flags: 0xc000000000000000, include/linux/sched/ext.h. */
export declare const SCX_DSQ_LOCAL_ON: u64;
/** The bits of a queue id that hold the CPU of SCX_DSQ_LOCAL_ON. enum scx_dsq_id_flags: 0xffffffff, include/linux/sched/ext.h. */
export declare const SCX_DSQ_LOCAL_CPU_MASK: u64;
/** In p.scx.flags: the task is runnable and in the care of sched_ext. enum scx_ent_flags: 1, include/linux/sched/ext.h. */
export declare const SCX_TASK_QUEUED: number;
/** In p.scx.flags: p.scx.runnable_at starts anew. enum scx_ent_flags: 4, include/linux/sched/ext.h. */
export declare const SCX_TASK_RESET_RUNNABLE_AT: number;
/** In p.scx.flags: it was last taken out because it went to sleep. enum scx_ent_flags: 8, include/linux/sched/ext.h. */
export declare const SCX_TASK_DEQD_FOR_SLEEP: number;
/** Lowest bit of the state of a task in p.scx.flags. enum scx_ent_flags: 8, include/linux/sched/ext.h. */
export declare const SCX_TASK_STATE_SHIFT: number;
/** Number of bits of the state of a task in p.scx.flags. enum scx_ent_flags: 2 from 6.12, 3 from 7.1, include/linux/sched/ext.h. */
export declare const SCX_TASK_STATE_BITS: number;
/** The bits of p.scx.flags with the state: SCX_TASK_NONE to SCX_TASK_DEAD. enum scx_ent_flags: 0x300 from 6.12, 0x700 from 7.1, include/linux/sched/ext.h. */
export declare const SCX_TASK_STATE_MASK: number;
/** In flags of a list entry: the place of an iterator, no task. enum scx_ent_flags: -2147483648, include/linux/sched/ext.h. */
export declare const SCX_TASK_CURSOR: u64;
/** State of a task: init_task() has not been called. enum scx_ent_flags: 0, include/linux/sched/ext.h. */
export declare const SCX_TASK_NONE: number;
/** State of a task: init_task() has succeeded; the fork can still fail. enum scx_ent_flags: 1 from 6.12, 0x200 from 7.1, include/linux/sched/ext.h. */
export declare const SCX_TASK_INIT: number;
/** State of a task: set up, and not scheduled by sched_ext. enum scx_ent_flags: 2 from 6.12, 0x300 from 7.1, include/linux/sched/ext.h. */
export declare const SCX_TASK_READY: number;
/** State of a task: scheduled by sched_ext. enum scx_ent_flags: 3 from 6.12, 0x400 from 7.1, include/linux/sched/ext.h. */
export declare const SCX_TASK_ENABLED: number;
/** Number of states. Until Linux 7.0. enum scx_task_state: 4, include/linux/sched/ext.h. */
export declare const SCX_TASK_NR_STATES: number;
/** In p.scx.dsq_flags: the task is in the vtime order of its queue. enum scx_ent_dsq_flags: 1, include/linux/sched/ext.h. */
export declare const SCX_TASK_DSQ_ON_PRIQ: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 0, include/linux/sched/ext.h. */
export declare const SCX_KF_UNLOCKED: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 1, include/linux/sched/ext.h. */
export declare const SCX_KF_CPU_RELEASE: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 2, include/linux/sched/ext.h. */
export declare const SCX_KF_DISPATCH: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 4, include/linux/sched/ext.h. */
export declare const SCX_KF_ENQUEUE: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 8, include/linux/sched/ext.h. */
export declare const SCX_KF_SELECT_CPU: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 0x10, include/linux/sched/ext.h. */
export declare const SCX_KF_REST: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 0x1f, include/linux/sched/ext.h. */
export declare const __SCX_KF_RQ_LOCKED: number;
/** A bit that the kernel sets while it calls a callback. Until Linux 7.0. enum scx_kf_mask: 0x1c, include/linux/sched/ext.h. */
export declare const __SCX_KF_TERMINAL: number;
/** A bit of the kernel in an entry of a queue. enum scx_dsq_lnode_flags: 1, include/linux/sched/ext.h. */
export declare const SCX_DSQ_LNODE_ITER_CURSOR: number;
/** A bit of the kernel in an entry of a queue. enum scx_dsq_lnode_flags: 0x10, include/linux/sched/ext.h. */
export declare const __SCX_DSQ_LNODE_PRIV_SHIFT: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 0, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_ABS: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 1, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_REL: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 2, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_PINNED: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 4, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_SOFT: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 8, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_HARD: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 2, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_ABS_PINNED: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 3, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_REL_PINNED: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 4, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_ABS_SOFT: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 5, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_REL_SOFT: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 6, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_ABS_PINNED_SOFT: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 7, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_REL_PINNED_SOFT: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 8, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_ABS_HARD: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 9, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_REL_HARD: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 0xa, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_ABS_PINNED_HARD: number;
/** A mode of a high-resolution timer. enum hrtimer_mode: 0xb, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_REL_PINNED_HARD: number;
/** A bit of rq.scx.flags. enum scx_rq_flags: 1, kernel/sched/sched.h. */
export declare const SCX_RQ_ONLINE: number;
/** A bit of rq.scx.flags. enum scx_rq_flags: 2, kernel/sched/sched.h. */
export declare const SCX_RQ_CAN_STOP_TICK: number;
/** A bit of rq.scx.flags. Until Linux 6.18. enum scx_rq_flags: 4, kernel/sched/sched.h. */
export declare const SCX_RQ_BAL_PENDING: number;
/** A bit of rq.scx.flags. Until Linux 7.1. enum scx_rq_flags: 8, kernel/sched/sched.h. */
export declare const SCX_RQ_BAL_KEEP: number;
/** A bit of rq.scx.flags. Until Linux 7.0. enum scx_rq_flags: 0x10, kernel/sched/sched.h. */
export declare const SCX_RQ_BYPASSING: number;
/** A bit of rq.scx.flags. enum scx_rq_flags: 0x10000, kernel/sched/sched.h. */
export declare const SCX_RQ_IN_WAKEUP: number;
/** A bit of rq.scx.flags. Until Linux 7.2. enum scx_rq_flags: 0x20000, kernel/sched/sched.h. */
export declare const SCX_RQ_IN_BALANCE: number;
/** Dispatch slots of one dispatch() where dispatch_max_batch is 0. enum scx_consts: 0x20, kernel/sched/ext/internal.h. */
export declare const SCX_DSP_DFL_MAX_BATCH: number;
/** How often dispatch() is called again in a row before the CPU looks elsewhere. enum scx_consts: 0x20, kernel/sched/ext/internal.h. */
export declare const SCX_DSP_MAX_LOOPS: number;
/** Most that timeout_ms may say, in ticks: 30 s. enum scx_consts: 0x7530 from 6.12, 0x1d4c from 6.16, kernel/sched/ext/internal.h. */
export declare const SCX_WATCHDOG_MAX_TIMEOUT: number;
/** Most addresses in the backtrace of exit information. enum scx_consts: 0x40, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_BT_LEN: number;
/** Bytes of the message of exit information. enum scx_consts: 0x400, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_MSG_LEN: number;
/** Bytes of the debug dump where exit_dump_len is 0. enum scx_consts: 0x8000, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_DUMP_DFL_LEN: number;
/** The full speed of a CPU: scx_bpf_cpuperf_set() takes 0 to this. enum scx_consts: 0x400, kernel/sched/ext/internal.h. */
export declare const SCX_CPUPERF_ONE: number;
/** A limit of the kernel. Until Linux 6.12. enum scx_consts: 0x20, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_TASK_ITER_BATCH: number;
/** The scheduler has not ended. enum scx_exit_kind: 0, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_NONE: number;
/** It has ended and exit() has been called. enum scx_exit_kind: 1, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_DONE: number;
/** Userspace took it away: its link was closed. enum scx_exit_kind: 0x40, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_UNREG: number;
/** It called scx_bpf_exit(). enum scx_exit_kind: 0x41, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_UNREG_BPF: number;
/** The kernel took it away, for example when a CPU was hot-plugged. enum scx_exit_kind: 0x42, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_UNREG_KERN: number;
/** SysRq-S was pressed. enum scx_exit_kind: 0x43, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_SYSRQ: number;
/** The kernel found an error; the message says which. enum scx_exit_kind: 0x400, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_ERROR: number;
/** It called scx_bpf_error(). enum scx_exit_kind: 0x401, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_ERROR_BPF: number;
/** A runnable task did not run for timeout_ms. enum scx_exit_kind: 0x402, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_ERROR_STALL: number;
/** In an exit code: a CPU was hot-plugged. enum scx_exit_code: 0x100000000, kernel/sched/ext/internal.h. */
export declare const SCX_ECODE_RSN_HOTPLUG: u64;
/** In an exit code: userspace should load the scheduler again. enum scx_exit_code: 0x1000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ECODE_ACT_RESTART: u64;
/** Keeps the tracking of idle CPUs although there is an update_idle(). enum scx_ops_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_KEEP_BUILTIN_IDLE: number;
/** The last runnable task of a CPU goes through enqueue() with SCX_ENQ_LAST when its slice ends, rather than running on. enum scx_ops_flags: 2, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ENQ_LAST: number;
/** Exiting tasks go through enqueue(); otherwise the kernel puts them into a local queue, since bpf_task_from_pid() no longer finds them. enum scx_ops_flags: 4, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ENQ_EXITING: number;
/** Only tasks of policy SCHED_EXT are scheduled; otherwise SCHED_NORMAL ones too. enum scx_ops_flags: 8, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_SWITCH_PARTIAL: number;
/** Without effect: cgroup_set_weight() is enough. Until Linux 7.0. enum scx_ops_flags: 0x10000, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_HAS_CGROUP_WEIGHT: number;
/** All flags that this kernel takes. enum scx_ops_flags: 0x1000f from 6.12, 0x1007f from 6.16, 0xff from 7.1, 0x1ff from 7.2, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ALL_FLAGS: number;
/** A task of the real-time class takes the CPU. enum scx_cpu_preempt_reason: 0, kernel/sched/ext/internal.h. */
export declare const SCX_CPU_PREEMPT_RT: number;
/** A task of the deadline class takes the CPU. enum scx_cpu_preempt_reason: 1, kernel/sched/ext/internal.h. */
export declare const SCX_CPU_PREEMPT_DL: number;
/** The stop class takes the CPU, for example to migrate a task. enum scx_cpu_preempt_reason: 2, kernel/sched/ext/internal.h. */
export declare const SCX_CPU_PREEMPT_STOP: number;
/** Another class takes the CPU. enum scx_cpu_preempt_reason: 3, kernel/sched/ext/internal.h. */
export declare const SCX_CPU_PREEMPT_UNKNOWN: number;
/** An index among the callbacks. enum scx_opi: 0, kernel/sched/ext/internal.h. */
export declare const SCX_OPI_BEGIN: number;
/** An index among the callbacks. enum scx_opi: 0, kernel/sched/ext/internal.h. */
export declare const SCX_OPI_NORMAL_BEGIN: number;
/** An index among the callbacks. enum scx_opi: 0x1d from 6.12, 0x1e from 6.17, 0x1f from 6.19, 0x21 from 7.1, 0x1f from 7.2, 0x21 from 7.3, kernel/sched/ext/internal.h. */
export declare const SCX_OPI_NORMAL_END: number;
/** An index among the callbacks. enum scx_opi: 0x1d from 6.12, 0x1e from 6.17, 0x1f from 6.19, 0x21 from 7.1, 0x1f from 7.2, 0x21 from 7.3, kernel/sched/ext/internal.h. */
export declare const SCX_OPI_CPU_HOTPLUG_BEGIN: number;
/** An index among the callbacks. enum scx_opi: 0x1f from 6.12, 0x20 from 6.17, 0x21 from 6.19, 0x23 from 7.1, 0x21 from 7.2, 0x23 from 7.3, kernel/sched/ext/internal.h. */
export declare const SCX_OPI_CPU_HOTPLUG_END: number;
/** An index among the callbacks. enum scx_opi: 0x1f from 6.12, 0x20 from 6.17, 0x21 from 6.19, 0x23 from 7.1, 0x21 from 7.2, 0x23 from 7.3, kernel/sched/ext/internal.h. */
export declare const SCX_OPI_END: number;
/** In wake_flags: a new task wakes for the first time. enum scx_wake_flags: 4, kernel/sched/ext/internal.h. */
export declare const SCX_WAKE_FORK: number;
/** In wake_flags: a task wakes from sleep. enum scx_wake_flags: 8, kernel/sched/ext/internal.h. */
export declare const SCX_WAKE_TTWU: number;
/** In wake_flags: the waker is about to sleep. enum scx_wake_flags: 0x10, kernel/sched/ext/internal.h. */
export declare const SCX_WAKE_SYNC: number;
/** In enq_flags: the task wakes up. enum scx_enq_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_WAKEUP: number;
/** In enq_flags: at the head of the queue rather than its tail. enum scx_enq_flags: 0x10 from 6.12, 0x10000 from 6.19, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_HEAD: number;
/** In enq_flags: select_cpu() was called for this wakeup. enum scx_enq_flags: 0x400 from 6.12, 0x100000 from 6.19, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_CPU_SELECTED: number;
/** On insertion into a local queue: ends the slice of the task that runs there, and puts this one first. enum scx_enq_flags: 0x100000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_PREEMPT: u64;
/** In enq_flags: the task had been in a queue and was taken out again. enum scx_enq_flags: 0x10000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_REENQ: u64;
/** In enq_flags: the CPU has no other task. Needs SCX_OPS_ENQ_LAST. enum scx_enq_flags: 0x20000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_LAST: u64;
/** A bit of enq_flags that is the kernel's own. enum scx_enq_flags: 0xff00000000000000, kernel/sched/ext/internal.h. */
export declare const __SCX_ENQ_INTERNAL_MASK: u64;
/** A bit of enq_flags that is the kernel's own. enum scx_enq_flags: 0x100000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_CLEAR_OPSS: u64;
/** A bit of enq_flags that is the kernel's own. enum scx_enq_flags: 0x200000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_DSQ_PRIQ: u64;
/** In deq_flags: the task goes to sleep. enum scx_deq_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_DEQ_SLEEP: number;
/** In deq_flags: core scheduling runs the task before it was dispatched. enum scx_deq_flags: 0x100000000, kernel/sched/ext/internal.h. */
export declare const SCX_DEQ_CORE_SCHED_EXEC: u64;
/** Only a CPU whose whole core is idle. enum scx_pick_idle_cpu_flags: 1, kernel/sched/ext/idle.c. */
export declare const SCX_PICK_IDLE_CORE: number;
/** Wakes the CPU if it is idle; it then goes through dispatch() once at least. enum scx_kick_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_KICK_IDLE: number;
/** Ends the slice of the sched_ext task that runs there. enum scx_kick_flags: 2, kernel/sched/ext/internal.h. */
export declare const SCX_KICK_PREEMPT: number;
/** Waits until the sched_ext task that runs there has been switched out. enum scx_kick_flags: 4, kernel/sched/ext/internal.h. */
export declare const SCX_KICK_WAIT: number;
/** A bit of task_group.scx.flags. enum scx_tg_flags: 1, kernel/sched/sched.h. */
export declare const SCX_TG_ONLINE: number;
/** A bit of task_group.scx.flags. enum scx_tg_flags: 2, kernel/sched/sched.h. */
export declare const SCX_TG_INITED: number;
/** A state of sched_ext as a whole. Until Linux 6.12. enum scx_ops_enable_state: 0, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ENABLING: number;
/** A state of sched_ext as a whole. Until Linux 6.12. enum scx_ops_enable_state: 1, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ENABLED: number;
/** A state of sched_ext as a whole. Until Linux 6.12. enum scx_ops_enable_state: 2, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_DISABLING: number;
/** A state of sched_ext as a whole. Until Linux 6.12. enum scx_ops_enable_state: 3, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_DISABLED: number;
/** A state in p.scx.ops_state: whether the scheduler has the task. enum scx_ops_state: 0, kernel/sched/ext/internal.h. */
export declare const SCX_OPSS_NONE: number;
/** A state in p.scx.ops_state: whether the scheduler has the task. enum scx_ops_state: 1, kernel/sched/ext/internal.h. */
export declare const SCX_OPSS_QUEUEING: number;
/** A state in p.scx.ops_state: whether the scheduler has the task. enum scx_ops_state: 2, kernel/sched/ext/internal.h. */
export declare const SCX_OPSS_QUEUED: number;
/** A state in p.scx.ops_state: whether the scheduler has the task. enum scx_ops_state: 3, kernel/sched/ext/internal.h. */
export declare const SCX_OPSS_DISPATCHING: number;
/** A state in p.scx.ops_state: whether the scheduler has the task. enum scx_ops_state: 2, kernel/sched/ext/internal.h. */
export declare const SCX_OPSS_QSEQ_SHIFT: number;
/** Of each.scx_dsq(): from the tail to the head. enum scx_dsq_iter_flags: 0x10000, kernel/sched/ext/internal.h. */
export declare const SCX_DSQ_ITER_REV: number;
/** Bits of an iterator's flags that are the kernel's own. enum scx_dsq_iter_flags: 0x40000000, kernel/sched/ext/internal.h. */
export declare const __SCX_DSQ_ITER_HAS_SLICE: number;
/** Bits of an iterator's flags that are the kernel's own. enum scx_dsq_iter_flags: 0x80000000, kernel/sched/ext/internal.h. */
export declare const __SCX_DSQ_ITER_HAS_VTIME: u64;
/** Bits of an iterator's flags that are the kernel's own. enum scx_dsq_iter_flags: 0x10000, kernel/sched/ext/internal.h. */
export declare const __SCX_DSQ_ITER_USER_FLAGS: number;
/** Bits of an iterator's flags that are the kernel's own. enum scx_dsq_iter_flags: 0xc0010000, kernel/sched/ext/internal.h. */
export declare const __SCX_DSQ_ITER_ALL_FLAGS: u64;
/** enum bpf_task_fd_type: 0, include/uapi/linux/bpf.h. */
export declare const BPF_FD_TYPE_RAW_TRACEPOINT: number;
/** enum bpf_task_fd_type: 1, include/uapi/linux/bpf.h. */
export declare const BPF_FD_TYPE_TRACEPOINT: number;
/** enum bpf_task_fd_type: 2, include/uapi/linux/bpf.h. */
export declare const BPF_FD_TYPE_KPROBE: number;
/** enum bpf_task_fd_type: 3, include/uapi/linux/bpf.h. */
export declare const BPF_FD_TYPE_KRETPROBE: number;
/** enum bpf_task_fd_type: 4, include/uapi/linux/bpf.h. */
export declare const BPF_FD_TYPE_UPROBE: number;
/** enum bpf_task_fd_type: 5, include/uapi/linux/bpf.h. */
export declare const BPF_FD_TYPE_URETPROBE: number;
/** enum bpf_kfunc_flags: 1. */
export declare const BPF_F_PAD_ZEROS: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 2, include/linux/cgroup_subsys.h. */
export declare const cpuacct_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 3, include/linux/cgroup_subsys.h. */
export declare const io_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 4, include/linux/cgroup_subsys.h. */
export declare const memory_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 5, include/linux/cgroup_subsys.h. */
export declare const devices_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 6, include/linux/cgroup_subsys.h. */
export declare const freezer_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 7, include/linux/cgroup_subsys.h. */
export declare const net_cls_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 8, include/linux/cgroup_subsys.h. */
export declare const perf_event_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 9, include/linux/cgroup_subsys.h. */
export declare const net_prio_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 0xa, include/linux/cgroup_subsys.h. */
export declare const hugetlb_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 0xb, include/linux/cgroup_subsys.h. */
export declare const pids_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 0xc, include/linux/cgroup_subsys.h. */
export declare const rdma_cgrp_id: number;
/** Index of a controller in css_set.subsys and cgroup.subsys. Linux 6.16+. enum cgroup_subsys_id: 0xd, include/linux/cgroup_subsys.h. */
export declare const misc_cgrp_id: number;
/** A bit of rq.scx.flags. Linux 6.14+. enum scx_rq_flags: 0x20, kernel/sched/sched.h. */
export declare const SCX_RQ_CLK_VALID: number;
/** Tasks that the kernel walks before it lets go of its locks. Linux 6.16+. enum scx_consts: 0x20, kernel/sched/ext/internal.h. */
export declare const SCX_TASK_ITER_BATCH: number;
/** Tasks that must not migrate go through enqueue(); otherwise the kernel puts them into their CPU's local queue. Linux 6.14+. enum scx_ops_flags: 0x10, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ENQ_MIGRATION_DISABLED: number;
/** Wakeups may be handed to the CPU of the task, and then come without a select_cpu(). Linux 6.15+. enum scx_ops_flags: 0x20, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ALLOW_QUEUED_WAKEUP: number;
/** Idle CPUs are tracked by NUMA node: use the functions that end in _node. Linux 6.15+. enum scx_ops_flags: 0x40, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_BUILTIN_IDLE_PER_NODE: number;
/** Bits of flags that are the kernel's own. Linux 6.16+. enum scx_ops_flags: 0xff00000000000000, kernel/sched/ext/internal.h. */
export declare const __SCX_OPS_INTERNAL_MASK: u64;
/** Set by the kernel: there is a cpu_acquire() or cpu_release(). Linux 6.16+. enum scx_ops_flags: 0x100000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_HAS_CPU_PREEMPT: u64;
/** Only a CPU of the NUMA node given. Linux 6.15+. enum scx_pick_idle_cpu_flags: 2, kernel/sched/ext/idle.c. */
export declare const SCX_PICK_IDLE_IN_NODE: number;
/** A state of sched_ext as a whole, as in /sys/kernel/sched_ext/state. Linux 6.16+. enum scx_enable_state: 0, kernel/sched/ext/internal.h. */
export declare const SCX_ENABLING: number;
/** A state of sched_ext as a whole, as in /sys/kernel/sched_ext/state. Linux 6.16+. enum scx_enable_state: 1, kernel/sched/ext/internal.h. */
export declare const SCX_ENABLED: number;
/** A state of sched_ext as a whole, as in /sys/kernel/sched_ext/state. Linux 6.16+. enum scx_enable_state: 2, kernel/sched/ext/internal.h. */
export declare const SCX_DISABLING: number;
/** A state of sched_ext as a whole, as in /sys/kernel/sched_ext/state. Linux 6.16+. enum scx_enable_state: 3, kernel/sched/ext/internal.h. */
export declare const SCX_DISABLED: number;
/** A bit of rq.scx.flags. Linux 6.17+. enum scx_rq_flags: 0x40, kernel/sched/sched.h. */
export declare const SCX_RQ_BAL_CB_PENDING: number;
/** In flags of scx_exit_info: init() had succeeded. Linux 6.18+. enum scx_exit_flags: 0 from 6.18, 1 from 6.19, kernel/sched/ext/internal.h. */
export declare const SCX_EFLAG_INITIALIZED: number;
/** The slice in ns that tasks get while the kernel bypasses the scheduler. Linux 6.19+. enum scx_public_consts: 0x4c4b40, include/linux/sched/ext.h. */
export declare const SCX_SLICE_BYPASS: number;
/** The kernel's own queue while it bypasses the scheduler. Linux 6.19+. enum scx_dsq_id_flags: 0x8000000000000003, include/linux/sched/ext.h. */
export declare const SCX_DSQ_BYPASS: u64;
/** us between balancing runs while the scheduler is bypassed. Linux 6.19+. enum scx_consts: 0x7a120, kernel/sched/ext/internal.h. */
export declare const SCX_BYPASS_LB_DFL_INTV_US: number;
/** Load in % of the average above which a bypassed CPU gives tasks away. Linux 6.19+. enum scx_consts: 0x7d, kernel/sched/ext/internal.h. */
export declare const SCX_BYPASS_LB_DONOR_PCT: number;
/** A limit of the kernel. Linux 6.19+. enum scx_consts: 4, kernel/sched/ext/internal.h. */
export declare const SCX_BYPASS_LB_MIN_DELTA_DIV: number;
/** A limit of the kernel. Linux 6.19+. enum scx_consts: 0x100, kernel/sched/ext/internal.h. */
export declare const SCX_BYPASS_LB_BATCH: number;
/** A bit of enq_flags that is the kernel's own. Linux 6.19+. enum scx_enq_flags: 0x400000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_NESTED: u64;
/** Of each.css(): the children of the one given. Linux 7.0+. enum bpf_cgroup_iter_order: 5, include/uapi/linux/bpf.h. */
export declare const BPF_CGROUP_ITER_CHILDREN: number;
/** A mode of a high-resolution timer. Linux 7.1+. enum hrtimer_mode: 0x10, include/linux/hrtimer.h. */
export declare const HRTIMER_MODE_LAZY_REARM: number;
/** A limit of the kernel. Linux 7.1+. enum scx_consts: 2, kernel/sched/ext/internal.h. */
export declare const SCX_BYPASS_HOST_NTH: number;
/** How often a local queue may be handed back in a row before its scheduler ends. Linux 7.1+. Until Linux 7.2. enum scx_consts: 0x100, kernel/sched/ext/internal.h. */
export declare const SCX_REENQ_LOCAL_MAX_REPEAT: number;
/** How deep sub-schedulers can be nested. Linux 7.1+. enum scx_consts: 4, kernel/sched/ext/internal.h. */
export declare const SCX_SUB_MAX_DEPTH: number;
/** In deq_flags: affinity, policy, nice or the like of the task changes. Linux 7.1+. enum scx_deq_flags: 0x200000000, kernel/sched/ext/internal.h. */
export declare const SCX_DEQ_SCHED_CHANGE: u64;
/** On insertion into a local queue: the task runs at once and stays on the CPU, or comes back to enqueue(). Linux 7.1+. enum scx_enq_flags: 0x200000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_IMMED: u64;
/** A bit of enq_flags that is the kernel's own. Linux 7.1+. enum scx_enq_flags: 0x800000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_GDSQ_FALLBACK: u64;
/** In p.scx.flags: the scheduler has it, and dequeue() will be called when it leaves. Linux 7.1+. enum scx_ent_flags: 2, include/linux/sched/ext.h. */
export declare const SCX_TASK_IN_CUSTODY: number;
/** In p.scx.flags: it is being initialised for a sub-scheduler. Linux 7.1+. enum scx_ent_flags: 0x10, include/linux/sched/ext.h. */
export declare const SCX_TASK_SUB_INIT: number;
/** In p.scx.flags: it is in a local queue by SCX_ENQ_IMMED. Linux 7.1+. enum scx_ent_flags: 0x20, include/linux/sched/ext.h. */
export declare const SCX_TASK_IMMED: number;
/** State of a task: init_task() is being called. Linux 7.1+. enum scx_ent_flags: 0x100, include/linux/sched/ext.h. */
export declare const SCX_TASK_INIT_BEGIN: number;
/** State of a task: it is gone. Linux 7.1+. enum scx_ent_flags: 0x500, include/linux/sched/ext.h. */
export declare const SCX_TASK_DEAD: number;
/** Lowest bit of the reason of SCX_ENQ_REENQ in p.scx.flags. Linux 7.1+. enum scx_ent_flags: 0xc, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_REASON_SHIFT: number;
/** Number of bits of the reason of SCX_ENQ_REENQ in p.scx.flags. Linux 7.1+. enum scx_ent_flags: 2 from 7.1, 3 from 7.3, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_REASON_BITS: number;
/** The bits of p.scx.flags that say why SCX_ENQ_REENQ is set. Linux 7.1+. enum scx_ent_flags: 0x3000 from 7.1, 0x7000 from 7.3, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_REASON_MASK: number;
/** Reason: it is not being enqueued again. Linux 7.1+. enum scx_ent_flags: 0, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_NONE: number;
/** Reason: scx_bpf_dsq_reenq() or scx_bpf_reenqueue_local(). Linux 7.1+. enum scx_ent_flags: 0x1000, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_KFUNC: number;
/** Reason: the CPU could not run it at once, as SCX_ENQ_IMMED asks. Linux 7.1+. enum scx_ent_flags: 0x2000, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_IMMED: number;
/** Reason: it was preempted. Linux 7.1+. enum scx_ent_flags: 0x3000, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_PREEMPTED: number;
/** In an exit code: the sub-scheduler's cgroup was removed. Linux 7.1+. enum scx_exit_code: 0x200000000, kernel/sched/ext/internal.h. */
export declare const SCX_ECODE_RSN_CGROUP_OFFLINE: u64;
/** The scheduler above this sub-scheduler ended. Linux 7.1+. enum scx_exit_kind: 0x44, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_PARENT: number;
/** A group of functions that the kernel lets a callback call. Linux 7.1+. enum scx_kf_allow_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_UNLOCKED: number;
/** A group of functions that the kernel lets a callback call. Linux 7.1+. enum scx_kf_allow_flags: 2 from 7.1, 4 from 7.2, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_CPU_RELEASE: number;
/** A group of functions that the kernel lets a callback call. Linux 7.1+. enum scx_kf_allow_flags: 4 from 7.1, 8 from 7.2, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_DISPATCH: number;
/** A group of functions that the kernel lets a callback call. Linux 7.1+. enum scx_kf_allow_flags: 8 from 7.1, 0x10 from 7.2, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_ENQUEUE: number;
/** A group of functions that the kernel lets a callback call. Linux 7.1+. enum scx_kf_allow_flags: 0x10 from 7.1, 0x20 from 7.2, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_SELECT_CPU: number;
/** Every insertion into a local queue is one with SCX_ENQ_IMMED. Linux 7.1+. enum scx_ops_flags: 0x80, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_ALWAYS_ENQ_IMMED: number;
/** Of scx_bpf_dsq_reenq(): all tasks of the queue. Linux 7.1+. enum scx_reenq_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_REENQ_ANY: number;
/** Bits of reenq_flags that are the kernel's own. Linux 7.1+. enum scx_reenq_flags: 0xffff, kernel/sched/ext/internal.h. */
export declare const __SCX_REENQ_FILTER_MASK: number;
/** Bits of reenq_flags that are the kernel's own. Linux 7.1+. enum scx_reenq_flags: 1, kernel/sched/ext/internal.h. */
export declare const __SCX_REENQ_USER_MASK: number;
/** Bits of reenq_flags that are the kernel's own. Linux 7.1+. enum scx_reenq_flags: 0x100000000, kernel/sched/ext/internal.h. */
export declare const SCX_REENQ_TSR_RQ_OPEN: u64;
/** Bits of reenq_flags that are the kernel's own. Linux 7.1+. enum scx_reenq_flags: 0x200000000, kernel/sched/ext/internal.h. */
export declare const SCX_REENQ_TSR_NOT_FIRST: u64;
/** Bits of reenq_flags that are the kernel's own. Linux 7.1+. enum scx_reenq_flags: 0xf00000000, kernel/sched/ext/internal.h. */
export declare const __SCX_REENQ_TSR_MASK: u64;
/** A bit of the kernel's data of a scheduler on a CPU. Linux 7.1+. enum scx_sched_pcpu_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_SCHED_PCPU_BYPASSING: number;
/** A size of the arena that the kernel keeps for schedulers in cid form. Linux 7.2+. enum scx_arena_consts: 3, kernel/sched/ext/internal.h. */
export declare const SCX_ARENA_MIN_ORDER: number;
/** A size of the arena that the kernel keeps for schedulers in cid form. Linux 7.2+. enum scx_arena_consts: 4, kernel/sched/ext/internal.h. */
export declare const SCX_ARENA_GROW_PAGES: number;
/** A limit of the kernel. Linux 7.2+. enum scx_consts: 0x400, kernel/sched/ext/internal.h. */
export declare const SCX_TID_CHUNK: number;
/** What came of the kernel's dispatching. Linux 7.2+. enum scx_dsp_verdict: 0, kernel/sched/ext/internal.h. */
export declare const SCX_DSP_NONE: number;
/** What came of the kernel's dispatching. Linux 7.2+. enum scx_dsp_verdict: 1, kernel/sched/ext/internal.h. */
export declare const SCX_DSP_LOCAL: number;
/** What came of the kernel's dispatching. Linux 7.2+. enum scx_dsp_verdict: 2, kernel/sched/ext/internal.h. */
export declare const SCX_DSP_PREV: number;
/** What came of the kernel's dispatching. Linux 7.2+. enum scx_dsp_verdict: 3, kernel/sched/ext/internal.h. */
export declare const SCX_DSP_RETRY: number;
/** A group of functions that the kernel lets a callback call. Linux 7.2+. Until Linux 7.2. enum scx_kf_allow_flags: 2, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_INIT: number;
/** Keeps the table that scx_bpf_tid_to_task() looks into. Linux 7.2+. enum scx_ops_flags: 0x100, kernel/sched/ext/internal.h. */
export declare const SCX_OPS_TID_TO_TASK: number;
/** Linux 7.2+. enum task_dumpable: 0. */
export declare const TASK_DUMPABLE_OFF: number;
/** Linux 7.2+. enum task_dumpable: 1. */
export declare const TASK_DUMPABLE_OWNER: number;
/** Linux 7.2+. enum task_dumpable: 2. */
export declare const TASK_DUMPABLE_ROOT: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 0, kernel/sched/ext/internal.h. */
export declare const __SCX_CAP_ENQ_IMMED: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 1, kernel/sched/ext/internal.h. */
export declare const __SCX_CAP_ENQ: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 2, kernel/sched/ext/internal.h. */
export declare const __SCX_CAP_PREEMPT: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 3, kernel/sched/ext/internal.h. */
export declare const __SCX_CAP_PERF: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 4, kernel/sched/ext/internal.h. */
export declare const __SCX_NR_CAPS: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 0xf, kernel/sched/ext/internal.h. */
export declare const __SCX_CAP_ALL: number;
/** A sub-scheduler may insert into a local queue with SCX_ENQ_IMMED. Linux 7.3+. enum scx_cap_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_CAP_ENQ_IMMED: number;
/** A sub-scheduler may insert into a local queue. Linux 7.3+. enum scx_cap_flags: 2, kernel/sched/ext/internal.h. */
export declare const SCX_CAP_ENQ: number;
/** A sub-scheduler may preempt tasks that are not its own. Linux 7.3+. enum scx_cap_flags: 4, kernel/sched/ext/internal.h. */
export declare const SCX_CAP_PREEMPT: number;
/** A sub-scheduler may set the speed of a CPU. Linux 7.3+. enum scx_cap_flags: 8, kernel/sched/ext/internal.h. */
export declare const SCX_CAP_PERF: number;
/** The least that a sub-scheduler needs to use a CPU. Linux 7.3+. enum scx_cap_flags: 1, kernel/sched/ext/internal.h. */
export declare const SCX_CAP_BASE: number;
/** A number of capabilities of sub-schedulers that is the kernel's own. Linux 7.3+. enum scx_cap_flags: 3, kernel/sched/ext/internal.h. */
export declare const SCX_CAPS_REENQ_ON_LOSS: number;
/** CPUs of a topological shard where cid_shard_size is 0. Linux 7.3+. enum scx_cid_consts: 0x18, kernel/sched/ext/cid.h. */
export declare const SCX_CID_SHARD_SIZE_DFL: number;
/** The most CPUs of a topological shard. Linux 7.3+. enum scx_cid_consts: 0x200, kernel/sched/ext/cid.h. */
export declare const SCX_CID_SHARD_MAX_CPUS: number;
/** Share of CPU time in 1/1000 for rescued tasks where ops say 0. Linux 7.3+. enum scx_consts: 0x14, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_DFL_BW_PPT: number;
/** The largest such share. Linux 7.3+. enum scx_consts: 0xfa, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_MAX_BW_PPT: number;
/** As rescue_bandwidth_ppt: no rescue. Linux 7.3+. enum scx_consts: 0xffffffff, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_DISABLE: u64;
/** Quantum in us of a rescue where ops say 0. Linux 7.3+. enum scx_consts: 0x1388, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_DFL_QUANTUM_US: number;
/** The shortest such quantum in us. Linux 7.3+. enum scx_consts: 0x3e8, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_MIN_QUANTUM_US: number;
/** The longest such quantum in us. Linux 7.3+. enum scx_consts: 0x186a0, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_MAX_QUANTUM_US: number;
/** A limit of the kernel. Linux 7.3+. enum scx_consts: 0x3e8, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_MIN_SLICE_US: number;
/** A limit of the kernel. Linux 7.3+. enum scx_consts: 0x10, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_OVERLOAD_MULT: number;
/** A limit of the kernel. Linux 7.3+. enum scx_consts: 0x3e8, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_MIN_OVERLOAD_MS: number;
/** A limit of the kernel. Linux 7.3+. enum scx_consts: 0x3a98, kernel/sched/ext/internal.h. */
export declare const SCX_RESCUE_MAX_OVERLOAD_MS: number;
/** How often a task may be enqueued again without running before its scheduler ends. Linux 7.3+. enum scx_consts: 0x100, kernel/sched/ext/internal.h. */
export declare const SCX_REENQ_MAX_REPEAT: number;
/** The kernel's own: tasks that a sub-scheduler may not run there. Linux 7.3+. enum scx_dsq_id_flags: 0x8000000000000004, include/linux/sched/ext.h. */
export declare const SCX_DSQ_REJECT: u64;
/** The kernel's own: tasks inserted with SCX_ENQ_RESCUE. Linux 7.3+. enum scx_dsq_id_flags: 0x8000000000000005, include/linux/sched/ext.h. */
export declare const SCX_DSQ_RESCUE: u64;
/** On insertion into a local queue: where the sub-scheduler may not use that CPU, the kernel runs the task there within its rescue bandwidth. Linux 7.3+. enum scx_enq_flags: 0x400000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_RESCUE: u64;
/** A bit of enq_flags that is the kernel's own. Linux 7.3+. enum scx_enq_flags: 0x1000000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_IGNORE_CAPS: u64;
/** A bit of enq_flags that is the kernel's own. Linux 7.3+. enum scx_enq_flags: 0x2000000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_APPLY_SLICE: u64;
/** A bit of enq_flags that is the kernel's own. Linux 7.3+. enum scx_enq_flags: 0x4000000000000000, kernel/sched/ext/internal.h. */
export declare const SCX_ENQ_SLICE_DFL: u64;
/** In p.scx.flags: its slice and its place at the head of a queue are protected. Linux 7.3+. enum scx_ent_flags: 0x40, include/linux/sched/ext.h. */
export declare const SCX_TASK_PROTECTED: number;
/** Reason: a sub-scheduler lacks what p.scx.reenq_reason_caps names. Linux 7.3+. enum scx_ent_flags: 0x4000, include/linux/sched/ext.h. */
export declare const SCX_TASK_REENQ_CAP: number;
/** The scheduler above this sub-scheduler ended it. Linux 7.3+. enum scx_exit_kind: 0x45, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_PARENT_KILL: number;
/** A task was enqueued again too often without running. Linux 7.3+. enum scx_exit_kind: 0x403, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_ERROR_REENQ: number;
/** It left too many tasks to be rescued. Linux 7.3+. enum scx_exit_kind: 0x404, kernel/sched/ext/internal.h. */
export declare const SCX_EXIT_ERROR_RESCUE: number;
/** A group of functions that the kernel lets a callback call. Linux 7.3+. enum scx_kf_allow_flags: 2, kernel/sched/ext/internal.h. */
export declare const SCX_KF_ALLOW_INIT_CIDS: number;
/** Bits of reenq_flags that are the kernel's own. Linux 7.3+. enum scx_reenq_flags: 2, kernel/sched/ext/internal.h. */
export declare const SCX_REENQ_CAP_REVOKE: number;
/** A bit of rq.scx.flags. Linux 7.3+. enum scx_rq_flags: 0x80, kernel/sched/sched.h. */
export declare const SCX_RQ_SUB_IDLE_RENOTIFY: number;
/** A bit of rq.scx.flags. Linux 7.3+. enum scx_rq_flags: 0x100, kernel/sched/sched.h. */
export declare const SCX_RQ_ROOT_IDLE_RENOTIFY: number;
/** A bit of rq.scx.flags. Linux 7.3+. enum scx_rq_flags: 0x20000, kernel/sched/sched.h. */
export declare const SCX_RQ_IN_DISPATCH: number;
/** A part of p.scx.slice_oob. Linux 7.3+. enum scx_slice_oob_consts: 0x2b, include/linux/sched/ext.h. */
export declare const SCX_SLICE_OOB_DUR_BITS: number;
/** A part of p.scx.slice_oob. Linux 7.3+. enum scx_slice_oob_consts: 0x14, include/linux/sched/ext.h. */
export declare const SCX_SLICE_OOB_ID_BITS: number;
/** A part of p.scx.slice_oob. Linux 7.3+. enum scx_slice_oob_consts: 0x7ffffffffff, include/linux/sched/ext.h. */
export declare const SCX_SLICE_OOB_DUR_MASK: u64;
/** A part of p.scx.slice_oob. Linux 7.3+. enum scx_slice_oob_consts: 0x2b, include/linux/sched/ext.h. */
export declare const SCX_SLICE_OOB_ID_SHIFT: number;
/** A part of p.scx.slice_oob. Linux 7.3+. enum scx_slice_oob_consts: 0xfffff, include/linux/sched/ext.h. */
export declare const SCX_SLICE_OOB_ID_MASK: number;
/** A part of p.scx.slice_oob. Linux 7.3+. enum scx_slice_oob_consts: 0x8000000000000000, include/linux/sched/ext.h. */
export declare const SCX_SLICE_OOB_PENDING: u64;
/** A bit of task_group.scx.flags. Linux 7.3+. enum scx_tg_flags: 4, kernel/sched/sched.h. */
export declare const SCX_TG_SUB_INIT: number;
/** An errno: functions return it negative. */
export declare const EPERM: 1;
/** An errno: functions return it negative. */
export declare const ENOENT: 2;
/** An errno: functions return it negative. */
export declare const ESRCH: 3;
/** An errno: functions return it negative. */
export declare const EINTR: 4;
/** An errno: functions return it negative. */
export declare const EIO: 5;
/** An errno: functions return it negative. */
export declare const ENXIO: 6;
/** An errno: functions return it negative. */
export declare const E2BIG: 7;
/** An errno: functions return it negative. */
export declare const ENOEXEC: 8;
/** An errno: functions return it negative. */
export declare const EBADF: 9;
/** An errno: functions return it negative. */
export declare const ECHILD: 10;
/** An errno: functions return it negative. */
export declare const EAGAIN: 11;
/** An errno: functions return it negative. */
export declare const ENOMEM: 12;
/** An errno: functions return it negative. */
export declare const EACCES: 13;
/** An errno: functions return it negative. */
export declare const EFAULT: 14;
/** An errno: functions return it negative. */
export declare const EBUSY: 16;
/** An errno: functions return it negative. */
export declare const EEXIST: 17;
/** An errno: functions return it negative. */
export declare const EXDEV: 18;
/** An errno: functions return it negative. */
export declare const ENODEV: 19;
/** An errno: functions return it negative. */
export declare const EINVAL: 22;
/** An errno: functions return it negative. */
export declare const ENFILE: 23;
/** An errno: functions return it negative. */
export declare const EMFILE: 24;
/** An errno: functions return it negative. */
export declare const EFBIG: 27;
/** An errno: functions return it negative. */
export declare const ENOSPC: 28;
/** An errno: functions return it negative. */
export declare const EROFS: 30;
/** An errno: functions return it negative. */
export declare const EPIPE: 32;
/** An errno: functions return it negative. */
export declare const EDOM: 33;
/** An errno: functions return it negative. */
export declare const ERANGE: 34;
/** An errno: functions return it negative. */
export declare const EDEADLK: 35;
/** An errno: functions return it negative. */
export declare const ENOSYS: 38;
/** An errno: functions return it negative. */
export declare const ELOOP: 40;
/** An errno: functions return it negative. */
export declare const ENOMSG: 42;
/** An errno: functions return it negative. */
export declare const ENODATA: 61;
/** An errno: functions return it negative. */
export declare const ETIME: 62;
/** An errno: functions return it negative. */
export declare const EPROTO: 71;
/** An errno: functions return it negative. */
export declare const EBADMSG: 74;
/** An errno: functions return it negative. */
export declare const EOVERFLOW: 75;
/** An errno: functions return it negative. */
export declare const EOPNOTSUPP: 95;
/** An errno: functions return it negative. */
export declare const ETIMEDOUT: 110;
/** An errno: functions return it negative. */
export declare const EALREADY: 114;
/** An errno: functions return it negative. */
export declare const EINPROGRESS: 115;
/** An errno: functions return it negative. */
export declare const ESTALE: 116;
/** An errno: functions return it negative. */
export declare const EDQUOT: 122;
/** An errno: functions return it negative. */
export declare const ECANCELED: 125;
/** An errno: functions return it negative. */
export declare const ENOTSUPP: 524;
/** A bit of task_struct.flags. */
export declare const PF_VCPU: 1;
/** A bit of task_struct.flags. */
export declare const PF_IDLE: 2;
/** A bit of task_struct.flags. */
export declare const PF_EXITING: 4;
/** A bit of task_struct.flags. */
export declare const PF_POSTCOREDUMP: 8;
/** A bit of task_struct.flags. */
export declare const PF_IO_WORKER: 16;
/** A bit of task_struct.flags. */
export declare const PF_WQ_WORKER: 32;
/** A bit of task_struct.flags. */
export declare const PF_FORKNOEXEC: 64;
/** A bit of task_struct.flags. */
export declare const PF_MCE_PROCESS: 128;
/** A bit of task_struct.flags. */
export declare const PF_SUPERPRIV: 256;
/** A bit of task_struct.flags. */
export declare const PF_DUMPCORE: 512;
/** A bit of task_struct.flags. */
export declare const PF_SIGNALED: 1024;
/** A bit of task_struct.flags. */
export declare const PF_MEMALLOC: 2048;
/** A bit of task_struct.flags. */
export declare const PF_NPROC_EXCEEDED: 4096;
/** A bit of task_struct.flags. */
export declare const PF_USED_MATH: 8192;
/** A bit of task_struct.flags. */
export declare const PF_USER_WORKER: 16384;
/** A bit of task_struct.flags. */
export declare const PF_NOFREEZE: 32768;
/** A bit of task_struct.flags. */
export declare const PF_KCOMPACTD: 65536;
/** A bit of task_struct.flags. */
export declare const PF_KSWAPD: 131072;
/** A bit of task_struct.flags. */
export declare const PF_KTHREAD: 2097152;
/** A bit of task_struct.flags. */
export declare const PF_MEMALLOC_NOFS: 262144;
/** A bit of task_struct.flags. */
export declare const PF_MEMALLOC_NOIO: 524288;
/** A bit of task_struct.flags. */
export declare const PF_LOCAL_THROTTLE: 1048576;
/** A bit of task_struct.flags. */
export declare const PF_RANDOMIZE: 4194304;
/** A bit of task_struct.flags. */
export declare const PF_NO_SETAFFINITY: 67108864;
/** A bit of task_struct.flags. */
export declare const PF_MCE_EARLY: 134217728;
/** A bit of task_struct.flags. */
export declare const PF_MEMALLOC_PIN: 268435456;
/** A bit of task_struct.flags. */
export declare const PF_SUSPEND_TASK: 2147483648;
/** A bit of clone(2). */
export declare const CLONE_VM: 256;
/** A bit of clone(2). */
export declare const CLONE_FS: 512;
/** A bit of clone(2). */
export declare const CLONE_FILES: 1024;
/** A bit of clone(2). */
export declare const CLONE_SIGHAND: 2048;
/** A bit of clone(2). */
export declare const CLONE_PTRACE: 8192;
/** A bit of clone(2). */
export declare const CLONE_PIDFD: 4096;
/** A bit of clone(2). */
export declare const CLONE_VFORK: 16384;
/** A bit of clone(2). */
export declare const CLONE_PARENT: 32768;
/** A bit of clone(2). */
export declare const CLONE_THREAD: 65536;
/** A bit of clone(2). */
export declare const CLONE_NEWNS: 131072;
/** A bit of clone(2). */
export declare const CLONE_SYSVSEM: 262144;
/** A bit of clone(2). */
export declare const CLONE_SETTLS: 524288;
/** A bit of clone(2). */
export declare const CLONE_PARENT_SETTID: 1048576;
/** A bit of clone(2). */
export declare const CLONE_CHILD_CLEARTID: 2097152;
/** A bit of clone(2). */
export declare const CLONE_UNTRACED: 8388608;
/** A bit of clone(2). */
export declare const CLONE_CHILD_SETTID: 16777216;
/** A bit of clone(2). */
export declare const CLONE_NEWCGROUP: 33554432;
/** A bit of clone(2). */
export declare const CLONE_NEWUTS: 67108864;
/** A bit of clone(2). */
export declare const CLONE_NEWIPC: 134217728;
/** A bit of clone(2). */
export declare const CLONE_NEWUSER: 268435456;
/** A bit of clone(2). */
export declare const CLONE_NEWPID: 536870912;
/** A bit of clone(2). */
export declare const CLONE_NEWNET: 1073741824;
/** A bit of clone(2). */
export declare const CLONE_IO: 2147483648;
export declare const BPF_ANY: 0;
export declare const BPF_NOEXIST: 1;
export declare const BPF_EXIST: 2;
export declare const BPF_F_LOCK: 4;
export declare const BPF_F_NO_PREALLOC: 1;
export declare const BPF_F_NO_COMMON_LRU: 2;
export declare const BPF_F_NUMA_NODE: 4;
export declare const BPF_F_RDONLY: 8;
export declare const BPF_F_WRONLY: 16;
export declare const BPF_F_RDONLY_PROG: 128;
export declare const BPF_F_WRONLY_PROG: 256;
export declare const BPF_F_MMAPABLE: 1024;
export declare const BPF_F_INNER_MAP: 4096;
export declare const BPF_F_STACK_BUILD_ID: 32;
export declare const BPF_F_ZERO_SEED: 64;
export declare const BPF_F_CLONE: 512;
export declare const BPF_F_PRESERVE_ELEMS: 2048;
export declare const BPF_F_LINK: 8192;
export declare const BPF_F_SEGV_ON_FAULT: 131072;
export declare const BPF_F_NO_USER_CONV: 262144;
export declare const BPF_F_SKIP_FIELD_MASK: 255;
export declare const BPF_F_USER_STACK: 256;
export declare const BPF_F_FAST_STACK_CMP: 512;
export declare const BPF_F_REUSE_STACKID: 1024;
export declare const BPF_F_INDEX_MASK: 4294967295;
export declare const BPF_F_CURRENT_CPU: 4294967295;
export declare const BPF_RB_NO_WAKEUP: 1;
export declare const BPF_RB_FORCE_WAKEUP: 2;
export declare const BPF_LOCAL_STORAGE_GET_F_CREATE: 1;
export declare const BPF_F_TIMER_ABS: 1;
export declare const BPF_F_TIMER_CPU_PIN: 2;
export declare const BPF_RB_AVAIL_DATA: 0;
export declare const BPF_RB_RING_SIZE: 1;
export declare const BPF_RB_CONS_POS: 2;
export declare const BPF_RB_PROD_POS: 3;
export declare const BPF_RINGBUF_BUSY_BIT: 2147483648;
export declare const BPF_RINGBUF_DISCARD_BIT: 1073741824;
export declare const BPF_TASK_ITER_ALL_PROCS: 0;
export declare const BPF_TASK_ITER_ALL_THREADS: 1;
export declare const BPF_TASK_ITER_PROC_THREADS: 2;
export declare const NSEC_PER_USEC: 1000;
export declare const NSEC_PER_MSEC: 1000000;
export declare const NSEC_PER_SEC: 1000000000;
export declare const USEC_PER_SEC: 1000000;
export declare const USEC_PER_MSEC: 1000;
export declare const MSEC_PER_SEC: 1000;
export declare const CLOCK_REALTIME: 0;
export declare const CLOCK_MONOTONIC: 1;
export declare const CLOCK_BOOTTIME: 7;
export declare const MAX_NICE: 19;
export declare const MIN_NICE: -20;
export declare const NICE_WIDTH: 40;
export declare const MAX_RT_PRIO: 100;
export declare const MAX_PRIO: 140;
export declare const DEFAULT_PRIO: 120;
export declare const MAX_DL_PRIO: 0;
export declare const CGROUP_WEIGHT_MIN: 1;
export declare const CGROUP_WEIGHT_DFL: 100;
export declare const CGROUP_WEIGHT_MAX: 10000;
export declare const NICE_0_LOAD: 1024;
export declare const TASK_COMM_LEN: 16;
export declare const NUMA_NO_NODE: -1;
export declare const SCHED_NORMAL: 0;
export declare const SCHED_FIFO: 1;
export declare const SCHED_RR: 2;
export declare const SCHED_BATCH: 3;
export declare const SCHED_IDLE: 5;
export declare const SCHED_DEADLINE: 6;
export declare const SCHED_EXT: 7;
export declare const TASK_RUNNING: 0;
export declare const TASK_INTERRUPTIBLE: 1;
export declare const TASK_UNINTERRUPTIBLE: 2;
export declare const __TASK_STOPPED: 4;
export declare const __TASK_TRACED: 8;
export declare const EXIT_DEAD: 16;
export declare const EXIT_ZOMBIE: 32;
export declare const EXIT_TRACE: 48;
export declare const TASK_PARKED: 64;
export declare const TASK_DEAD: 128;
export declare const TASK_WAKEKILL: 256;
export declare const TASK_WAKING: 512;
export declare const TASK_NOLOAD: 1024;
export declare const TASK_NEW: 2048;
export declare const TASK_FROZEN: 32768;
export declare const TASK_KILLABLE: 258;
export declare const TASK_IDLE: 1026;
export declare const TASK_NORMAL: 3;
export declare const TASK_ON_RQ_QUEUED: 1;
export declare const TASK_ON_RQ_MIGRATING: 2;
export declare const U8_MAX: 255;
export declare const U16_MAX: 65535;
export declare const U32_MAX: 4294967295;
export declare const U64_MAX: u64;
export declare const S8_MAX: 127;
export declare const S16_MAX: 32767;
export declare const S32_MAX: 2147483647;
export declare const S64_MAX: s64;
export declare const S8_MIN: -128;
export declare const S16_MIN: -32768;
export declare const S32_MIN: -2147483648;
export declare const S64_MIN: s64;
export declare const INT_MAX: 2147483647;
export declare const INT_MIN: -2147483648;
export declare const UINT_MAX: 4294967295;
/** The most CPUs that a table can be for; arrays of that size shrink to the machine. */
export declare const NR_CPUS: 1024;

import type { CString, FixedArray } from '../types.js';
/** Arguments of BTF-typed tracepoints (tp_btf). */
export interface TpBtf {
  block_rq_complete: [rq: vm.request, error: u8, nr_bytes: u32];
  block_rq_insert: [rq: vm.request];
  block_rq_issue: [rq: vm.request];
  cgroup_attach_task: [dst_cgrp: vm.cgroup, path: Opaque<'void *'>, task: vm.task_struct, threadgroup: bool];
  cgroup_freeze: [cgrp: vm.cgroup, path: Opaque<'void *'>];
  cgroup_mkdir: [cgrp: vm.cgroup, path: Opaque<'void *'>];
  cgroup_release: [cgrp: vm.cgroup, path: Opaque<'void *'>];
  cgroup_rename: [cgrp: vm.cgroup, path: Opaque<'void *'>];
  cgroup_rmdir: [cgrp: vm.cgroup, path: Opaque<'void *'>];
  cgroup_transfer_tasks: [dst_cgrp: vm.cgroup, path: Opaque<'void *'>, task: vm.task_struct, threadgroup: bool];
  cgroup_unfreeze: [cgrp: vm.cgroup, path: Opaque<'void *'>];
  contention_begin: [lock: Opaque<'void *'>, flags: u32];
  contention_end: [lock: Opaque<'void *'>, ret: s32];
  cpu_frequency: [frequency: u32, cpu_id: u32];
  cpu_frequency_limits: [policy: vm.cpufreq_policy];
  cpu_idle: [state: u32, cpu_id: u32];
  hrtimer_cancel: [hrtimer: vm.hrtimer];
  hrtimer_expire_entry: [hrtimer: vm.hrtimer, now: s64];
  hrtimer_expire_exit: [hrtimer: vm.hrtimer];
  hrtimer_rearm: [next_event: s64, deferred: bool];
  hrtimer_setup: [hrtimer: vm.hrtimer, clockid: s32, mode: u32];
  hrtimer_start: [hrtimer: vm.hrtimer, mode: u32, was_armed: bool];
  hrtimer_start_expired: [hrtimer: vm.hrtimer];
  irq_handler_entry: [irq: s32, action: vm.irqaction];
  irq_handler_exit: [irq: s32, action: vm.irqaction, ret: s32];
  oom_score_adj_update: [task: vm.task_struct];
  pstate_sample: [core_busy: u32, scaled_busy: u32, from: u32, to: u32, mperf: u64, aperf: u64, tsc: u64, freq: u32, io_boost: u32];
  sched_cpu_capacity_tp: [rq: vm.rq];
  sched_ext_bypass_lb: [node: u32, nr_cpus: u32, nr_tasks: u32, nr_balanced: u32, before_min: u32, before_max: u32, after_min: u32, after_max: u32];
  sched_ext_dump: [line: Opaque<'void *'>];
  sched_ext_event: [name: Opaque<'void *'>, delta: s64];
  sched_ext_exit: [sch: vm.scx_sched, kind: u32];
  sched_kthread_stop: [t: vm.task_struct];
  sched_migrate_task: [p: vm.task_struct, dest_cpu: s32];
  sched_move_numa: [tsk: vm.task_struct, src_cpu: s32, dst_cpu: s32];
  sched_overutilized_tp: [rd: vm.root_domain, overutilized: bool];
  sched_pi_setprio: [tsk: vm.task_struct, pi_task: vm.task_struct];
  sched_prepare_exec: [task: vm.task_struct, bprm: Opaque<'void *'>];
  sched_process_exec: [p: vm.task_struct, old_pid: s32, bprm: Opaque<'void *'>];
  sched_process_exit: [p: vm.task_struct, group_dead: bool];
  sched_process_fork: [parent: vm.task_struct, child: vm.task_struct];
  sched_process_free: [p: vm.task_struct];
  sched_process_hang: [tsk: vm.task_struct];
  sched_process_wait: [pid: vm.pid];
  sched_stat_blocked: [tsk: vm.task_struct, delay: u64];
  sched_stat_iowait: [tsk: vm.task_struct, delay: u64];
  sched_stat_runtime: [tsk: vm.task_struct, runtime: u64];
  sched_stat_sleep: [tsk: vm.task_struct, delay: u64];
  sched_stat_wait: [tsk: vm.task_struct, delay: u64];
  sched_stick_numa: [src_tsk: vm.task_struct, src_cpu: s32, dst_tsk: vm.task_struct, dst_cpu: s32];
  sched_swap_numa: [src_tsk: vm.task_struct, src_cpu: s32, dst_tsk: vm.task_struct, dst_cpu: s32];
  sched_switch: [preempt: bool, prev: vm.task_struct, next: vm.task_struct, prev_state: u32];
  sched_update_nr_running_tp: [rq: vm.rq, change: s32];
  sched_util_est_cfs_tp: [cfs_rq: vm.cfs_rq];
  sched_util_est_se_tp: [se: vm.sched_entity];
  sched_wait_task: [p: vm.task_struct];
  sched_wake_idle_without_ipi: [cpu: s32];
  sched_wakeup: [p: vm.task_struct];
  sched_wakeup_new: [p: vm.task_struct];
  sched_waking: [p: vm.task_struct];
  signal_deliver: [sig: s32, info: vm.kernel_siginfo, ka: vm.k_sigaction];
  signal_generate: [sig: s32, info: vm.kernel_siginfo, task: vm.task_struct, group: s32, result: s32];
  softirq_entry: [vec_nr: u32];
  softirq_exit: [vec_nr: u32];
  softirq_raise: [vec_nr: u32];
  suspend_resume: [action: Opaque<'void *'>, val: s32, start: bool];
  sys_enter: [regs: vm.pt_regs, id: s64];
  sys_exit: [regs: vm.pt_regs, ret: s64];
  task_newtask: [task: vm.task_struct, clone_flags: u64];
  task_rename: [task: vm.task_struct, comm: Opaque<'void *'>];
  tasklet_entry: [t: Opaque<'void *'>, func: Opaque<'void *'>];
  tasklet_exit: [t: Opaque<'void *'>, func: Opaque<'void *'>];
  tick_stop: [success: s32, dependency: s32];
  timer_base_idle: [is_idle: bool, cpu: u32];
  timer_cancel: [timer: vm.timer_list];
  timer_expire_entry: [timer: vm.timer_list, baseclk: u64];
  timer_expire_exit: [timer: vm.timer_list];
  timer_init: [timer: vm.timer_list];
  timer_start: [timer: vm.timer_list, bucket_expiry: u64];
  workqueue_activate_work: [work: vm.work_struct];
  workqueue_execute_end: [work: vm.work_struct, arg1: Opaque<'void *'>];
  workqueue_execute_start: [work: vm.work_struct];
  workqueue_queue_work: [req_cpu: s32, pwq: vm.pool_workqueue, work: vm.work_struct];
  hw_pressure_update: [cpu: s32, hw_pressure: u64];
}
export interface trace_event_raw_block_rq { readonly dev: u32; readonly sector: u64; readonly nr_sector: u32; readonly bytes: u32; readonly ioprio: u16; readonly rwbs: FixedArray<u8, 10>; readonly comm: FixedArray<u8, 16> }
export interface trace_event_raw_block_rq_completion { readonly dev: u32; readonly sector: u64; readonly nr_sector: u32; readonly error: s32; readonly ioprio: u16; readonly rwbs: FixedArray<u8, 10> }
export interface trace_event_raw_cgroup { readonly root: s32; readonly level: s32; readonly id: u64 }
export interface trace_event_raw_cgroup_migrate { readonly dst_root: s32; readonly dst_level: s32; readonly dst_id: u64; readonly pid: s32 }
export interface trace_event_raw_contention_begin { readonly flags: u32 }
export interface trace_event_raw_contention_end { readonly ret: s32 }
export interface trace_event_raw_cpu { readonly state: u32; readonly cpu_id: u32 }
export interface trace_event_raw_cpu_frequency_limits { readonly min_freq: u32; readonly max_freq: u32; readonly cpu_id: u32 }
export interface trace_event_raw_cpu_idle_miss { readonly cpu_id: u32; readonly state: u32; readonly below: bool }
export interface trace_event_raw_hrtimer_class {  }
export interface trace_event_raw_hrtimer_expire_entry { readonly now: s64 }
export interface trace_event_raw_hrtimer_start { readonly expires: s64; readonly softexpires: s64; readonly mode: u32; readonly was_armed: bool }
export interface trace_event_raw_irq_handler_entry { readonly irq: s32 }
export interface trace_event_raw_irq_handler_exit { readonly irq: s32; readonly ret: s32 }
export interface trace_event_raw_oom_score_adj_update { readonly pid: s32; readonly comm: FixedArray<u8, 16>; readonly oom_score_adj: s16 }
export interface trace_event_raw_pstate_sample { readonly core_busy: u32; readonly scaled_busy: u32; readonly from: u32; readonly to: u32; readonly mperf: u64; readonly aperf: u64; readonly tsc: u64; readonly freq: u32; readonly io_boost: u32 }
export interface trace_event_raw_sched_ext_dump {  }
export interface trace_event_raw_sched_kthread_stop { readonly pid: s32 }
export interface trace_event_raw_sched_migrate_task { readonly pid: s32; readonly prio: s32; readonly orig_cpu: s32; readonly dest_cpu: s32 }
export interface trace_event_raw_sched_move_numa { readonly pid: s32; readonly tgid: s32; readonly ngid: s32; readonly src_cpu: s32; readonly src_nid: s32; readonly dst_cpu: s32; readonly dst_nid: s32 }
export interface trace_event_raw_sched_pi_setprio { readonly pid: s32; readonly oldprio: s32; readonly newprio: s32 }
export interface trace_event_raw_sched_prepare_exec { readonly pid: s32 }
export interface trace_event_raw_sched_process_exec { readonly pid: s32; readonly old_pid: s32 }
export interface trace_event_raw_sched_process_fork { readonly parent_pid: s32; readonly child_pid: s32 }
export interface trace_event_raw_sched_process_template { readonly pid: s32; readonly prio: s32 }
export interface trace_event_raw_sched_process_wait { readonly pid: s32; readonly prio: s32 }
export interface trace_event_raw_sched_stat_runtime { readonly pid: s32; readonly runtime: u64 }
export interface trace_event_raw_sched_switch { readonly prev_comm: FixedArray<u8, 16>; readonly prev_pid: s32; readonly prev_prio: s32; readonly prev_state: s64; readonly next_comm: FixedArray<u8, 16>; readonly next_pid: s32; readonly next_prio: s32 }
export interface trace_event_raw_sched_wake_idle_without_ipi { readonly cpu: s32 }
export interface trace_event_raw_sched_wakeup_template { readonly comm: FixedArray<u8, 16>; readonly pid: s32; readonly prio: s32; readonly target_cpu: s32 }
export interface trace_event_raw_signal_deliver { readonly sig: s32; readonly errno: s32; readonly code: s32; readonly sa_handler: u64; readonly sa_flags: u64 }
export interface trace_event_raw_signal_generate { readonly sig: s32; readonly errno: s32; readonly code: s32; readonly comm: FixedArray<u8, 16>; readonly pid: s32; readonly group: s32; readonly result: s32 }
export interface trace_event_raw_softirq { readonly vec: u32 }
export interface trace_event_raw_suspend_resume { readonly val: s32; readonly start: bool }
export interface trace_event_raw_sys_enter { readonly id: s64; readonly args: FixedArray<u64, 6> }
export interface trace_event_raw_sys_exit { readonly id: s64; readonly ret: s64 }
export interface trace_event_raw_task_newtask { readonly pid: s32; readonly comm: FixedArray<u8, 16>; readonly clone_flags: u64; readonly oom_score_adj: s16 }
export interface trace_event_raw_task_rename { readonly pid: s32; readonly oldcomm: FixedArray<u8, 16>; readonly newcomm: FixedArray<u8, 16>; readonly oom_score_adj: s16 }
export interface trace_event_raw_tasklet {  }
export interface trace_event_raw_tick_stop { readonly success: s32; readonly dependency: s32 }
export interface trace_event_raw_timer_class {  }
export interface trace_event_raw_timer_expire_entry { readonly now: u64; readonly baseclk: u64 }
export interface trace_event_raw_timer_start { readonly expires: u64; readonly bucket_expiry: u64; readonly now: u64; readonly flags: u32 }
export interface trace_event_raw_workqueue_activate_work {  }
export interface trace_event_raw_workqueue_execute_end {  }
export interface trace_event_raw_workqueue_execute_start {  }
export interface trace_event_raw_workqueue_queue_work { readonly req_cpu: s32; readonly cpu: s32 }
/** The record of a system call with its arguments under their names; the same as `args`, in order. */
export type SyscallEntry<N extends string> = trace_event_raw_sys_enter & { readonly [K in N]: u64 };
/** Contexts of tracepoints by category/name. */
export interface Tracepoints {
  'power/cpu_frequency': trace_event_raw_cpu;
  'power/cpu_idle': trace_event_raw_cpu;
  'power/cpu_frequency_limits': trace_event_raw_cpu_frequency_limits;
  'power/cpu_idle_miss': trace_event_raw_cpu_idle_miss;
  'power/pstate_sample': trace_event_raw_pstate_sample;
  'power/suspend_resume': trace_event_raw_suspend_resume;
  'sched/sched_switch': trace_event_raw_sched_switch;
  'sched/sched_wakeup': trace_event_raw_sched_wakeup_template;
  'sched/sched_waking': trace_event_raw_sched_wakeup_template;
  'sched/sched_wakeup_new': trace_event_raw_sched_wakeup_template;
  'sched/sched_migrate_task': trace_event_raw_sched_migrate_task;
  'sched/sched_process_fork': trace_event_raw_sched_process_fork;
  'sched/sched_process_exit': trace_event_raw_sched_process_template;
  'sched/sched_process_free': trace_event_raw_sched_process_template;
  'sched/sched_wait_task': trace_event_raw_sched_process_template;
  'sched/sched_process_wait': trace_event_raw_sched_process_wait;
  'sched/sched_process_exec': trace_event_raw_sched_process_exec;
  'sched/sched_prepare_exec': trace_event_raw_sched_prepare_exec;
  'sched/sched_stat_runtime': trace_event_raw_sched_stat_runtime;
  'sched/sched_pi_setprio': trace_event_raw_sched_pi_setprio;
  'sched/sched_move_numa': trace_event_raw_sched_move_numa;
  'sched/sched_wake_idle_without_ipi': trace_event_raw_sched_wake_idle_without_ipi;
  'sched/sched_kthread_stop': trace_event_raw_sched_kthread_stop;
  'sched_ext/sched_ext_dump': trace_event_raw_sched_ext_dump;
  'irq/irq_handler_entry': trace_event_raw_irq_handler_entry;
  'irq/irq_handler_exit': trace_event_raw_irq_handler_exit;
  'irq/softirq_entry': trace_event_raw_softirq;
  'irq/softirq_exit': trace_event_raw_softirq;
  'irq/softirq_raise': trace_event_raw_softirq;
  'irq/tasklet_entry': trace_event_raw_tasklet;
  'irq/tasklet_exit': trace_event_raw_tasklet;
  'timer/timer_start': trace_event_raw_timer_start;
  'timer/timer_expire_entry': trace_event_raw_timer_expire_entry;
  'timer/timer_cancel': trace_event_raw_timer_class;
  'timer/timer_expire_exit': trace_event_raw_timer_class;
  'timer/hrtimer_start': trace_event_raw_hrtimer_start;
  'timer/hrtimer_expire_entry': trace_event_raw_hrtimer_expire_entry;
  'timer/hrtimer_cancel': trace_event_raw_hrtimer_class;
  'timer/hrtimer_expire_exit': trace_event_raw_hrtimer_class;
  'timer/tick_stop': trace_event_raw_tick_stop;
  'workqueue/workqueue_queue_work': trace_event_raw_workqueue_queue_work;
  'workqueue/workqueue_activate_work': trace_event_raw_workqueue_activate_work;
  'workqueue/workqueue_execute_start': trace_event_raw_workqueue_execute_start;
  'workqueue/workqueue_execute_end': trace_event_raw_workqueue_execute_end;
  'signal/signal_generate': trace_event_raw_signal_generate;
  'signal/signal_deliver': trace_event_raw_signal_deliver;
  'task/task_newtask': trace_event_raw_task_newtask;
  'task/task_rename': trace_event_raw_task_rename;
  'lock/contention_begin': trace_event_raw_contention_begin;
  'lock/contention_end': trace_event_raw_contention_end;
  'cgroup/cgroup_mkdir': trace_event_raw_cgroup;
  'cgroup/cgroup_rmdir': trace_event_raw_cgroup;
  'cgroup/cgroup_release': trace_event_raw_cgroup;
  'cgroup/cgroup_rename': trace_event_raw_cgroup;
  'cgroup/cgroup_freeze': trace_event_raw_cgroup;
  'cgroup/cgroup_unfreeze': trace_event_raw_cgroup;
  'cgroup/cgroup_attach_task': trace_event_raw_cgroup_migrate;
  'cgroup/cgroup_transfer_tasks': trace_event_raw_cgroup_migrate;
  'block/block_rq_insert': trace_event_raw_block_rq;
  'block/block_rq_issue': trace_event_raw_block_rq;
  'block/block_rq_complete': trace_event_raw_block_rq_completion;
  'oom/oom_score_adj_update': trace_event_raw_oom_score_adj_update;
  'raw_syscalls/sys_enter': trace_event_raw_sys_enter;
  'raw_syscalls/sys_exit': trace_event_raw_sys_exit;
  'syscalls/sys_enter_futex': SyscallEntry<'uaddr' | 'op' | 'val' | 'utime' | 'uaddr2' | 'val3'>;
  'syscalls/sys_enter_futex_wait': SyscallEntry<'uaddr' | 'val' | 'mask' | 'flags' | 'timeout' | 'clockid'>;
  'syscalls/sys_enter_futex_wake': SyscallEntry<'uaddr' | 'mask' | 'nr' | 'flags'>;
  'syscalls/sys_enter_futex_waitv': SyscallEntry<'waiters' | 'nr_futexes' | 'flags' | 'timeout' | 'clockid'>;
  'syscalls/sys_enter_futex_requeue': SyscallEntry<'waiters' | 'flags' | 'nr_wake' | 'nr_requeue'>;
  'syscalls/sys_enter_nanosleep': SyscallEntry<'rqtp' | 'rmtp'>;
  'syscalls/sys_enter_clock_nanosleep': SyscallEntry<'which_clock' | 'flags' | 'rqtp' | 'rmtp'>;
  'syscalls/sys_enter_sched_setaffinity': SyscallEntry<'pid' | 'len' | 'user_mask_ptr'>;
  'syscalls/sys_enter_sched_getaffinity': SyscallEntry<'pid' | 'len' | 'user_mask_ptr'>;
  'syscalls/sys_enter_sched_setscheduler': SyscallEntry<'pid' | 'policy' | 'param'>;
  'syscalls/sys_enter_sched_setparam': SyscallEntry<'pid' | 'param'>;
  'syscalls/sys_enter_sched_setattr': SyscallEntry<'pid' | 'uattr' | 'flags'>;
  'syscalls/sys_enter_sched_getattr': SyscallEntry<'pid' | 'uattr' | 'usize' | 'flags'>;
  'syscalls/sys_enter_setpriority': SyscallEntry<'which' | 'who' | 'niceval'>;
  'syscalls/sys_enter_ioprio_set': SyscallEntry<'which' | 'who' | 'ioprio'>;
  'syscalls/sys_enter_membarrier': SyscallEntry<'cmd' | 'flags' | 'cpu_id'>;
  'syscalls/sys_enter_epoll_wait': SyscallEntry<'epfd' | 'events' | 'maxevents' | 'timeout'>;
  'syscalls/sys_enter_epoll_pwait': SyscallEntry<'epfd' | 'events' | 'maxevents' | 'timeout' | 'sigmask' | 'sigsetsize'>;
  'syscalls/sys_enter_poll': SyscallEntry<'ufds' | 'nfds' | 'timeout_msecs'>;
  'syscalls/sys_enter_ppoll': SyscallEntry<'ufds' | 'nfds' | 'tsp' | 'sigmask' | 'sigsetsize'>;
  'syscalls/sys_enter_select': SyscallEntry<'n' | 'inp' | 'outp' | 'exp' | 'tvp'>;
  'syscalls/sys_enter_pselect6': SyscallEntry<'n' | 'inp' | 'outp' | 'exp' | 'tsp' | 'sig'>;
  'syscalls/sys_enter_read': SyscallEntry<'fd' | 'buf' | 'count'>;
  'syscalls/sys_enter_write': SyscallEntry<'fd' | 'buf' | 'count'>;
  'syscalls/sys_enter_pread64': SyscallEntry<'fd' | 'buf' | 'count' | 'pos'>;
  'syscalls/sys_enter_pwrite64': SyscallEntry<'fd' | 'buf' | 'count' | 'pos'>;
  'syscalls/sys_enter_readv': SyscallEntry<'fd' | 'vec' | 'vlen'>;
  'syscalls/sys_enter_writev': SyscallEntry<'fd' | 'vec' | 'vlen'>;
  'syscalls/sys_enter_openat': SyscallEntry<'dfd' | 'filename' | 'flags' | 'mode'>;
  'syscalls/sys_enter_close': SyscallEntry<'fd'>;
  'syscalls/sys_enter_ioctl': SyscallEntry<'fd' | 'cmd' | 'arg'>;
  'syscalls/sys_enter_execve': SyscallEntry<'filename' | 'argv' | 'envp'>;
  'syscalls/sys_enter_execveat': SyscallEntry<'fd' | 'filename' | 'argv' | 'envp' | 'flags'>;
  'syscalls/sys_enter_clone': SyscallEntry<'clone_flags' | 'newsp' | 'parent_tidptr' | 'child_tidptr' | 'tls'>;
  'syscalls/sys_enter_clone3': SyscallEntry<'uargs' | 'size'>;
  'syscalls/sys_enter_exit': SyscallEntry<'error_code'>;
  'syscalls/sys_enter_exit_group': SyscallEntry<'error_code'>;
  'syscalls/sys_enter_wait4': SyscallEntry<'upid' | 'stat_addr' | 'options' | 'ru'>;
  'syscalls/sys_enter_waitid': SyscallEntry<'which' | 'upid' | 'infop' | 'options' | 'ru'>;
  'syscalls/sys_enter_kill': SyscallEntry<'pid' | 'sig'>;
  'syscalls/sys_enter_tgkill': SyscallEntry<'tgid' | 'pid' | 'sig'>;
  'syscalls/sys_enter_mmap': SyscallEntry<'addr' | 'len' | 'prot' | 'flags' | 'fd' | 'off'>;
  'syscalls/sys_enter_munmap': SyscallEntry<'addr' | 'len'>;
  'syscalls/sys_enter_sendto': SyscallEntry<'fd' | 'buff' | 'len' | 'flags' | 'addr' | 'addr_len'>;
  'syscalls/sys_enter_recvfrom': SyscallEntry<'fd' | 'ubuf' | 'size' | 'flags' | 'addr' | 'addr_len'>;
  'syscalls/sys_enter_sendmsg': SyscallEntry<'fd' | 'msg' | 'flags'>;
  'syscalls/sys_enter_recvmsg': SyscallEntry<'fd' | 'msg' | 'flags'>;
  'syscalls/sys_enter_connect': SyscallEntry<'fd' | 'uservaddr' | 'addrlen'>;
  'syscalls/sys_enter_accept4': SyscallEntry<'fd' | 'upeer_sockaddr' | 'upeer_addrlen' | 'flags'>;
  'syscalls/sys_enter_io_uring_enter': SyscallEntry<'fd' | 'to_submit' | 'min_complete' | 'flags' | 'argp' | 'argsz'>;
  'syscalls/sys_enter_prctl': SyscallEntry<'option' | 'arg2' | 'arg3' | 'arg4' | 'arg5'>;
  [call: `syscalls/sys_enter_${string}`]: trace_event_raw_sys_enter;
  [call: `syscalls/sys_exit_${string}`]: trace_event_raw_sys_exit;
}

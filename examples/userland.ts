// userland: the scheduling decisions are made in TypeScript.
//
// A task that becomes ready is reported to a Node.js process, which keeps all waiting tasks ordered by
// virtual time weighted by nice and hands them back one by one. The BPF half only carries messages: a
// ring buffer to userspace, a program that userspace calls to hand a task back, and a queue from which
// dispatch() takes them.
//
// Some tasks never leave the kernel, because the process could wait for them: kernel threads, tasks
// that may not use all CPUs (as in scx_userland), and the threads of the process itself, which go
// before everything else.
//
// examples/userland-run.ts is the userspace half; docs/schedulers/userland.md says more.
import {
  scheduler,
  config,
  counter,
  queue,
  percpu,
  ringbuf,
  syscall,
  atomicAdd,
  atomicSub,
  atomicXchg,
  scx_bpf_dispatch_nr_slots,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_error,
  scx_bpf_kick_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_task_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  bpf_cpumask_test_cpu,
  bpf_rcu_read_lock,
  bpf_task_from_pid,
  EINVAL,
  PF_KTHREAD,
  SCX_DSQ_LOCAL,
  SCX_ENQ_LAST,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_WAKEUP,
  SCX_KICK_IDLE,
  SCX_OPS_ENQ_LAST,
  SCX_OPS_KEEP_BUILTIN_IDLE,
  SCX_SLICE_DFL,
  s32,
  u32,
  type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

export const usersched_tgid = config<s32>(0, 'the process that decides; set by its userspace half');
export const num_possible_cpus = config<u32>(
  64,
  'CPUs; tasks that may use fewer stay in the kernel',
);

export const nr_kernel_enqueues = counter('tasks scheduled in the kernel');
export const nr_user_enqueues = counter('tasks reported to userspace');
export const nr_failed_enqueues = counter(
  'tasks scheduled in the kernel because the ring was full',
);

/** Tasks that are scheduled in the kernel. */
const KERNEL_DSQ = 0;
/** Threads of the process that have something to decide. */
const PROCESS_DSQ = 1;
const ENQUEUED = 0;
const EXITED = 1;
const WANTED = 2;

/** What userspace is told. */
interface Message {
  /** ENQUEUED: a task is ready. EXITED: forget it. WANTED: a CPU could take another task. */
  kind: u32;
  pid: s32;
  sum_exec_runtime: u64;
  weight: u64;
}
interface Decision {
  pid: s32;
}

const messages = ringbuf<Message>(256 * 1024);
const decided = queue<s32>(4096);
/** Tasks that were handed back and have not been dispatched yet. */
let nr_inflight: u64 = 0;
/** Tasks that wait in userspace, which writes it. */
let nr_scheduled: u64 = 0;
/** 1 after a WANTED message, until userspace, which clears it, has seen that. */
let wanted: u32 = 0;
/** 1 after a message of a task that woke up, until userspace, which clears it, has seen that. */
let urgent: u32 = 0;
const cpus = percpu<{ kernel_first: boolean }>();

function isUserspace(p: task_struct): boolean {
  return p.tgid === usersched_tgid;
}

function staysInKernel(p: task_struct): boolean {
  return (p.flags & PF_KTHREAD) !== 0 || p.nr_cpus_allowed < s32(num_possible_cpus);
}

/**
 * Userspace chose a task: queues it, and wakes a CPU that has nothing to do. 2 if there was one, 1 if not,
 * 0 if the task is gone.
 */
export const decide = syscall((args: Decision) => {
  using p = bpf_task_from_pid(args.pid);
  if (!p) return 0;
  // Before it can be taken: the count must not go below 0.
  atomicAdd(nr_inflight, 1);
  if (decided.push(args.pid)) {
    atomicSub(nr_inflight, 1);
    return -EINVAL;
  }
  using rcu = bpf_rcu_read_lock();
  const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
  if (cpu < 0) {
    // One may be about to idle, and not be known as idle yet: the task's own looks again in any case.
    scx_bpf_kick_cpu(scx_bpf_task_cpu(p), 0);
    return 1;
  }
  scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
  return 2;
});

/** Gives the CPU the next task that userspace decided on. */
function takeDecided(cpu: s32): boolean {
  while (scx_bpf_dispatch_nr_slots() > 0) {
    const pid = decided.pop();
    if (!pid) return false;
    atomicSub(nr_inflight, 1);
    using p = bpf_task_from_pid(pid.value);
    if (!p) continue;
    if (bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) {
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
      return true;
    }
    // It was bound to other CPUs while it waited.
    scx_bpf_dsq_insert(p, KERNEL_DSQ, SCX_SLICE_DFL, 0);
    scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_IDLE);
  }
  return false;
}

/** Queues a task that userspace does not decide on. */
function queueInKernel(p: task_struct, enq_flags: u64): void {
  scx_bpf_dsq_insert(p, KERNEL_DSQ, SCX_SLICE_DFL, enq_flags);
  // A CPU that had nothing else has looked already, and would go idle.
  if (enq_flags & SCX_ENQ_LAST) scx_bpf_kick_cpu(scx_bpf_task_cpu(p), 0);
}

/** Asks userspace for the next task, once until it has answered. */
function wantMore(): void {
  if (nr_scheduled === 0 || nr_inflight > 0 || atomicXchg(wanted, 1)) return;
  messages.output({ kind: WANTED, pid: 0, sum_exec_runtime: 0, weight: 0 });
}

export default scheduler({
  name: 'userland',
  flags: SCX_OPS_ENQ_LAST | SCX_OPS_KEEP_BUILTIN_IDLE,

  select_cpu(p, prev_cpu, wake_flags) {
    if (!isUserspace(p) && !staysInKernel(p)) return prev_cpu;
    let cpu = prev_cpu;
    if (p.nr_cpus_allowed !== 1 && !scx_bpf_test_and_clear_cpu_idle(prev_cpu)) {
      cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
      if (cpu < 0) return prev_cpu;
    }
    nr_kernel_enqueues.inc();
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },

  enqueue(p, enq_flags) {
    if (isUserspace(p) && enq_flags & SCX_ENQ_WAKEUP) {
      nr_kernel_enqueues.inc();
      // For a CPU that asked for the next task it is soon enough when this one has run. To preempt it would make it ready
      // again, which is the next message: on one CPU nothing else would ever happen.
      if (urgent) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags | SCX_ENQ_PREEMPT);
      else scx_bpf_dsq_insert(p, PROCESS_DSQ, SCX_SLICE_DFL, enq_flags);
      return;
    }
    // Also a thread of the process that used up its slice: first in the CPU's own queue again and again, it
    // would keep the CPU from all others, and from the process's own other threads.
    if (isUserspace(p) || staysInKernel(p)) {
      nr_kernel_enqueues.inc();
      queueInKernel(p, enq_flags);
      return;
    }
    if (enq_flags & SCX_ENQ_WAKEUP) urgent = 1;
    const full = messages.output({
      kind: ENQUEUED,
      pid: p.pid,
      sum_exec_runtime: p.se.sum_exec_runtime,
      weight: p.scx.weight,
    });
    if (full) {
      nr_failed_enqueues.inc();
      queueInKernel(p, enq_flags);
      return;
    }
    nr_user_enqueues.inc();
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(PROCESS_DSQ, 0)) return;
    // In turns, so that neither half starves the other.
    const here = cpus.this();
    here.kernel_first = !here.kernel_first;
    if (here.kernel_first && scx_bpf_dsq_move_to_local(KERNEL_DSQ, 0)) return;
    if (!takeDecided(cpu) && !here.kernel_first) scx_bpf_dsq_move_to_local(KERNEL_DSQ, 0);
    wantMore();
  },

  update_idle(cpu, idle) {
    if (!idle) return;
    // decide() looks for an idle CPU: this one may have become so just after it looked.
    if (nr_inflight > 0) scx_bpf_kick_cpu(cpu, 0);
    else wantMore();
  },

  exit_task(p, args) {
    if (!args.cancelled)
      messages.output({ kind: EXITED, pid: p.pid, sum_exec_runtime: 0, weight: 0 });
  },

  init() {
    if (usersched_tgid > 0) {
      const failed = scx_bpf_create_dsq(PROCESS_DSQ, -1);
      return failed ? failed : scx_bpf_create_dsq(KERNEL_DSQ, -1);
    }
    scx_bpf_error('usersched_tgid is not set: run the userspace half');
    return -EINVAL;
  },
});

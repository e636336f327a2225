// sdt: data of tasks in memory that the kernel and userspace share.
//
// Every task has an entry in a BPF arena, found through an index that task storage holds. The callbacks
// count in it, and userspace reads the entries of all tasks without a system call. The scheduling is the
// simplest there is: an idle CPU, or one FIFO. Behaviour and statistics are those of scx_sdt, whose
// allocator (scx_alloc) becomes arena<T>() here: the entries are there from the start, so memory does
// not grow, and a task beyond the last entry goes uncounted.
//
// examples/sdt-run.ts is the userspace half; docs/schedulers/sdt.md says more.
import {
  scheduler,
  counter,
  arena,
  taskStorage,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  ENOMEM,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  type s32,
  type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const SHARED_DSQ = 0;
const MAX_TASKS = 16_384;

export const stat_enqueue = counter('tasks put into the shared queue');
export const stat_init = counter('tasks that appeared');
export const stat_exit = counter('tasks that went');
export const stat_select_idle_cpu = counter('wake-ups with an idle CPU');
export const stat_select_busy_cpu = counter('wake-ups without one');
export const alloc_ops = counter('entries taken');
export const free_ops = counter('entries given back');
export const alloc_fails = counter('tasks without an entry: all were taken');

interface Stats {
  /** 0 while the entry is free. */
  pid: s32;
  /** Counts the tasks that have had this entry. */
  seq: s32;
  enqueue: u64;
  select_idle_cpu: u64;
  select_busy_cpu: u64;
}
interface TaskCtx {
  /** Index of the task's entry, or -1. */
  entry: s32;
}

const stats = arena<Stats>(MAX_TASKS);
const tasks = taskStorage<TaskCtx>();

function statsOf(p: task_struct): Stats | null {
  const c = tasks.get(p);
  return c && c.entry >= 0 ? stats.get(c.entry) : null;
}

export default scheduler({
  name: 'sdt',

  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    const s = statsOf(p);
    if (is_idle) {
      stat_select_idle_cpu.inc();
      if (s) s.select_idle_cpu += 1;
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    } else {
      stat_select_busy_cpu.inc();
      if (s) s.select_busy_cpu += 1;
    }
    return cpu;
  },

  enqueue(p, enq_flags) {
    stat_enqueue.inc();
    const s = statsOf(p);
    if (s) s.enqueue += 1;
    scx_bpf_dsq_insert(p, SHARED_DSQ, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(SHARED_DSQ, 0);
  },

  init_task(p, args) {
    const c = tasks.create(p);
    if (!c) return -ENOMEM;
    stat_init.inc();
    c.entry = stats.alloc();
    const s = c.entry >= 0 ? stats.get(c.entry) : null;
    if (!s) {
      alloc_fails.inc();
      c.entry = -1;
      return 0;
    }
    alloc_ops.inc();
    // It holds what the last task left.
    s.pid = p.pid;
    s.seq += 1;
    s.enqueue = 0;
    s.select_idle_cpu = 0;
    s.select_busy_cpu = 0;
    return 0;
  },

  exit_task(p, args) {
    stat_exit.inc();
    const c = tasks.get(p);
    if (!c || c.entry < 0) return;
    const s = stats.get(c.entry);
    if (s) s.pid = 0;
    stats.free(c.entry);
    free_ops.inc();
    c.entry = -1;
  },

  init() {
    const err = stats.populate();
    return err ? err : scx_bpf_create_dsq(SHARED_DSQ, -1);
  },
});

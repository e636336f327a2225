// What the parts of the userland component's BPF half share.
import {
  config,
  counter,
  percpu,
  ringbuf,
  taskStorage,
  userRingbuf,
  type bool,
  type s32,
  type u32,
  type u64,
} from 'scxts';

export const tgid = config<s32>(0, 'process that decides; set by the userspace half');
export const stall_ms = config<u32>(
  20,
  'ms that a task waits for user space before the kernel decides',
);

export const nr_reported = counter('tasks reported to user space');
export const nr_decided = counter('tasks released as user space said');
export const nr_late = counter('decisions for tasks that did not wait any more');
export const nr_fallback = counter('reported tasks that the kernel ran because user space stalled');
export const nr_kernel = counter(
  'tasks never reported: kernel threads, the process itself, all while user space stalls',
);
export const nr_stalls = counter('times that user space stalled');

/** What user space learns of a task that is ready to run. */
export interface Ready {
  tid: s32;
  tgid: s32;
  weight: u32;
  cpu: s32;
  /** Processor time that it has used in ns. */
  ran: u64;
  /** Since when it waits, ns of bpf_ktime_get_ns(). */
  at: u64;
}
/** What user space decides: the task runs after those with a smaller order. */
export interface Decision {
  tid: s32;
  unused: u32;
  order: u64;
  /** ns that it may run; 0: SCX_SLICE_DFL. */
  slice: u64;
}
/** When a task was reported or queued; 0 once it runs. */
interface Waiting {
  since: u64;
}
interface Turn {
  kernel_first: bool;
}

export const ready = ringbuf<Ready>(1 << 20);
export const decisions = userRingbuf<Decision>(1 << 18);
export const waiting = taskStorage<Waiting>();
export const turns = percpu<Turn>();

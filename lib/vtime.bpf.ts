// Virtual time and deadlines: what fair schedulers compute for each task.
import { scale_by_task_weight, scale_by_task_weight_inverse, time_before, type u64 } from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

/** `vtime`, but not further behind `now` than a task may save up while it sleeps. */
export function vtimeAtLeast(vtime: u64, now: u64, saved: u64): u64 {
  return time_before(vtime, now - saved) ? now - saved : vtime;
}

/** The later of two times on a clock that wraps. */
export function laterOf(a: u64, b: u64): u64 {
  return time_before(a, b) ? b : a;
}

/** Virtual time that a task has used in `ns` of running: less for a heavier one. */
export function vtimeUsed(p: task_struct, ns: u64): u64 {
  return scale_by_task_weight_inverse(p, ns);
}

/** What of its slice a task has used when it stops, in virtual time. Its slice was `slice`. */
export function vtimeOfSlice(p: task_struct, slice: u64): u64 {
  return p.scx.slice < slice ? scale_by_task_weight_inverse(p, slice - p.scx.slice) : 0;
}

/** A slice of a period that is shared by weight among tasks that wait; at least `least`. */
export function sliceOf(p: task_struct, period: u64, waiting: u64, least: u64): u64 {
  const slice = scale_by_task_weight(p, period / (waiting + 1));
  return slice > least ? slice : least;
}

/** When a task should be done: its virtual time and what it asks for, which counts for less the heavier it is. */
export function deadlineOf(p: task_struct, vtime: u64, request: u64): u64 {
  return vtime + scale_by_task_weight_inverse(p, request);
}

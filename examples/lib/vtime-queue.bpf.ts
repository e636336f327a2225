// One queue that all CPUs take from, in the order of virtual time weighted by nice.
import {
  counter,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  time_before,
  u64,
  type bool,
  type s32,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const SHARED_DSQ = 0;
/** Slices of the others that a task of little weight can be behind. */
const MAX_BEHIND = 10;

export const consumed = counter('tasks taken from the shared queue');

let vtime_now: u64 = 0;

export function createQueue(): s32 {
  return scx_bpf_create_dsq(SHARED_DSQ, -1);
}

export function queueByVtime(p: task_struct, slice: u64, enq_flags: u64): void {
  // A task that slept for long gets at most one slice ahead of the others. One of nice 19 would wait for a hundred slices of
  // each of them: if it was preempted while it held the RCU read lock, the kernel calls that a stall.
  const earliest = vtime_now - slice;
  const latest = vtime_now + MAX_BEHIND * slice;
  let vtime = p.scx.dsq_vtime;
  if (time_before(vtime, earliest)) vtime = earliest;
  if (time_before(latest, vtime)) vtime = latest;
  scx_bpf_dsq_insert_vtime(p, SHARED_DSQ, slice, vtime, enq_flags);
}

/** Gives this CPU the first task that waits; whether there was one. */
export function takeQueued(): bool {
  if (!scx_bpf_dsq_move_to_local(SHARED_DSQ, 0)) return false;
  consumed.inc();
  return true;
}

/** In running(). */
export function advanceVtime(p: task_struct): void {
  // Racy between CPUs; an error is small and passes.
  if (time_before(vtime_now, p.scx.dsq_vtime)) vtime_now = p.scx.dsq_vtime;
}

/** In stopping(), of a task that was given `slice`. */
export function chargeVtime(p: task_struct, slice: u64): void {
  const left = p.scx.slice;
  const used = left < slice ? slice - left : 0;
  p.scx.dsq_vtime += (used * 100) / p.scx.weight;
}

/** In enable(). */
export function startVtime(p: task_struct): void {
  p.scx.dsq_vtime = vtime_now;
}

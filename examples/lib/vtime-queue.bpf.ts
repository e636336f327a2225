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
import { boundedVtime } from './vtime.bpf.js';

const SHARED_DSQ = 0;

export const consumed = counter('tasks taken from the shared queue');

let vtime_now: u64 = 0;

export function createQueue(): s32 {
  return scx_bpf_create_dsq(SHARED_DSQ, -1);
}

export function queueByVtime(p: task_struct, slice: u64, enq_flags: u64): void {
  const vtime = boundedVtime(p.scx.dsq_vtime, vtime_now, slice);
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

// How far a task's virtual time may be from that of its queue.
import { time_before, u64 } from 'scxts';

/** Slices of the others that a task of little weight can be behind. */
const MAX_BEHIND = 10;

/**
 * A task that slept for long gets at most one slice ahead of the others. One of nice 19 would wait for a hundred slices of
 * each of them: if it was preempted while it held the RCU read lock, the kernel calls that a stall.
 */
export function boundedVtime(vtime: u64, now: u64, slice: u64): u64 {
  const earliest = now - slice;
  const latest = now + MAX_BEHIND * slice;
  if (time_before(vtime, earliest)) return earliest;
  return time_before(latest, vtime) ? latest : vtime;
}

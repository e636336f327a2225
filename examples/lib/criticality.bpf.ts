// How much others wait for a task: from how often it is woken, how often it wakes others, and how long it then runs.
import { ilog2, NSEC_PER_MSEC, NSEC_PER_SEC, NSEC_PER_USEC, u32, u64 } from 'scxts';

/** What is known of a task's habits. Times in ns, frequencies in events a second. */
export interface Habits {
  /** Usual run from being woken until it sleeps. */
  run: u64;
  /** Run so far since it was woken. */
  so_far: u64;
  woken_freq: u64;
  waking_freq: u64;
  woken_at: u64;
  woke_at: u64;
  /** Times that it went to sleep. */
  runs: u32;
  /** 0 to MOST_CRITICAL; looked at again each EVERY runs. */
  criticality: u32;
}

export const MOST_CRITICAL = 16;
const EVERY = 8;
/** Nobody is taken to wake, or to be woken, more often than this. */
const MOST_FREQ = 20_000;
/** A run is at most this long: what runs longer is batch work. */
export const LONGEST_RUN = 100 * NSEC_PER_MSEC;

/** Seven eighths of the old value and an eighth of the new one. */
function average(old: u64, value: u64): u64 {
  return old - (old >> 3) + (value >> 3);
}

function frequency(old: u64, interval: u64): u64 {
  const now = interval > 0 ? NSEC_PER_SEC / interval : MOST_FREQ;
  return average(old, Math.min(now, MOST_FREQ));
}

/** The task was woken. */
export function noteWoken(h: Habits, now: u64): void {
  h.woken_freq = frequency(h.woken_freq, now - h.woken_at);
  h.woken_at = now;
  h.so_far = 0;
}

/** The task wakes another. */
export function noteWaking(h: Habits, now: u64): void {
  h.waking_freq = frequency(h.waking_freq, now - h.woke_at);
  h.woke_at = now;
}

/** The task leaves its CPU after `ns`; `sleeps`: it has nothing more to do. */
export function noteRan(h: Habits, ns: u64, sleeps: boolean): void {
  h.so_far = Math.min(h.so_far + ns, LONGEST_RUN);
  // A run that is longer than usual is not waited for.
  if (sleeps || h.so_far > h.run) h.run = average(h.run, h.so_far);
  if (!sleeps) return;
  // The logarithms are what takes most, and habits change slowly.
  h.runs += 1;
  if (h.runs % EVERY !== 1) return;
  const chain = ilog2((h.woken_freq + 1) * (h.waking_freq + 1));
  const length = ilog2(h.run / (32 * NSEC_PER_USEC) + 1);
  h.criticality = chain > length ? Math.min(chain - length, MOST_CRITICAL) : 0;
}

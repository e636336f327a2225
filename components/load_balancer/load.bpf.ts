// Load of tasks and of domains: running averages of what is runnable, by weight.
import { bpf_ktime_get_ns, u32, u64, NSEC_PER_MSEC } from 'scxts';
import { AVERAGE_ONE, averageTowards, decayAfter } from '../../lib/average.bpf.js';
import {
  BUCKETS,
  bucket_locks,
  buckets,
  half_life_ms,
  tasks,
  type Bucket,
  type TaskRecord,
  type TaskState,
} from './state.bpf.js';

function halfLife(): u64 {
  return half_life_ms === 0 ? NSEC_PER_MSEC : u64(half_life_ms) * NSEC_PER_MSEC;
}

/** Bucket of a weight: four to each power of two. */
function bucketOf(weight: u32): u32 {
  let power: u32 = 0;
  let rest: u32 = weight;
  for (let i = 0; i < 14; i++) {
    if (rest < 2) break;
    rest >>= 1;
    power += 1;
  }
  const quarter = power < 2 ? 0 : (weight >> (power - 2)) & 3;
  const bucket = power * 4 + quarter;
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

function bringUpToDate(b: Bucket, now: u64): void {
  if (now <= b.at) return;
  const left = decayAfter(now - b.at, halfLife());
  b.duty = averageTowards(b.duty, b.runnable << 30, left);
  b.load = averageTowards(b.load, b.weight << 30, left);
  b.at = now;
}

/** One more or one less runnable task of a domain. */
function count(domain: u32, weight: u32, more: boolean, now: u64): void {
  const index = domain * BUCKETS + bucketOf(weight);
  const b = buckets.get(index);
  const l = bucket_locks.get(index);
  if (!b || !l) return;
  using held = l.lock.hold();
  bringUpToDate(b, now);
  if (more) {
    b.runnable += 1;
    b.weight += weight;
  } else {
    b.runnable -= b.runnable > 0 ? 1 : 0;
    b.weight -= b.weight > weight ? weight : b.weight;
  }
}

/** A task's past comes to a bucket, or leaves it. */
function shift(domain: u32, weight: u32, duty: u64, come: boolean, now: u64): void {
  const index = domain * BUCKETS + bucketOf(weight);
  const b = buckets.get(index);
  const l = bucket_locks.get(index);
  if (!b || !l) return;
  const load = duty * weight;
  using held = l.lock.hold();
  bringUpToDate(b, now);
  if (come) {
    b.duty += duty;
    b.load += load;
  } else {
    b.duty -= b.duty > duty ? duty : b.duty;
    b.load -= b.load > load ? load : b.load;
  }
}

function age(r: TaskRecord, runnable: boolean, now: u64): void {
  if (now > r.at) {
    const left = decayAfter(now - r.at, halfLife());
    r.duty = u32(averageTowards(u64(r.duty), runnable ? AVERAGE_ONE : 0, left));
    r.at = now;
  }
}

/** A task starts or stops being runnable. */
export function setRunnable(s: TaskState, runnable: boolean): void {
  if (s.runnable === runnable) return;
  const now = bpf_ktime_get_ns();
  const r = tasks.get(s.slot);
  if (r) {
    age(r, s.runnable, now);
    r.runnable = runnable ? 1 : 0;
  }
  s.runnable = runnable;
  count(s.domain, s.weight, runnable, now);
}

/** A task exits: its past would be load that nothing can move. */
export function forget(s: TaskState): void {
  setRunnable(s, false);
  const r = tasks.get(s.slot);
  if (!r) return;
  const now = bpf_ktime_get_ns();
  age(r, false, now);
  if (r.duty > 0) shift(s.domain, s.weight, u64(r.duty), false, now);
  r.flags = 0;
  r.duty = 0;
}

/** A task's domain or weight changes: its load goes along. */
export function reclassify(s: TaskState, domain: u32, weight: u32): void {
  const now = bpf_ktime_get_ns();
  const r = tasks.get(s.slot);
  if (r) age(r, s.runnable, now);
  const duty = u64(r?.duty ?? 0);
  if (s.runnable) count(s.domain, s.weight, false, now);
  if (duty > 0) shift(s.domain, s.weight, duty, false, now);
  s.domain = domain;
  s.weight = weight;
  if (r) {
    r.domain = domain;
    r.weight = weight;
  }
  if (s.runnable) count(domain, weight, true, now);
  if (duty > 0) shift(domain, weight, duty, true, now);
}

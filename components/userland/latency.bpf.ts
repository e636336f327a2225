// How long tasks wait: histograms that user space reads from shared memory.
import { array, bpf_ktime_get_ns, type u32, type u64 } from 'scxts';

/** Time from ready to released by user space, and from ready to running; four buckets to a power of two ns. */
const decided_after = array<u64>(256);
const ran_after = array<u64>(256);

function bucketOf(ns: u64): u32 {
  let power: u32 = 0;
  let rest: u64 = ns;
  for (let i = 0; i < 63; i++) {
    if (rest < 2) break;
    rest >>= 1;
    power += 1;
  }
  const quarter = power < 2 ? 0 : (ns >> (power - 2)) & 3;
  return power * 4 + quarter;
}

export function noteDecided(since: u64): void {
  decided_after.add(bucketOf(bpf_ktime_get_ns() - since), 1);
}

export function noteRunning(since: u64): void {
  ran_after.add(bucketOf(bpf_ktime_get_ns() - since), 1);
}

// From waking to running: how long tasks named bench-load waited, as a histogram. Tracepoint
// programs only; it never schedules.
import {
  scheduler,
  percpuArray,
  taskStorage,
  tp_btf,
  bpf_ktime_get_ns,
  startsWith,
  u32,
  type u64,
} from 'scxts';

/** Sixteen buckets to each power of two: a bucket is 4 to 6 % wide. */
const SUB_BITS = 4;
const BUCKETS = 1024;

interface Wait {
  since: u64;
}
const waits = taskStorage<Wait>();
const hist = percpuArray<u64>(BUCKETS);

/** The place of the highest bit that is set; 0 of 0. */
function log2(value: u64): u32 {
  let bits: u32 = 0;
  let rest = value;
  if (rest >= 0x1_0000_0000) {
    rest >>= 32;
    bits += 32;
  }
  if (rest >= 0x1_0000) {
    rest >>= 16;
    bits += 16;
  }
  if (rest >= 0x100) {
    rest >>= 8;
    bits += 8;
  }
  if (rest >= 0x10) {
    rest >>= 4;
    bits += 4;
  }
  if (rest >= 4) {
    rest >>= 2;
    bits += 2;
  }
  if (rest >= 2) bits += 1;
  return bits;
}

function bucketOf(ns: u64): u32 {
  if (ns < 1 << SUB_BITS) return u32(ns);
  const order = log2(ns);
  const sub = u32(ns >> (order - SUB_BITS)) & ((1 << SUB_BITS) - 1);
  return ((order - SUB_BITS + 1) << SUB_BITS) + sub;
}

export const on_waking = tp_btf('sched_waking', (p) => {
  if (!startsWith(p.comm, 'bench-load')) return;
  const wait = waits.create(p);
  if (wait) wait.since = bpf_ktime_get_ns();
});

export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {
  const wait = waits.get(next);
  if (!wait || !wait.since) return;
  const ns = bpf_ktime_get_ns() - wait.since;
  wait.since = 0;
  const bucket = hist.get(bucketOf(ns));
  if (bucket) bucket.value += 1;
});

export default scheduler({ name: 'latency' });

// What the generator of test/soundness found, each in a few lines. Behaviour is in test/language/steps.test.ts.
import {
  scheduler,
  bloomFilter,
  bpf_get_prandom_u32,
  bpf_rcu_read_lock,
  config,
  counter,
  exists,
  hash,
  range,
  scx_bpf_select_cpu_and,
  scx_bpf_now,
  timer,
  zeroed,
  NSEC_PER_SEC,
  u8,
  u32,
  type FixedArray,
  type bool,
  s64,
  u64,
} from 'scxts';

interface Key {
  a: u64;
  b: u32;
}
export const verbose = config(false, 'never known to clang, known to the verifier');
export const fired = counter('timer');
const seen = bloomFilter<Key>(64);
interface Mixed {
  f0: u64;
  f1: bool;
  f2: FixedArray<u8, 3>;
  f3: u32;
}
const mixed = bloomFilter<Mixed>(64);
const table = hash<u32, u64>(64);
const small = hash<u32, u32>(64);
let stop: bool = false;
let total: u64 = 0;
let bins: FixedArray<u64, 8> = zeroed();

/** @noinline */
function slow(x: s64): u64 {
  if (x & 1) total += scx_bpf_now();
  return total;
}

// Started only where the verifier never gets to; started again by itself, after a subprogram.
export const tick = timer(() => {
  fired.inc();
  total += slow(3);
  tick.start(NSEC_PER_SEC);
});

function sum(list: FixedArray<u64, 8>, i: u32): u64 {
  list[i]++;
  return list[i] + list[7];
}

export default scheduler({
  name: 'fuzz_regressions',
  running(p) {
    if (verbose) tick.start(1000);
    // A bool out of memory as the answer of a callback.
    table.forEach((k, v) => {
      v.value += k;
      return stop;
    });
    // Nothing comes after the loop.
    let n: u32 = bpf_get_prandom_u32();
    do {
      n = u32(n >> 1);
    } while (n > 3 && u8(n) !== 0);
  },
  stopping(p, runnable) {
    if (!seen.has({ a: u64(p.pid), b: 1 })) seen.add({ a: 1, b: 2 });
    total += sum(bins, u32(p.pid));
    // 64-bit values that only grow, in a subprogram's argument and an index.
    let v: u64 = 20;
    for (const i of range(50)) {
      if (total & 1) v >>= 3;
      else total += slow(s64(v)) + bins[v & 4];
      v += u32(i);
    }
  },
  quiescent(p, deq_flags) {
    // Loads through pointers of different kinds that clang would make one of.
    const t = table.get(u32(p.pid));
    total += total & 4 ? u64(p.nr_cpus_allowed) : u64(small.get(u32(p.tgid))?.value ?? 1);
    if (t && deq_flags & 1) total = t.value;
    else total = p.se.sum_exec_runtime;
    switch (u32(deq_flags)) {
      case 1:
        total ^= t ? t.value : p.se.vruntime;
        break;
      default:
        total ^= bins[p.pid & 7];
    }
  },
  runnable(p, enq_flags) {
    // Branches while the value is being written: Linux 7.3 forgot what was written before them.
    const key = u32(Math.min(u32(p.pid), u32(total)));
    if (mixed.has({ f0: u64(enq_flags), f1: total > 3, f2: zeroed(), f3: key })) total++;
    if (mixed.has({ f0: table.get(key)?.value ?? 1, f1: p.pid > 9, f2: zeroed(), f3: 7 })) total++;
  },
  tick(p) {
    if (exists(scx_bpf_select_cpu_and)) total++;
    using rcu = bpf_rcu_read_lock();
    total += p.real_parent.pid > 1 ? 1 : 0;
  },
});

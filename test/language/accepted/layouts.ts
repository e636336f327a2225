// Bitfields, unions, alignment and arrays of kernel objects in one value, wherever values are kept.
import {
  scheduler,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  syscall,
  percpu,
  array,
  hash,
  kptrXchg,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_test_cpu,
  bpf_rcu_read_lock,
  zeroed,
  NR_CPUS,
  u32,
  u64,
  s32,
  ENOMEM,
  taskStorage,
} from 'scxts';
import type { FixedArray, Bits, Union, Aligned, Kptr, u8, CString } from 'scxts';
import type { bpf_cpumask } from 'scxts/vmlinux';
interface Views {
  a: u64;
  b: u32;
  c: FixedArray<u8, 12>;
}
interface Ctx {
  flags: Bits<u32, 3>;
  on: Bits<u32, 1>;
  u: Union<{ a: u64; b: u32 }>;
  v: Union<Views>;
  masks: FixedArray<Kptr<bpf_cpumask>, 4>;
  mask: Kptr<bpf_cpumask> | null;
}
interface Slot {
  hits: u64;
  misses: u32;
}
interface Line {
  first: u32;
  hot: Aligned<u64, 64>;
  after: u8;
}
const ctxs = array<Ctx>(4);
const mine = percpu<Ctx>();
const store = taskStorage<Ctx>();
const h = hash<u32, Ctx>(8);
const slots = array<Aligned<Slot, 64>>(NR_CPUS);
const lines = array<Line>(4);
let gslots: FixedArray<Aligned<Slot, 128>, 4> = zeroed();
let out: FixedArray<u64, 32> = zeroed();
function renew(slot: Kptr<bpf_cpumask> | null, cpu: u32): s32 {
  const m = bpf_cpumask_create();
  if (!m) return -ENOMEM;
  bpf_cpumask_set_cpu(cpu, m);
  using old = kptrXchg(slot, m);
  return old ? 1 : 0;
}
function has(c: Ctx, i: u32, cpu: u32): u64 {
  using rcu = bpf_rcu_read_lock();
  const m = c.masks[i];
  return m && bpf_cpumask_test_cpu(cpu, m) ? 1 : 0;
}
let three: u32 = 3;
export const run = syscall(() => {
  const c = ctxs.get(1);
  if (!c) return 0;
  c.flags = 7;
  c.flags += 3;
  c.on = 1;
  out[0] = c.flags;
  c.u.a = 0x1_0000_0002;
  out[1] = c.u.b;
  c.u.b = 5;
  out[2] = c.u.a;
  c.v.c[4] = 9;
  out[3] = c.v.a;
  out[4] = u64(renew(c.mask, 1)) + u64(renew(c.masks[2], 2)) * 10;
  out[5] =
    u64(renew(c.masks[three], 3)) +
    10 * u64(renew(c.masks[three], 4)) +
    100 * u64(renew(c.masks[three + 9], 3));
  out[6] = has(c, 3, 4) + 10 * has(c, 3, 3) + 100 * has(c, 2, 2) + 1000 * has(c, 9, 1);
  const t = mine.this();
  out[7] =
    u64(renew(t.mask, 2)) +
    10 * u64(renew(t.mask, 2)) +
    u64(renew(t.masks[1], 1)) +
    100 * u64(renew(t.masks[three], 1));
  const s = slots.get(2);
  if (s) {
    s.hits = 5;
  }
  slots.set(3, { hits: 8, misses: 1 });
  gslots[1].hits = 4;
  gslots[three].misses = 2;
  out[8] =
    (slots.get(2)?.hits ?? 0) +
    (slots.get(3)?.hits ?? 0) * 10 +
    100 * gslots[1].hits +
    1000 * gslots[three].misses;
  const l = lines.get(1);
  if (l) {
    l.hot = 4;
    l.after = 3;
    out[9] = l.hot + l.after;
  }
  const z: Ctx = zeroed();
  h.set(1, z);
  const e = h.get(1);
  if (e) {
    out[10] = u64(renew(e.masks[0], 1));
  }
  h.delete(1);
  h.set(2, z);
  const e2 = h.get(2);
  if (e2) {
    out[11] = e2.masks[0] ? 1 : 0;
    out[12] = u64(renew(e2.masks[1], 1));
    using x = kptrXchg(e2.masks[1], null);
    out[13] = x ? 1 : 0;
  }
  const v: Union<{ a: u64; b: u32 }> = { a: 0xffff_ffff_ffff, b: 1 };
  out[14] = v.a;
  return 0;
});
export default scheduler({
  name: 't',
  init_task(p) {
    const c = store.create(p);
    if (!c) return -ENOMEM;
    const r = renew(c.masks[1], 3);
    return r < 0 ? r : renew(c.mask, 4);
  },
  enqueue(p, enq_flags) {
    const c = mine.this();
    c.flags = 1;
    const d = store.get(p);
    if (d && d.masks[three]) c.flags = 2;
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});

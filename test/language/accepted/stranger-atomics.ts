// atomics and lock-free structures
import {
  scheduler,
  array,
  counter,
  atomicAdd,
  atomicSub,
  atomicAnd,
  atomicOr,
  atomicXor,
  atomicXchg,
  atomicCas,
  zeroed,
  NR_CPUS,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  scx_bpf_kick_cpu,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  SCX_KICK_IDLE,
  u32,
  u64,
  s32,
  s64,
  type FixedArray,
} from 'scxts';
interface Slot {
  owner: u32;
  seq: u64;
  load: s64;
  flags: u32;
}
interface Ring {
  head: u32;
  tail: u32;
  cells: FixedArray<u64, 32>;
  marks: FixedArray<u32, 2>;
}
const slots = array<Slot>(NR_CPUS);
const rings = array<Ring>(2);
let idle_mask: u64 = 0;
let spinners: u32 = 0;
let token: u32 = 0;
let gen: u64 = 1;
let per_kind: FixedArray<u64, 4> = zeroed();
let agg: { total: u64; peak: u64 } = { total: 0, peak: 0 };
export const cas_fail = counter('cas failures');
export const pushed = counter('pushed'),
  popped = counter('popped');

function claim(cpu: u32): boolean {
  const s = slots.get(cpu);
  if (!s) return false;
  if (atomicCas(s.owner, 0, cpu + 1) !== 0) {
    cas_fail.inc();
    return false;
  }
  s.seq = atomicAdd(gen, 1) + 1;
  atomicOr(s.flags, 1 << 3);
  return true;
}
function release(cpu: u32) {
  const s = slots.get(cpu);
  if (s && atomicXchg(s.owner, 0) !== 0) atomicAnd(s.flags, ~(1 << 3));
}
function maxUpdate(v: u64) {
  for (let i = 0; i < 8; i++) {
    const seen = agg.peak;
    if (seen >= v) return;
    if (atomicCas(agg.peak, seen, v) === seen) return;
    cas_fail.inc();
  }
}
function push(r: Ring, v: u64): boolean {
  const at = atomicAdd(r.head, 1);
  if (at - r.tail >= 32) {
    atomicSub(r.head, 1);
    return false;
  }
  atomicXchg(r.cells[at % 32], v);
  atomicOr(r.marks[(at % 32) >> 4], u32(1) << (at & 15));
  pushed.inc();
  return true;
}
function pop(r: Ring): u64 {
  const t = r.tail;
  if (t === r.head) return 0;
  if (atomicCas(r.tail, t, t + 1) !== t) return 0;
  atomicXor(r.marks[(t % 32) >> 4], u32(1) << (t & 15));
  popped.inc();
  return atomicXchg(r.cells[t % 32], 0);
}
export default scheduler({
  name: 'lockfree',
  select_cpu(p, prev, wf) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev, wf);
    if (is_idle) {
      atomicAnd(idle_mask, ~(u64(1) << u64(cpu & 63)));
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    }
    return cpu;
  },
  enqueue(p, f) {
    const c = p.thread_info.cpu;
    const got = claim(c);
    const r = rings.get(c & 1);
    if (r && push(r, u64(p.pid)) && pop(r)) per_kind[got ? 0 : 1] += 1;
    const s = slots.get(c);
    if (s) {
      atomicAdd(s.load, -1);
      atomicAdd(s.load, s64(p.scx.weight));
      maxUpdate(u64(Math.abs(s.load)));
    }
    atomicAdd(per_kind[2], 1);
    atomicAdd(agg.total, p.scx.weight);
    if (got) release(c);
    scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL, f);
    if (atomicCas(token, 0, 1) === 0) {
      scx_bpf_kick_cpu(s32(c), SCX_KICK_IDLE);
      atomicXchg(token, 0);
    }
  },
  dispatch(cpu, prev) {
    atomicAdd(spinners, 1);
    if (!scx_bpf_dsq_move_to_local(0, 0)) atomicOr(idle_mask, u64(1) << u64(cpu & 63));
    atomicSub(spinners, 1);
  },
  init() {
    return scx_bpf_create_dsq(0, -1);
  },
});

// values in and out of functions: structs returned, refs, generics, scratch space
import {
  scheduler,
  percpuArray,
  percpu,
  hash,
  ringbuf,
  counter,
  zeroed,
  bpf_ktime_get_ns,
  bpf_get_smp_processor_id,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dump,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  u16,
  u32,
  u64,
  s32,
  type FixedArray,
  type Ref,
  type CString,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface Range {
  lo: u64;
  hi: u64;
}
interface Stat<T> {
  last: T;
  min: T;
  max: T;
  n: u32;
}
interface Big {
  lat: Stat<u64>;
  prio: Stat<s32>;
  bins: FixedArray<u16, 64>;
  r: FixedArray<Range, 4>;
  comm: CString<16>;
}
interface Ev {
  pid: s32;
  kind: u16;
  flags: u16;
  v: u64;
  comm: CString<16>;
}
const scratch = percpuArray<Big>(1);
const bigs = hash<s32, Big>(128);
const evs = ringbuf<Ev>(64 * 1024);
export const dropped = counter('events dropped');
const cpu_big = percpu<Big>();

function update<T extends number>(s: Stat<T>, v: T): void {
  if (s.n === 0 || v < s.min) s.min = v;
  if (s.n === 0 || v > s.max) s.max = v;
  s.last = v;
  s.n++;
}
function span(a: u64, b: u64): Range {
  if (a > b) return { lo: b, hi: a };
  const r: Range = { lo: a, hi: b };
  return r;
}
function merge(x: Range, y: Range): Range {
  return { lo: Math.min(x.lo, y.lo), hi: Math.max(x.hi, y.hi) };
}
const width = ({ lo, hi }: Range) => hi - lo;
function store(r: Range, out: Ref<u64>, count: Ref<u32>) {
  out.value = width(r);
  count.value++;
}
function emit(p: task_struct, kind: u16, v: u64, flags: u16 = 0): boolean {
  using e = evs.reserve();
  if (!e) {
    dropped.inc();
    return false;
  }
  e.pid = p.pid;
  e.kind = kind;
  e.flags = flags;
  e.v = v;
  e.comm = p.comm;
  e.submit();
  return true;
}

export default scheduler({
  name: 'valuesinout',
  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, enq_flags) {
    const now = bpf_ktime_get_ns();
    let b = bigs.get(p.pid);
    if (!b) {
      const s = scratch.get(0);
      if (s) {
        s.lat = { last: 0, min: 0, max: 0, n: 0 };
        s.prio = { last: 0, min: 0, max: 0, n: 0 };
        s.bins = zeroed();
        s.comm = p.comm;
        bigs.set(p.pid, s);
      }
      b = bigs.get(p.pid);
    }
    if (b) {
      update(b.lat, now - b.lat.last);
      update(b.prio, p.prio);
      const r = span(now, b.r[0].lo);
      b.r[1] = merge(r, b.r[2]);
      b.r[3] = span(b.r[1].lo, b.r[1].hi);
      const w: Ref<u64> = { value: 0 };
      const c: Ref<u32> = { value: 0 };
      for (const x of b.r) store(x, w, c);
      let bin = 0;
      for (let v = w.value; v > 0 && bin < 63; v >>= 2) bin++;
      b.bins[bin] += c.value > 3 ? 2 : 1;
      emit(p, bin > 10 ? 1 : 2, w.value);
      cpu_big.this().bins[bin]++;
      const other = cpu_big.of(bpf_get_smp_processor_id())?.bins[bin] ?? 0;
      if (other > 1000) dropped.inc();
    }
    scx_bpf_dsq_insert(p, 1, SCX_SLICE_DFL, enq_flags);
  },
  dispatch(cpu) {
    scx_bpf_dsq_move_to_local(1, 0);
  },
  dump_task(ctx, p) {
    const b = bigs.get(p.pid);
    if (!b) return;
    scx_bpf_dump(
      `${p.comm}[${p.pid}] prio ${b.prio.min}..${b.prio.max} lat ${b.lat.max} runnable=${b.prio.n > 0} bin0=${b.bins[0]} ${b.comm}`,
    );
  },
  init() {
    return scx_bpf_create_dsq(1, -1);
  },
});

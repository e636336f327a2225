import {
  scheduler,
  hash,
  lruHash,
  percpuHash,
  lruPercpuHash,
  queue,
  stack,
  bloomFilter,
  lpmTrie,
  cgroupStorage,
  array,
  percpuArray,
  percpu,
  taskStorage,
  counter,
  atomicAdd,
  atomicOr,
  atomicXchg,
  atomicCas,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  scx_bpf_task_cgroup,
  u32,
  u64,
  s32,
  bpf_get_smp_processor_id,
  BPF_NOEXIST,
  BPF_ANY,
  type FixedArray,
  type u8,
  type u16,
} from 'scxts';

interface Key {
  tgid: s32;
  cpu: u32;
}
interface Stat {
  hits: u64;
  last: u32;
  flags: u32;
}
interface LpmKey {
  prefixlen: u32;
  addr: FixedArray<u8, 4>;
}
interface CpuCtx {
  n: u64;
  seen: FixedArray<u16, 8>;
}
interface CgCtx {
  tasks: u64;
  vtime: u64;
}

const by_key = hash<Key, Stat>(1024);
const lru = lruHash<u32, u64>(512);
const pcpu = percpuHash<s32, Stat>(128);
const lpc = lruPercpuHash<s32, u64>(128);
const q = queue<u32>(64);
const st = stack<Stat>(64);
const bloom = bloomFilter<u32>(1000);
const routes = lpmTrie<LpmKey, u32>(64);
const cgs = cgroupStorage<CgCtx>();
const arr = array<u64>(16);
const parr = percpuArray<u64>(4);
const cpus = percpu<CpuCtx>();
const tasks = taskStorage<u64>();
let total: u64 = 0;
let bits: u32 = 0;
let owner: s32 = -1;
export const misses = counter('misses');

export default scheduler({
  name: 'mapkinds',
  enqueue(p, enq_flags) {
    const key: Key = { tgid: p.tgid, cpu: bpf_get_smp_processor_id() };
    const s = by_key.get(key);
    if (s) {
      s.hits++;
      s.last = s32(p.pid) >= 0 ? u32(p.pid) : 0;
      atomicAdd(s.hits, 1);
      atomicOr(s.flags, 4);
    } else {
      misses.inc();
      by_key.set(key, { hits: 1, last: 0, flags: 0 }, BPF_NOEXIST);
    }
    const l = lru.get(key.cpu);
    if (l) l.value += 1;
    else lru.set(key.cpu, 1);
    const ps = pcpu.get(p.pid);
    if (!ps) pcpu.set(p.pid, { hits: 1, last: 2, flags: 3 });
    else ps.hits += u64(ps.last);
    lpc.add(p.pid, 1);
    q.push(u32(p.pid));
    const popped = q.pop();
    if (popped !== null) total += popped;
    st.push({ hits: total, last: 0, flags: 1 });
    const top = st.peek();
    if (top) total += top.hits;
    if (!bloom.has(u32(p.pid))) bloom.add(u32(p.pid));
    const r = routes.get({ prefixlen: 32, addr: [10, 0, 0, 1] });
    if (r !== null) total += r.value;
    arr.add(3, 1);
    parr.add(1, 2);
    const a = arr.get(5);
    if (a) a.value = total;
    const c = cpus.this();
    c.n++;
    c.seen[3] = 7;
    c.seen[key.cpu % 8]++;
    const other = cpus.of(0);
    if (other) other.n += 1;
    const t = tasks.get(p);
    if (t) t.value++;
    const prev = atomicXchg(owner, p.pid);
    if (prev === -1) total++;
    const was = atomicCas(owner, p.pid, -1);
    if (was === p.pid) atomicAdd(total, 3);
    atomicOr(bits, 1 << 3);
    by_key.delete(key);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  init_task(p) {
    const t = tasks.create(p);
    if (t) t.value = 1;
    return 0;
  },
  cgroup_init(cgrp, args) {
    const c = cgs.create(cgrp);
    if (!c) return -12;
    c.vtime = u64(args.weight);
    return 0;
  },
  running(p) {
    using cg = scx_bpf_task_cgroup(p);
    const c = cgs.get(cg);
    if (!c) return;
    c.tasks++;
  },
});

// Names that C, libbpf or the generated C use for something else.
import {
  scheduler,
  hash,
  percpu,
  percpuArray,
  array,
  taskStorage,
  ringbuf,
  queue,
  stack,
  lruHash,
  bloomFilter,
  counter,
  config,
  timer,
  list,
  rbTree,
  spinLock,
  alloc,
  userRingbuf,
  s32,
  u32,
  u64,
  bpf_ktime_get_ns,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface V {
  n: u64;
  value: u32;
  key: u32;
  cpu: u32;
  int_: u32;
  register_: u64;
}
const key = hash<u32, V>(16);
const value = percpuArray<u64>(4);
const cpu = percpu<V>();
const task = taskStorage<V>();
const p = taskStorage<V>();
const flags = lruHash<s32, u64>(8);
const item = queue<u64>(8);
const node = stack<u64>(8);
const map = array<u64>(8);
const record = ringbuf<V>(4096);
const data = ringbuf<V>(4096);
const entry = bloomFilter<u32>(100);
const r = hash<V, V>(16);
const e = percpu<V>();
const n = hash<u64, u64>(3);
const struct = hash<u64, u64>(3);
const a = hash<u64, u64>(3);
const b = array<V>(3);
const index = array<V>(3);
const ctx = hash<u64, V>(3);
const i = array<u32>(3);
const c = array<u32>(3);
const ops = hash<u64, V>(3);
let int: u64 = 0;
let register: u32 = 3;
let total: u64 = 0;
export const short = config(3, 'x');
export const long = counter('long');
export const errno = counter('long');
const sum = timer(() => {
  total++;
  sum.start(10000);
});
const lock = spinLock();
const first = list<Leaf>();
const object = rbTree<Leaf>((a, b) => a.k < b.k);
interface Leaf {
  k: u64;
  object: u64;
  item: u64;
}
const less = userRingbuf<V>(4096);
function volatile(x: u64): u64 {
  return x + 1;
}
function main(x: u64): u64 {
  return x + 1;
}
function memcpy(x: u64): u64 {
  return x + 2;
}
export default scheduler({
  name: 'names_of_c',
  init() {
    sum.start(1000);
    return 0;
  },
  enqueue(q, auto) {
    const key_get = key.get(3);
    if (key_get) key_get.n++;
    value.add(0, 1);
    const cpu_of = cpu.of(1);
    if (cpu_of) cpu_of.cpu++;
    cpu.this().n++;
    const task_get = task.get(q) ?? task.create(q);
    if (task_get) task_get.int_++;
    const pp = p.get(q);
    if (pp) pp.register_++;
    flags.set(3, 4);
    item.push(3);
    node.push(4);
    map.set(3, 3);
    record.output({ n: 3, value: 3, key: 1, cpu: 3, int_: 3, register_: 3 });
    using d = data.reserve();
    if (d) {
      d.n = 3;
      d.submit();
    }
    if (entry.has(3)) total++;
    const rr = r.get({ n: 3, value: 3, key: 1, cpu: 3, int_: 3, register_: 3 });
    if (rr) total += rr.n;
    const ee = e.this();
    ee.n++;
    n.set(3, 4);
    struct.set(3, 4);
    a.set(3, 4);
    const bb = b.get(1);
    if (bb) bb.n++;
    const index_get = index.get(1);
    if (index_get) index_get.n++;
    const c2 = ctx.get(1);
    if (c2) c2.n++;
    i.add(1, 2);
    c.add(1, 2);
    const o = ops.get(3);
    if (o) o.n++;
    int++;
    register++;
    long.inc();
    errno.inc();
    const unsigned: u64 = short + volatile(3) + main(3) + memcpy(3);
    const double = unsigned + 1;
    const NULL = double,
      char = 3,
      static_ = 4,
      inline = 5,
      extern = 6,
      typedef = 7,
      sizeof = 9,
      union = 10,
      signed = 11,
      asm = 12,
      restrict = 13,
      goto = 14;
    total +=
      NULL +
      char +
      static_ +
      inline +
      extern +
      typedef +
      sizeof +
      union +
      signed +
      asm +
      restrict +
      goto;
    const bpf_map_lookup_elem = 3,
      barrier = 4,
      ___e = 5,
      __elem = 6,
      __rcu = 7,
      scxts_zero = 8,
      container_of = 9,
      __link = 3,
      __ret = 4;
    total +=
      bpf_map_lookup_elem +
      barrier +
      ___e +
      __elem +
      __rcu +
      scxts_zero +
      container_of +
      __link +
      __ret;
    const l = alloc<Leaf>();
    if (l) {
      l.k = 3;
      using held = lock.hold();
      if (total & 1) first.pushBack(l);
      else object.add(l);
    }
    const u32_ = u32(3);
    const s64 = 4;
    const bool = 5;
    const u8 = 6;
    total += u32_ + s64 + bool + u8;
    scx_bpf_dsq_insert(q, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, auto);
  },
  dispatch(prev_cpu, prev) {
    less.drain((v) => {
      total += v.n;
    });
  },
});

import {
  scheduler,
  config,
  configArray,
  counter,
  array,
  percpuArray,
  hash,
  lruHash,
  percpuHash,
  taskStorage,
  cgroupStorage,
  percpu,
  queue,
  stack,
  ringbuf,
  zeroed,
  atomicAdd,
  atomicXchg,
  atomicCas,
  atomicOr,
  NR_CPUS,
  bpf_get_smp_processor_id,
  bpf_ktime_get_ns,
  streq,
  startsWith,
  bpf_printk,
  BPF_NOEXIST,
  scx_bpf_task_cgroup,
  s64,
  range,
  lpmTrie,
  u32,
  type u8,
  type u16,
  type u64,
  type s32,
  type bool,
  type FixedArray,
  type Ref,
  type CString,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface TaskCtx {
  vtime: u64;
  cpu: s32;
  flag: u8;
  tries: FixedArray<u32, 4>;
  name: CString<16>;
}
interface Pair {
  a: u32;
  b: u64;
}
interface Nested {
  first: Pair;
  second: Pair;
  hist: FixedArray<u64, 8>;
}
interface Event {
  pid: s32;
  at: u64;
}
interface Key {
  prefix: u32;
  data: u32;
}

export const cpu_dom = configArray<u32>(NR_CPUS);

const stats = percpuArray<u64>(2);
const by_pid = hash<s32, TaskCtx>(10_240);
const recent = lruHash<u64, u64>(128);
const per = percpuHash<u32, Pair>(16);
const pairs = hash<Pair, u32>(64);
const tctx = taskStorage<TaskCtx>();
const cgctx = cgroupStorage<Pair>();
const cctx = percpu<Nested>();
const gimme = array<bool>(NR_CPUS);
const slots = array<Nested>(8);
const fifo = queue<u32>(64);
const lifo = stack<Pair>(64);
const events = ringbuf<Event>(64 * 1024);
const trie = lpmTrie<Key, u32>(16);
export const hits = counter('hits');
export const limit = config<u32>(10, 'limit');
let hist: FixedArray<u64, 16> = zeroed();
let total: u64 = 0;
let bits: u32 = 0;
let pair: Pair = { a: 1, b: 2 };
const boost: u32[] = [0, 256, 512, 768, 1024];

function bump(counterRef: Ref<u64>): void {
  counterRef.value += 1;
}

function mark(seen: FixedArray<u64, 16>, bit: u32): void {
  seen[bit / 64] |= 1 << (bit % 64);
  for (const word of seen) total += word;
}

function arrays(bit: u32): void {
  const local: FixedArray<u64, 16> = zeroed();
  mark(local, bit);
  mark(hist, bit);
  hist = local;
  const c = cctx.this();
  c.hist = zeroed();
  hist = zeroed();
}

function lookups(p: task_struct): u64 {
  const c = tctx.get(p);
  if (!c) return 0;
  c.vtime += 5;
  c.name = p.comm;
  c.tries[1] = 3;
  c.tries[c.flag] += 1;
  const inner = slots.get(3);
  if (inner) {
    inner.first.a = 7;
    inner.hist[p.pid] = 9;
    const { b } = inner.second;
    total += b;
  }
  const r = stats.get(0);
  if (r) r.value += 1;
  const q = stats.get(1);
  if (q !== null) bump(q);
  stats.add(0, 2);
  by_pid.set(p.pid, { vtime: 1, cpu: 2, flag: 3, tries: zeroed(), name: zeroed() });
  const mine = by_pid.get(p.pid);
  if (mine) total += mine.vtime;
  by_pid.delete(p.pid);
  recent.set(5, total);
  recent.add(5, 1);
  per.set(1, { a: 1, b: 2 }, BPF_NOEXIST);
  pairs.set({ a: 1, b: 2 }, 3);
  const found = pairs.get({ a: 1, b: 2 });
  total += found?.value ?? 4;
  const v = by_pid.get(1)?.vtime ?? 7;
  const mineCpu = cctx.this();
  mineCpu.first.a++;
  const other = cctx.of(1);
  if (other) other.second.b = v;
  const g = gimme.get(bpf_get_smp_processor_id());
  if (g && !g.value) g.value = true;
  fifo.push(5);
  const popped = fifo.pop();
  if (popped) total += popped.value;
  lifo.push({ a: 1, b: 1 });
  const top = lifo.peek();
  if (top) total += top.b;
  const t = trie.get({ prefix: 32, data: 1 });
  if (t) total += t.value;
  return c.vtime;
}

export default scheduler({
  name: 'state',
  timeout_ms: 5000,
  init_task(p, args) {
    const c = tctx.create(p);
    if (!c) return -12;
    c.cpu = -1;
    if (args.fork) hits.inc();
    return 0;
  },
  enqueue(p, enq_flags) {
    total += lookups(p);
    arrays(u32(p.pid));
    hist[3]++;
    hist[p.prio & 15] += 1;
    hist[limit] = hist[limit + 1] + cpu_dom[limit] + boost[limit % 5];
    pair.a += 1;
    for (const h of hist) total += h;
    for (const i of range(limit)) {
      hist[i] = i;
      hits.add(2);
    }
    atomicAdd(total, 5);
    const old = atomicXchg(bits, 3);
    atomicOr(bits, old);
    if (atomicCas(bits, 3, 4) === 3) total -= 1;
    events.output({ pid: p.pid, at: bpf_ktime_get_ns() });
    using e = events.reserve();
    if (e) {
      e.pid = p.pid;
      e.at = total;
      e.submit();
    }
    if (streq(p.comm, 'bash') || startsWith(p.comm, 'kworker')) hits.inc();
    bpf_printk(`pid ${p.pid} at ${total} ${p.comm} ${s64(total)} ${enq_flags > 3}`);
    const local: Pair = { a: 1, b: total };
    local.a = u32(local.b);
    pair = local;
    using cg = scx_bpf_task_cgroup(p);
    const cc = cgctx.get(cg);
    if (cc) cc.a++;
    let sum: u16 = 0;
    by_pid.forEach((key, value) => {
      sum += 1;
      total += value.vtime + key;
      return sum > 5;
    });
  },
});

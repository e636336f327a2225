// generics over map types, inheritance of interfaces, unions of literals
import {
  scheduler,
  hash,
  array,
  lruHash,
  queue,
  counter,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  bpf_ktime_get_ns,
  BPF_NOEXIST,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  u32,
  u64,
  s32,
  s64,
  bool,
  type HashMap,
  type ArrayMap,
  type QueueMap,
  type Counter,
} from 'scxts';

interface Base {
  n: u32;
  at: u64;
}
interface Lat extends Base {
  sum: u64;
  max: u64;
}
interface Mig extends Base {
  from: s32;
  to: s32;
}
interface Pair<A, B> {
  first: A;
  second: B;
}
interface Box<T> {
  v: T;
  seen: bool;
}
type Mode = 0 | 1 | 2;
const lat = hash<s32, Lat>(128);
const mig = lruHash<s32, Mig>(128);
const arr = array<Lat>(4);
const boxes = hash<u32, Box<u64>>(8);
const pairs = array<Pair<Box<u32>, s64>>(2);
const q = queue<Pair<u32, u32>>(16);
const nums = queue<u64>(16);
const marks = hash<u64, u32>(64);
export const hits = counter('hits'),
  miss = counter('misses');
let mode: Mode = 1;

function touch<K, V extends Base>(m: HashMap<K, V>, k: K) {
  const v = m.get(k);
  if (!v) {
    miss.inc();
    return null;
  }
  v.n++;
  v.at = bpf_ktime_get_ns();
  return v;
}
function bumpAt<V extends Base>(m: ArrayMap<V>, i: u32, c: Counter): u32 {
  const v = m.get(i);
  if (!v) return 0;
  c.inc();
  return ++v.n;
}
function drain<T>(m: QueueMap<T>, most: u32): u32 {
  let n = 0;
  while (n < most) {
    if (m.pop() === null) break;
    n++;
  }
  return u32(n);
}
function setBox<T>(b: Box<T>, v: T): boolean {
  const was = b.seen;
  b.v = v;
  b.seen = true;
  return was;
}
function addTo<K>(m: HashMap<K, u32>, k: K, by: u32): void {
  const r = m.get(k);
  if (r) r.value += by;
  else m.set(k, by, BPF_NOEXIST);
}
function swap<A, B>(p: Pair<A, A>): void {
  const t = p.first;
  p.first = p.second;
  p.second = t;
}

export default scheduler({
  name: 'overmaps',
  select_cpu(p, prev, wf) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev, wf);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    const m = touch(mig, p.pid);
    if (m) {
      m.from = prev;
      m.to = cpu;
    } else mig.set(p.pid, { n: 1, at: 0, from: prev, to: cpu });
    return cpu;
  },
  enqueue(p, f) {
    const l = touch(lat, p.pid);
    if (l) {
      l.sum += l.at;
      l.max = Math.max(l.max, l.at);
    } else lat.set(p.pid, { n: 0, at: 0, sum: 0, max: 0 });
    bumpAt(arr, u32(p.pid) & 3, hits);
    const b = boxes.get(u32(p.pid) & 7);
    if (b) setBox(b, 5);
    else boxes.set(u32(p.pid) & 7, { v: 1, seen: false });
    const pr = pairs.get(1);
    if (pr && setBox(pr.first, u32(p.pid))) pr.second -= 1;
    q.push({ first: 1, second: 2 });
    const top = q.peek();
    if (top) {
      swap(top);
      nums.push(u64(top.first));
    }
    drain(q, 2);
    drain(nums, 1);
    addTo(marks, u64(p.pid), 3);
    addTo(marks, 1, 1);
    switch (mode) {
      case 0:
        mode = 1;
        break;
      case 1:
        mode = 2;
        break;
      default:
        mode = 0;
    }
    scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL >> mode, f);
  },
  dispatch(cpu) {
    scx_bpf_dsq_move_to_local(0, 0);
  },
  init() {
    return scx_bpf_create_dsq(0, -1);
  },
});

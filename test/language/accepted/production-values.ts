// Much of what production schedulers keep in one program: linked arenas, kernel objects, lists, unions, bitfields, texts.
import {
  scheduler,
  syscall,
  arena,
  array,
  percpu,
  taskStorage,
  hash,
  kptrXchg,
  bpf_cpumask_create,
  copyString,
  streq,
  endsWith,
  zeroed,
  scx_bpf_dsq_insert,
  bpf_task_from_pid,
  bpf_task_acquire,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  ENOMEM,
  NR_CPUS,
  u64,
  u32,
  s32,
} from 'scxts';
import type {
  FixedArray,
  ArenaPtr,
  ArenaSpinLock,
  Union,
  Bits,
  Aligned,
  Kptr,
  CString,
  List,
  SpinLock,
  RbTree,
} from 'scxts';
import type { bpf_cpumask, task_struct, cgroup } from 'scxts/vmlinux';
interface Leaf {
  name: CString<32>;
  u: Union<{ a: u64; b: FixedArray<u32, 2> }>;
  bits: Bits<u32, 5>;
  parent: ArenaPtr<Node> | null;
  weight: u32;
}
interface Node {
  kids: FixedArray<ArenaPtr<Leaf> | null, 4>;
  lock: ArenaSpinLock;
  slot: Aligned<u64, 64>;
  up: ArenaPtr<Node> | null;
}
const nodes = arena<Node>(200);
const leaves = arena<Leaf>(150_000);
interface Mine {
  node: ArenaPtr<Node> | null;
  masks: FixedArray<Kptr<bpf_cpumask> | null, 3>;
  owner: Kptr<task_struct> | null;
}
const mine = percpu<Mine>();
const tasks = taskStorage<Mine>();
interface Item {
  n: u64;
  name: CString<8>;
}
interface Dom {
  lock: SpinLock;
  q: List<Item>;
  t: RbTree<Item>;
  masks: FixedArray<Kptr<bpf_cpumask>, 2>;
  u: Union<{ x: u64; y: u32 }>;
  f: Bits<u64, 40>;
}
const doms = hash<u32, Dom>(16);
let last: ArenaPtr<Leaf> | null = null;
let out: FixedArray<u64, 32> = zeroed();
function renew(slot: Kptr<bpf_cpumask> | null): s32 {
  const m = bpf_cpumask_create();
  if (!m) return -ENOMEM;
  using old = kptrXchg(slot, m);
  return 0;
}
function init(m: Mine): s32 {
  for (let i: u32 = 0; i < 3; i++) {
    const e = renew(m.masks[i]);
    if (e) return e;
  }
  return 0;
}
/** @noinline */
function weigh(n: Node): u64 {
  let s: u64 = 0;
  for (let i: u32 = 0; i < 4; i++) {
    const k = n.kids[i];
    if (k) s += k.weight;
  }
  return s;
}
export const run = syscall(() => {
  nodes.populate();
  const n = nodes.get(nodes.alloc());
  if (!n) return 0;
  for (let i: u32 = 0; i < 5; i++) {
    const l = leaves.get(leaves.alloc());
    if (!l) return 0;
    copyString(l.name, i === 2 ? 'two.slice' : 'other');
    l.u.b[1] = i;
    l.bits = i;
    l.parent = n;
    l.weight = i + 1;
    n.kids[i] = l;
    last = l;
  }
  out[0] = weigh(n);
  out[1] = n.kids[2] && endsWith(n.kids[2].name, '.slice') ? 1 : 0;
  out[2] = (n.kids[3]?.u.a ?? 0) >> 32;
  out[3] = last?.parent === n ? 1 : 0;
  out[4] = last ? last.weight : 0;
  const me = mine.this();
  me.node = n;
  out[5] = u64(init(me));
  out[6] = me.node === n ? 1 : 0;
  const far = leaves.get(149_999);
  if (far) {
    far.weight = 9;
    n.kids[1] = far;
    out[7] = weigh(n);
  }
  {
    using h = n.lock.hold();
    n.slot += 3;
  }
  out[8] = n.slot;
  const z: Dom = zeroed();
  doms.set(3, z);
  const d = doms.get(3);
  if (d) {
    d.f = 0xff_ffff_ffff;
    d.u.x = 7;
    out[9] = d.f + d.u.y;
    renew(d.masks[1]);
  }
  return 0;
});
export default scheduler({
  name: 'x',
  init_task(p) {
    const m = tasks.create(p);
    if (!m) return -ENOMEM;
    m.node = nodes.get(3);
    const e = init(m);
    if (e) return e;
    const t = bpf_task_acquire(p);
    if (t) {
      using old = kptrXchg(m.owner, t);
    }
    return 0;
  },
  enqueue(p, f) {
    const m = tasks.get(p);
    if (m && m.node && m.masks[1]) {
      using h = m.node.lock.hold();
      m.node.slot += 1;
    }
    if (last && streq(p.comm, last.name)) last.weight += 1;
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f);
  },
});

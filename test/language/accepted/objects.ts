import {
  scheduler,
  alloc,
  array,
  bpf_cpumask_create,
  bpf_cpumask_release,
  bpf_cpumask_set_cpu,
  bpf_get_smp_processor_id,
  bpf_rcu_read_lock,
  bpf_task_from_pid,
  bpf_task_release,
  kptrXchg,
  list,
  queue,
  rbTree,
  ringbuf,
  spinLock,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  range,
  time_before,
  ENOMEM,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type Kptr,
  type ListNode,
  type RbNode,
  type SpinLock,
  type s32,
  type u64,
  type u32,
} from 'scxts';
import type { bpf_cpumask, task_struct } from 'scxts/vmlinux';

/** The link is left to scxts. */
interface Node {
  cvtime: u64;
  pid: s32;
  tail: u32;
}
/** The link is a field of its own. */
interface Item {
  pid: s32;
  link: ListNode;
  more: u64;
}
/** The link comes from what it extends. */
interface Late extends RbNode {
  at: u64;
}
interface Event {
  pid: s32;
}
interface Guarded {
  lock: SpinLock;
  sum: u64;
}

const tree = rbTree<Node>((a, b) => a.cvtime < b.cvtime);
const tree_lock = spinLock();
const late_lock = spinLock();
const late = rbTree<Late>((a, b) => a.at < b.at, late_lock);
const items = list<Item>(late_lock);
const events = ringbuf<Event>(4096);
const guarded = array<Guarded>(4);
let primary: Kptr<bpf_cpumask> | null = null;
const pids = queue<s32>(64);
let taken: u64 = 0;

function insert(p: task_struct): s32 {
  const n = alloc<Node>();
  if (!n) return -ENOMEM;
  n.cvtime = p.scx.dsq_vtime;
  n.pid = p.pid;
  using held = tree_lock.hold();
  tree.add(n);
  return 0;
}

/** Takes the object out and hands it to the caller. */
function takeFirst() {
  using held = tree_lock.hold();
  const first = tree.first();
  if (!first) return null;
  first.tail++;
  return tree.remove(first);
}

/** The object is released after the lock. */
function dropFirst(): void {
  using held = tree_lock.hold();
  const first = tree.first();
  if (!first || time_before(taken, first.cvtime)) return;
  using n = tree.remove(first);
  if (n) taken += n.cvtime;
}

/** Returns from a loop that releases something in each round. */
function nextHeavy(): boolean {
  for (;;) {
    const pid = pids.pop();
    if (!pid) return false;
    using task = bpf_task_from_pid(pid.value);
    if (!task) continue;
    if (task.scx.weight < 50) {
      if (task.prio < 100) return false;
      continue;
    }
    return true;
  }
}

function lists(pid: s32): void {
  using item = alloc<Item>();
  if (item) {
    item.pid = pid;
    if (pid === 7) return;
    using held = late_lock.hold();
    items.pushBack(item);
  }
  for (const i of range(4)) {
    using held = late_lock.hold();
    using out = items.popFront();
    if (out) taken += out.more + i;
  }
}

function masks(): s32 {
  const mask = bpf_cpumask_create();
  if (!mask) return -ENOMEM;
  bpf_cpumask_set_cpu(0, mask);
  const old = kptrXchg(primary, mask);
  if (old) bpf_cpumask_release(old);
  return 0;
}

function tasks(pid: s32): u64 {
  const task = bpf_task_from_pid(pid);
  if (!task) return 0;
  if (task.scx.weight > 100) {
    bpf_task_release(task);
    return 1;
  }
  using other = task;
  return other.scx.dsq_vtime;
}

function rings(pid: s32): void {
  const e = events.reserve();
  if (!e) return;
  e.pid = pid;
  if (pid > 5) e.submit();
  else e.discard();
}

function later(p: task_struct): void {
  let kept: Node | null = null;
  if (p.pid > 10) kept = alloc<Node>();
  if (!kept) return;
  kept.pid = p.pid;
  using held = tree_lock.hold();
  tree.add(kept);
}

export default scheduler({
  name: 'objects',
  enqueue(p, enq_flags) {
    insert(p);
    later(p);
    rings(p.pid);
    lists(p.pid);
    const g = guarded.get(bpf_get_smp_processor_id() & 3);
    if (g) {
      using held = g.lock.hold();
      g.sum += 1;
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  dispatch(cpu) {
    using n = takeFirst();
    if (n) taken += n.pid;
    dropFirst();
    const g = guarded.get(0);
    if (g && g.sum && nextHeavy()) g.sum = 0;
  },
  tick(p) {
    taken += tasks(p.pid);
    const x = alloc<Late>();
    if (x) {
      x.at = taken;
      using held = late_lock.hold();
      late.add(x);
    }
  },
  init() {
    using rcu = bpf_rcu_read_lock();
    return masks();
  },
});

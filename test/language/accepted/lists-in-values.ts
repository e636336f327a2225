// Lists and a tree in values of maps, under the lock of the value.
import {
  scheduler,
  syscall,
  array,
  hash,
  alloc,
  zeroed,
  bpf_obj_drop,
  u64,
  u32,
  s32,
  ENOMEM,
} from 'scxts';
import type { FixedArray, List, RbTree, SpinLock, Bits } from 'scxts';
interface Wait {
  vtime: u64;
  pid: s32;
}
interface Item {
  n: u64;
}
interface Dom {
  flags: Bits<u32, 3>;
  more: Bits<u32, 2>;
  lock: SpinLock;
  waiting: List<Item>;
  others: List<Item>;
  tree: RbTree<Wait>;
  count: u64;
}
const doms = array<Dom>(4);
const byKey = hash<u32, Dom>(4);
let out: FixedArray<u64, 32> = zeroed();
function put(d: Dom, n: u64, back: boolean): s32 {
  const i = alloc<Item>();
  if (!i) return -ENOMEM;
  i.n = n;
  using held = d.lock.hold();
  if (back) d.waiting.pushBack(i);
  else d.others.pushFront(i);
  d.count += 1;
  return 0;
}
function take(d: Dom): u64 {
  using held = d.lock.hold();
  using i = d.waiting.popFront();
  return i ? i.n : 0;
}
function add(d: Dom, vtime: u64): s32 {
  const w = alloc<Wait>();
  if (!w) return -ENOMEM;
  w.vtime = vtime;
  using held = d.lock.hold();
  d.tree.add(w, (a, b) => a.vtime < b.vtime);
  return 0;
}
function least(d: Dom): u64 {
  using held = d.lock.hold();
  const w = d.tree.first();
  if (!w) return 0;
  using gone = d.tree.remove(w);
  return gone ? gone.vtime : 0;
}
export const run = syscall(() => {
  const d = doms.get(1);
  if (!d) return 0;
  d.flags = 5;
  d.more = 2;
  for (let k: u64 = 1; k <= 3; k++) {
    put(d, k, true);
    put(d, k * 10, false);
  }
  out[0] = take(d);
  out[1] = take(d);
  {
    using held = d.lock.hold();
    using o = d.others.popFront();
    out[2] = o ? o.n : 0;
  }
  {
    using held = d.lock.hold();
    using o = d.others.popBack();
    out[3] = o ? o.n : 0;
  }
  add(d, 7);
  add(d, 3);
  add(d, 5);
  out[4] = least(d);
  out[5] = least(d);
  out[6] = least(d);
  out[7] = least(d);
  out[8] = d.count;
  out[9] = d.flags * 10 + d.more;
  const z: Dom = zeroed();
  byKey.set(9, z);
  const e = byKey.get(9);
  if (e) {
    put(e, 4, true);
    put(e, 5, true);
    out[10] = take(e);
  }
  byKey.delete(9);
  const other = doms.get(2);
  out[11] = other ? take(other) : 9;
  return 0;
});
export default scheduler({
  name: 'lists',
  init() {
    const d = doms.get(0);
    return d ? put(d, 1, true) : 0;
  },
});

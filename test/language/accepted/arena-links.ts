// Two arenas whose entries link to each other, with locks; links in a map, an array and a global.
import {
  scheduler,
  syscall,
  arena,
  percpu,
  array,
  zeroed,
  copyString,
  streq,
  atomicAdd,
  range,
  u64,
  u32,
  s32,
} from 'scxts';
import type { FixedArray, ArenaPtr, ArenaSpinLock, CString } from 'scxts';
interface Leaf {
  value: u64;
  name: CString<16>;
  owner: ArenaPtr<Node> | null;
}
interface Node {
  vtime: u64;
  next: ArenaPtr<Node> | null;
  leaf: ArenaPtr<Leaf> | null;
  lock: ArenaSpinLock;
  kids: FixedArray<ArenaPtr<Node> | null, 4>;
  count: u32;
}
const nodes = arena<Node>(100_000);
const leaves = arena<Leaf>(1_000);
let head: ArenaPtr<Node> | null = null;
interface Slot {
  node: ArenaPtr<Node> | null;
}
const slots = array<Slot>(4);
let out: FixedArray<u64, 32> = zeroed();
let three: u32 = 3;
function push(vtime: u64): s32 {
  const i = nodes.alloc();
  const n = nodes.get(i);
  if (!n) return -1;
  n.vtime = vtime;
  n.next = head;
  head = n;
  return i;
}
function find(start: Node | null, vtime: u64): Node | null {
  let n = start;
  for (let i = 0; i < 100 && n; i++) {
    if (n.vtime === vtime) return n;
    n = n.next;
  }
  return null;
}
/** @noinline */
function sum(n: Node | null): u64 {
  let s: u64 = 0;
  while (n) {
    s += n.vtime;
    n = n.next;
  }
  return s;
}
export const run = syscall(() => {
  nodes.populate();
  for (let k: u64 = 1; k <= 5; k++) push(k * 10);
  out[0] = head ? head.vtime : 0;
  out[1] = sum(head);
  const n = find(head, 30);
  if (!n) return 0;
  out[2] = u64(nodes.indexOf(n));
  const l = leaves.get(leaves.alloc());
  if (!l) return 0;
  l.value = 77;
  l.owner = n;
  n.leaf = l;
  copyString(l.name, 'a leaf');
  out[3] = n.leaf ? n.leaf.value : 0;
  out[4] = n.leaf?.owner?.leaf?.value ?? 9;
  out[5] = l.owner === n ? 1 : 0;
  out[6] = streq(l.name, 'a leaf') ? 1 : 0;
  {
    using held = n.lock.hold();
    n.count += 2;
    out[7] = n.count;
  }
  atomicAdd(n.count, 3);
  out[8] = n.count;
  n.kids[2] = head;
  n.kids[three] = n;
  out[9] = n.kids[2]?.vtime ?? 0;
  const k3 = n.kids[three];
  if (k3) out[10] = k3.vtime;
  const s = slots.get(1);
  if (s) {
    s.node = n;
    const back = s.node;
    out[11] = back ? back.vtime : 1;
  }
  out[12] = u64(nodes.free(n));
  out[13] = u64(nodes.alloc());
  out[14] = nodes.get(99_999) ? 1 : 0;
  out[15] = nodes.get(100_000) ? 1 : 0;
  const last = nodes.get(99_999);
  if (last) {
    last.vtime = 5;
    out[16] = last.vtime;
  }
  out[17] = n.next ? n.next.vtime : 0;
  out[18] = find(head, 99) ? 1 : 0;
  {
    using held = n.lock.hold();
    n.count += 2;
    out[19] = n.count;
  }
  out[20] = u64(leaves.indexOf(l));
  head = null;
  out[21] = head ? 1 : 0;
  return 0;
});
export default scheduler({
  name: 'a',
  init() {
    return 0;
  },
});

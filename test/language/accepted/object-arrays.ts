// Arrays in objects from alloc(), indexed by variables.
import {
  scheduler,
  spinLock,
  rbTree,
  list,
  alloc,
  type u64,
  type u8,
  type FixedArray,
  u32,
} from 'scxts';
interface Node {
  key: u64;
  vals: FixedArray<u64, 4>;
  hist: FixedArray<u8, 12>;
}
const lock = spinLock();
const fifo = list<Node>();
const tree = rbTree<Node>((a, b) => a.vals[u32(a.key) & 3] < b.vals[u32(b.key) & 3]);
let total: u64 = 0;
function bump(n: Node, i: u32) {
  n.hist[i]++;
  n.vals[i] += 3;
  for (let k = 0; k < 4; k++) total += n.vals[k];
  for (const v of n.vals) total += v;
}
export default scheduler({
  name: 'object_arrays',
  enqueue(p, f) {
    const n = alloc<Node>();
    if (!n) return;
    n.vals[u32(f) & 3] = 4;
    n.key = n.vals[u32(f) & 1];
    bump(n, u32(f));
    using held = lock.hold();
    if (n.key > 3) fifo.pushBack(n);
    else tree.add(n);
  },
  dispatch(cpu, prev) {
    using held = lock.hold();
    const m = tree.first();
    if (m) {
      m.hist[cpu] = 3;
      total += m.vals[u32(cpu)];
    }
  },
});

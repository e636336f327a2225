// What adds to the tree is compiled after the tree's order: nothing calls it.
import {
  scheduler,
  alloc,
  rbTree,
  spinLock,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type u64,
} from 'scxts';

interface Leaf {
  key: u64;
}
const lock = spinLock();
const tree = rbTree<Leaf>((a, b) => a.key < b.key, lock);

export function plant(key: u64): void {
  const leaf = alloc<Leaf>();
  if (!leaf) return;
  leaf.key = key;
  using held = lock.hold();
  tree.add(leaf);
}

export default scheduler({
  name: 'late_add',
  enqueue(p, enq_flags) {
    {
      using held = lock.hold();
      const first = tree.first();
      if (first) {
        using leaf = tree.remove(first);
      }
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});

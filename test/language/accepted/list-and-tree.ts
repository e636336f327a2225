// One type of node in a list and in a tree; pointers in structs on the stack.
import {
  scheduler,
  alloc,
  list,
  rbTree,
  spinLock,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type u32,
  type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface Node {
  key: u64;
  weight: u32;
}
interface Pick {
  task: task_struct;
  flags: u64;
}
const lock = spinLock();
const tree = rbTree<Node>((a, b) => a.key < b.key);
const fifo = list<Node>();

function insert(pick: Pick): void {
  scx_bpf_dsq_insert(pick.task, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, pick.flags);
}

export default scheduler({
  name: 'list_and_tree',
  enqueue(p, enq_flags) {
    const n = alloc<Node>();
    if (n) {
      n.key = p.scx.dsq_vtime;
      n.weight = p.scx.weight;
      using held = lock.hold();
      if (p.scx.weight > 100) tree.add(n);
      else fifo.pushBack(n);
    }
    const pick: Pick = { task: p, flags: enq_flags };
    insert(pick);
  },
  dispatch(cpu, prev) {
    using held = lock.hold();
    const first = tree.first();
    if (first) {
      using n = tree.remove(first);
    }
  },
});

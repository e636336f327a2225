// flatcg-like: cgroups, rbtree, spin lock, cgroupStorage, kptr
import {
  scheduler,
  cgroupStorage,
  taskStorage,
  rbTree,
  list,
  spinLock,
  hash,
  alloc,
  kptrXchg,
  each,
  exists,
  counter,
  config,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_destroy_dsq,
  scx_bpf_task_cgroup,
  scx_bpf_error,
  bpf_cgroup_from_id,
  bpf_cgroup_ancestor,
  bpf_rcu_read_lock,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_test_cpu,
  bpf_cpumask_and,
  bpf_ktime_get_ns,
  bpf_cpumask_any_distribute,
  time_before,
  SCX_DSQ_LOCAL,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_OPS_HAS_CGROUP_WEIGHT,
  ENOMEM,
  ENOENT,
  type Kptr,
  type SpinLock,
  u32,
  u64,
  s32,
  s64,
} from 'scxts';
import type { task_struct, cgroup, bpf_cpumask } from 'scxts/vmlinux';

interface Node {
  cvtime: u64;
  cgid: u64;
}
interface Cg {
  weight: u32;
  cvtime: u64;
  nr: s64;
  lock: SpinLock;
  queued: boolean;
  stash: Kptr<Node> | null;
}
const tree = rbTree<Node>((a, b) => a.cvtime < b.cvtime);
const tree_lock = spinLock();
const cgs = cgroupStorage<Cg>();
let primary: Kptr<bpf_cpumask> | null = null;
let vnow: u64 = 0;
export const nr_empty = counter('tree was empty');
export const nr_gone = counter('cgroup gone');

function charge(c: Cg, ns: u64): void {
  using held = c.lock.hold();
  c.cvtime += (ns * 100) / (c.weight || 100);
  c.nr -= 1;
}

export default scheduler({
  name: 'a3',
  enqueue(p, enq_flags) {
    using cg = scx_bpf_task_cgroup(p);
    const c = cgs.get(cg);
    if (!c) {
      scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
      return;
    }
    scx_bpf_dsq_insert_vtime(p, cg.kn.id, SCX_SLICE_DFL, p.scx.dsq_vtime, enq_flags);
    const n = kptrXchg(c.stash, null);
    if (n) {
      n.cvtime = c.cvtime;
      using held = tree_lock.hold();
      tree.add(n);
    }
  },
  dispatch(cpu, prev) {
    let id: u64 = 0;
    {
      using held = tree_lock.hold();
      const first = tree.first();
      if (first) {
        const n = tree.remove(first);
        if (n) {
          id = n.cgid;
          vnow = n.cvtime;
          n.cvtime += SCX_SLICE_DFL;
          tree.add(n);
        }
      }
    }
    if (!id) {
      nr_empty.inc();
      return;
    }
    using cg = bpf_cgroup_from_id(id);
    if (!cg) {
      nr_gone.inc();
      return;
    }
    scx_bpf_dsq_move_to_local(id, 0);
  },
  cgroup_init(cgrp, args) {
    const c = cgs.create(cgrp);
    if (!c) return -ENOMEM;
    c.weight = args.weight;
    const n = alloc<Node>();
    if (!n) return -ENOMEM;
    n.cgid = cgrp.kn.id;
    const old = kptrXchg(c.stash, n);
    if (old) {
      using gone = old;
    }
    return scx_bpf_create_dsq(cgrp.kn.id, -1);
  },
  cgroup_exit(cgrp) {
    scx_bpf_destroy_dsq(cgrp.kn.id);
  },
  cgroup_set_weight(cgrp, weight) {
    const c = cgs.get(cgrp);
    if (c) {
      using held = c.lock.hold();
      c.weight = weight;
    }
  },
  cgroup_move(p, from, to) {},
  cgroup_prep_move(p, from, to) {
    return 0;
  },
  stopping(p, runnable) {
    using cg = scx_bpf_task_cgroup(p);
    const c = cgs.get(cg);
    if (c) charge(c, SCX_SLICE_DFL - p.scx.slice);
  },
  select_cpu(p, prev_cpu, wake_flags) {
    using rcu = bpf_rcu_read_lock();
    const mask = primary;
    if (!mask) return prev_cpu;
    if (bpf_cpumask_test_cpu(u32(prev_cpu), mask)) return prev_cpu;
    const any = bpf_cpumask_any_distribute(mask);
    return any < 64 ? s32(any) : prev_cpu;
  },
  init() {
    using m = bpf_cpumask_create();
    if (!m) return -ENOMEM;
    bpf_cpumask_set_cpu(0, m);
    const old = kptrXchg(primary, m);
    if (old) {
      using o = old;
    }
    return 0;
  },
});

// Walks, calls and pointers that need RCU where programs may sleep: scxts holds it.
import {
  scheduler,
  syscall,
  each,
  u64,
  s32,
  u32,
  Timer,
  array,
  hash,
  cgroupStorage,
  taskStorage,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  bpf_cgroup_from_id,
  bpf_cgroup_ancestor,
  bpf_task_from_pid,
  bpf_task_acquire,
  bpf_rcu_read_lock,
  bpf_cpumask_weight,
  bpf_cpumask_test_cpu,
  bpf_cpumask_first,
  scx_bpf_task_cgroup,
  SCX_SLICE_DFL,
  NSEC_PER_MSEC,
} from 'scxts';
import type { task_struct, cgroup } from 'scxts/vmlinux';
const Q = 7;
interface T {
  n: u64;
}
interface V {
  t: Timer;
  n: u64;
}
const timers = array<V>(1);
const tctx = taskStorage<T>();
const cctx = cgroupStorage<T>();
const h = hash<u32, T>(16);
let seen: u64 = 0;
function count(q: u64): u64 {
  let n: u64 = 0;
  for (const p of each.scx_dsq(q)) {
    if (p.pid === 1) return n;
    n++;
  }
  return n;
}
/** @noinline */
function far(q: u64): u64 {
  let n: u64 = 0;
  for (const p of each.scx_dsq(q)) n++;
  return n;
}
function first(p: task_struct): u32 {
  return bpf_cpumask_first(p.cpus_ptr);
}
export const dump = syscall(() => {
  outer: for (const t of each.task()) {
    if (t.pid === 0) continue;
    const c = tctx.get(t);
    if (!c) continue;
    for (const q of each.scx_dsq(Q)) {
      if (q.pid === t.pid) break outer;
      seen++;
    }
    if (t.pid > 100) return s32(seen);
  }
  using cg = bpf_cgroup_from_id(1);
  if (!cg) return -2;
  for (const css of each.css(cg.self)) {
    const c = css.cgroup;
    const x = cctx.get(c);
    if (x) x.n++;
    seen += far(Q);
  }
  h.forEach((k, v) => {
    seen += v.n + count(Q);
  });
  using t = bpf_task_from_pid(1);
  if (t) {
    seen += first(t);
    const m = t.cpus_ptr;
    if (bpf_cpumask_test_cpu(1, m)) seen++;
  }
  return 0;
});
export default scheduler({
  name: 'rcu_by_itself',
  init() {
    const r = scx_bpf_create_dsq(Q, -1);
    if (r) return r;
    for (const t of each.task()) {
      if (first(t) === 0) return 0;
      using me = bpf_task_acquire(t);
      if (me) seen++;
    }
    const v = timers.get(0);
    if (v) {
      v.t.init(timers, (k, v) => {
        v.n += count(Q) + far(Q);
        v.t.start(100 * NSEC_PER_MSEC);
      });
      v.t.start(100 * NSEC_PER_MSEC);
    }
    return 0;
  },
  init_task(p, args) {
    const cg = args.cgroup;
    const c = cctx.create(cg);
    if (!c) return -12;
    c.n += first(p);
    for (let i: u32 = 0; i < 4; i++) {
      const cpus = p.cpus_ptr;
      if (bpf_cpumask_test_cpu(i, cpus)) seen += i;
    }
    const mask = p.cpus_ptr;
    if (bpf_cpumask_test_cpu(0, mask) && bpf_cpumask_weight(mask) > 1) seen++;
    using up = bpf_cgroup_from_id(1);
    if (up) {
      const cc = cctx.get(up);
      if (cc) cc.n++;
    }
    return 0;
  },
  cgroup_init(cgrp, args) {
    const c = cctx.create(cgrp);
    if (!c) return -12;
    for (const css of each.css(cgrp.self, 1)) c.n++;
    return 0;
  },
  enqueue(p, f) {
    scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, f);
    seen = count(Q) + first(p) + far(Q);
  },
});

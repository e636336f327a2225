import {
  scheduler,
  cgroupStorage,
  taskStorage,
  bpf_rcu_read_lock,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  kptrXchg,
  bpf_cpumask_release,
  syscall,
  bpf_task_from_pid,
  scx_bpf_pick_idle_cpu,
  type Kptr,
  type u64,
  type s32,
} from 'scxts';
import type { bpf_cpumask, cgroup } from 'scxts/vmlinux';
interface C {
  a: u64;
}
const cg = cgroupStorage<C>();
const tc = taskStorage<C>();
let mask: Kptr<bpf_cpumask> | null = null;
function look(c: cgroup): u64 {
  const x = cg.get(c);
  return x ? x.a : 0;
}
interface A {
  pid: s32;
  cpu: s32;
}
export const fine = syscall((args: A) => {
  using t = bpf_task_from_pid(args.pid);
  if (!t) return -1;
  using rcu = bpf_rcu_read_lock();
  args.cpu = scx_bpf_pick_idle_cpu(t.cpus_ptr, 0);
  return 0;
});
export default scheduler({
  name: 'rcu',
  init_task(p, args) {
    const b = 3;
    tc.create(p);
    {
      using rcu = bpf_rcu_read_lock();
      const d = cg.get(args.cgroup);
      if (d) d.a += b;
    }
    return 0;
  },
  init() {
    const m = bpf_cpumask_create();
    if (!m) return -12;
    const old = kptrXchg(mask, m);
    if (old) bpf_cpumask_release(old);
    if (mask) return 1;
    using rcu = bpf_rcu_read_lock();
    const then = mask;
    if (then) bpf_cpumask_set_cpu(1, then);
    return 0;
  },
  enqueue(p, f) {
    const g = cg.get(p.sched_task_group.css.cgroup);
    const m = mask;
    if (m) bpf_cpumask_set_cpu(2, m);
  },
});

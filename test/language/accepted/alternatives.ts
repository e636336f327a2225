import {
  scheduler,
  hash,
  u64,
  u32,
  s32,
  scx_bpf_dsq_insert,
  scx_bpf_pick_idle_cpu,
  bpf_rcu_read_lock,
  bpf_cpumask_create,
  kptrXchg,
  bpf_cpumask_first,
  bpf_cpumask_test_cpu,
  type Kptr,
} from 'scxts';
import type { bpf_cpumask } from 'scxts/vmlinux';
interface Ctx {
  a: u64;
  pid: u32;
}
const m = hash<u32, Ctx>(16);
let primary: Kptr<bpf_cpumask> | null = null;
let g: u64 = 0;
export default scheduler({
  name: 'e3',
  select_cpu(p, prev, wf) {
    using rcu = bpf_rcu_read_lock();
    const mask = primary;
    const use = mask ?? p.cpus_ptr;
    const use2 = mask ? p.cpus_ptr : (mask ?? p.cpus_ptr);
    const parent = p.real_parent;
    const t = g ? p : parent;
    g = u64(t.pid) + u64(t.scx.weight);
    const a = m.get(1),
      b = m.get(2);
    const c = a ?? b;
    if (c) c.a += 1;
    const d = a || b;
    if (d) d.a += 1;
    if (bpf_cpumask_test_cpu(prev, use2)) return prev;
    const cpu = scx_bpf_pick_idle_cpu(use, 0);
    return cpu >= 0 ? cpu : s32(bpf_cpumask_first(use));
  },
});

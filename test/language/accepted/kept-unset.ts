import {
  scheduler,
  array,
  bpf_rcu_read_lock,
  bpf_cpumask_any_distribute,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  u64,
  type Kptr,
} from 'scxts';
import type { bpf_cpumask } from 'scxts/vmlinux';
interface Domain {
  mask: Kptr<bpf_cpumask> | null;
  n: u64;
}
const domains = array<Domain>(8);
let total: u64 = 0;
export default scheduler({
  name: 'kp',
  enqueue(p, f) {
    using rcu = bpf_rcu_read_lock();
    const d = domains.get(1);
    if (d) {
      const m = d.mask;
      if (m) total += bpf_cpumask_any_distribute(m);
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 0, f);
  },
});

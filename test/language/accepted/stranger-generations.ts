// Ring of generations, RCU and nullable habits: ?., ??, ternaries on kptrs
import {
  scheduler,
  array,
  taskStorage,
  counter,
  kptrXchg,
  type Kptr,
  timer,
  bpf_rcu_read_lock,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_copy,
  bpf_cpumask_test_cpu,
  bpf_cpumask_subset,
  bpf_cpumask_release,
  scx_bpf_pick_idle_cpu,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_nr_cpu_ids,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  NSEC_PER_MSEC,
  ENOMEM,
  u32,
  s32,
} from 'scxts';
import type { task_struct, bpf_cpumask, cpumask } from 'scxts/vmlinux';
interface Gen {
  mask: Kptr<bpf_cpumask> | null;
  n: u32;
  alt: Kptr<bpf_cpumask> | null;
}
const gens = array<Gen>(4);
const own = taskStorage<{ gen: u32; mask: Kptr<bpf_cpumask> | null }>();
let cur: u32 = 0;
let fallback: Kptr<bpf_cpumask> | null = null;
export const swaps = counter('swaps'),
  viaOwn = counter('own'),
  viaGen = counter('gen'),
  viaFallback = counter('fallback');

const advance = timer(() => {
  const g = gens.get((cur + 1) & 3);
  const m = bpf_cpumask_create();
  if (!g || !m) {
    bpf_cpumask_release(m);
    advance.start(5 * NSEC_PER_MSEC);
    return;
  }
  for (let c: u32 = 0; c < scx_bpf_nr_cpu_ids(); c++)
    if (((c + cur) & 1) === 0 || c === 0) bpf_cpumask_set_cpu(c, m);
  const old = kptrXchg(g.mask, m);
  using spare = kptrXchg(g.alt, old);
  g.n++;
  cur = (cur + 1) & 3;
  swaps.inc();
  advance.start(5 * NSEC_PER_MSEC);
});
function usable(m: cpumask | null, p: task_struct): boolean {
  return m !== null && bpf_cpumask_subset(m, p.cpus_ptr);
}
function choose(p: task_struct, prev: s32): s32 {
  using rcu = bpf_rcu_read_lock();
  const mine = own.get(p)?.mask ?? null;
  const g = gens.get(cur);
  const m = mine && usable(mine, p) ? mine : (g?.mask ?? g?.alt ?? fallback);
  if (!m) return prev;
  if (m === mine) viaOwn.inc();
  else if (m === fallback) viaFallback.inc();
  else viaGen.inc();
  if (bpf_cpumask_test_cpu(prev, m)) return prev;
  const cpu = scx_bpf_pick_idle_cpu(m, 0);
  return cpu >= 0 && bpf_cpumask_test_cpu(cpu, p.cpus_ptr) ? cpu : prev;
}
export default scheduler({
  name: 'generations',
  init_task(p) {
    const o = own.create(p);
    if (!o) return -ENOMEM;
    if (p.pid % 3) return 0;
    const m = bpf_cpumask_create();
    if (!m) return -ENOMEM;
    bpf_cpumask_copy(m, p.cpus_ptr);
    using old = kptrXchg(o.mask, m);
    return 0;
  },
  exit_task(p) {
    const o = own.get(p);
    if (!o) return;
    using old = kptrXchg(o.mask, null);
  },
  select_cpu(p, prev, wf) {
    const cpu = choose(p, prev);
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, f) {
    scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL, f);
  },
  dispatch(cpu) {
    scx_bpf_dsq_move_to_local(0, 0);
  },
  init() {
    using m = bpf_cpumask_create();
    if (!m) return -ENOMEM;
    bpf_cpumask_set_cpu(0, m);
    using old = kptrXchg(fallback, m);
    advance.start(NSEC_PER_MSEC);
    return scx_bpf_create_dsq(0, -1);
  },
});

import {
  scheduler,
  each,
  range,
  counter,
  config,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move,
  scx_bpf_dsq_move_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_move_set_slice,
  scx_bpf_dsq_move_set_vtime,
  SCX_DSQ_LOCAL_ON,
  SCX_SLICE_DFL,
  SCX_DSQ_ITER_REV,
  bpf_cpumask_test_cpu,
  scx_bpf_dsq_nr_queued,
  scx_bpf_dump,
  bpf_cgroup_from_id,
  BPF_CGROUP_ITER_DESCENDANTS_PRE,
  bpf_rcu_read_lock,
  syscall,
  u32,
  u64,
  s32,
} from 'scxts';
const LOW = 1;
const HIGH = 2;
const Q = 3;
export const promoted = counter('promoted');
let seen: u64 = 0;

function promote(cpu: s32): u32 {
  let n: u32 = 0;
  const it = each.scx_dsq(Q);
  for (const p of it) {
    if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) continue;
    if (p.scx.weight > 500) {
      scx_bpf_dsq_move_set_slice(it, 5_000_000);
      if (scx_bpf_dsq_move(it, p, HIGH, 0)) {
        promoted.inc();
        n++;
      }
    } else if (n > 3) {
      scx_bpf_dsq_move_set_vtime(it, 100);
      scx_bpf_dsq_move_vtime(it, p, LOW, 0);
      return n;
    }
    if (n > 8) break;
  }
  return n;
}
interface A {
  id: u64;
  n: u64;
}
export const walk = syscall((args: A) => {
  using cg = bpf_cgroup_from_id(args.id);
  if (!cg) return -2;
  using rcu = bpf_rcu_read_lock();
  for (const css of each.css(cg.self, BPF_CGROUP_ITER_DESCENDANTS_PRE)) {
    args.n++;
    if (args.n > 100) break;
  }
  for (const t of each.task()) {
    if (t.pid === 1) continue;
    args.n += 1;
  }
  return 0;
});
export default scheduler({
  name: 'iters',
  init() {
    for (const q of [LOW, HIGH, Q]) {
      const err = scx_bpf_create_dsq(q, -1);
      if (err) return err;
    }
    return 0;
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, enq_flags);
  },
  dispatch(cpu, prev) {
    promote(cpu);
    for (const p of each.scx_dsq(Q, SCX_DSQ_ITER_REV)) {
      seen += u64(p.pid);
      if (seen > 1000) break;
    }
    if (scx_bpf_dsq_move_to_local(HIGH, 0)) return;
    if (!scx_bpf_dsq_move_to_local(LOW, 0)) scx_bpf_dsq_move_to_local(Q, 0);
  },
  dump(ctx) {
    scx_bpf_dump(`queued: ${scx_bpf_dsq_nr_queued(Q)} seen=${seen}\n`);
  },
  dump_cpu(ctx, cpu, idle) {
    scx_bpf_dump(`cpu ${cpu} idle ${idle}`);
  },
  dump_task(ctx, p) {
    scx_bpf_dump(`${p.comm}[${p.pid}] vtime ${p.scx.dsq_vtime}`);
  },
});

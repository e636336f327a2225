import {
  scheduler,
  exists,
  counter,
  scx_bpf_cpu_curr,
  scx_bpf_select_cpu_and,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_reenqueue_local,
  scx_bpf_dsq_peek,
  scx_bpf_dsq_move_to_local,
  scx_bpf_cpuperf_cap,
  scx_bpf_cpuperf_set,
  scx_bpf_cpuperf_cur,
  scx_bpf_now,
  scx_bpf_create_dsq,
  scx_bpf_locked_rq,
  scx_bpf_task_cid,
  SCX_ENQ_IMMED,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  SCX_PICK_IDLE_IN_NODE,
  SCX_OPS_BUILTIN_IDLE_PER_NODE,
  SCX_KICK_IDLE,
  bpf_rcu_read_lock,
  u64,
  u32,
} from 'scxts';
export const same = counter('current has the same mm');
export const peeked = counter('peeked');
const Q = 5;
export default scheduler({
  name: 'newest',
  init() {
    return scx_bpf_create_dsq(Q, -1);
  },
  select_cpu(p, prev_cpu, wake_flags) {
    if (exists(scx_bpf_select_cpu_and)) {
      const cpu = scx_bpf_select_cpu_and(p, prev_cpu, wake_flags, p.cpus_ptr, 0);
      if (cpu >= 0) {
        scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
        return cpu;
      }
    }
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    let flags = enq_flags;
    if (exists(SCX_ENQ_IMMED)) flags |= SCX_ENQ_IMMED;
    scx_bpf_dsq_insert_vtime(p, Q, SCX_SLICE_DFL, p.scx.dsq_vtime, enq_flags);
  },
  dispatch(cpu, prev) {
    if (exists(scx_bpf_dsq_peek)) {
      using rcu = bpf_rcu_read_lock();
      const head = scx_bpf_dsq_peek(Q);
      if (head && head.pid === 1) peeked.inc();
    }
    if (!scx_bpf_dsq_move_to_local(Q, 0)) {
      scx_bpf_cpuperf_set(cpu, scx_bpf_cpuperf_cap(cpu) / 2);
    }
  },
  running(p) {
    if (!exists(scx_bpf_cpu_curr)) return;
    using rcu = bpf_rcu_read_lock();
    const c = scx_bpf_cpu_curr(0);
    if (c && p.mm && c.mm === p.mm) same.inc();
  },
  tick(p) {
    if (exists(p.scx.ddsp_enq_flags) && p.scx.ddsp_enq_flags) same.inc();
    const now = scx_bpf_now();
    if (now === 0) p.scx.slice = 0;
  },
  cpu_release(cpu, args) {
    scx_bpf_reenqueue_local();
  },
});

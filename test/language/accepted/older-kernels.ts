// Functions of newer kernels that need no exists(): what scxts calls on older ones does as much as can be done there.
import {
  scheduler,
  bpf_rcu_read_lock,
  counter,
  exists,
  scx_bpf_cpu_curr,
  scx_bpf_cpu_node,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_peek,
  scx_bpf_kick_cpu,
  scx_bpf_pick_any_cpu_node,
  scx_bpf_pick_idle_cpu_node,
  scx_bpf_task_cpu,
  scx_bpf_task_set_slice,
  SCX_KICK_PREEMPT,
  SCX_PICK_IDLE_CORE,
  SCX_SLICE_DFL,
  u64,
} from 'scxts';

const QUEUE = 9;
export const nr_seen = counter('running tasks that were looked at');
export const nr_first = counter('first tasks of the queue that were looked at');
let pids: u64 = 0;
let heavier: u64 = 0;

export default scheduler({
  name: 'older_kernels',

  select_cpu(p, prev_cpu, wake_flags) {
    const node = scx_bpf_cpu_node(prev_cpu);
    const core = scx_bpf_pick_idle_cpu_node(p.cpus_ptr, node, SCX_PICK_IDLE_CORE);
    if (core >= 0) return core;
    const any = scx_bpf_pick_any_cpu_node(p.cpus_ptr, node, 0);
    return any >= 0 ? any : prev_cpu;
  },

  enqueue(p, enq_flags) {
    const cpu = scx_bpf_task_cpu(p);
    {
      using rcu = bpf_rcu_read_lock();
      const current = scx_bpf_cpu_curr(cpu);
      if (current) {
        nr_seen.inc();
        pids += u64(current.pid);
        if (current.scx.weight < p.scx.weight) {
          heavier++;
          scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
        }
      }
      if (exists(scx_bpf_cpu_curr)) {
        const held = scx_bpf_cpu_curr(cpu);
        if (held && held.scx.weight === 1) scx_bpf_task_set_slice(held, SCX_SLICE_DFL);
      }
      const first = scx_bpf_dsq_peek(QUEUE);
      if (first && first.pid > 0) nr_first.inc();
    }
    scx_bpf_dsq_insert(p, QUEUE, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(QUEUE, 0);
  },

  init() {
    return scx_bpf_create_dsq(QUEUE, -1);
  },
});

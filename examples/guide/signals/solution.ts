import {
  scheduler,
  u64,
  zeroed,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_task_cpu,
  SCX_SLICE_DFL,
  type bool,
  type FixedArray,
} from 'scxts';

const CPUS = 4;
let gone: FixedArray<bool, 4> = zeroed();

export default scheduler({
  name: 'signals_solution',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, u64(scx_bpf_task_cpu(p)), SCX_SLICE_DFL, enq_flags);
  },

  // The queues of CPUs that are gone come first: these have no one else. Then the own one, then the others.
  dispatch(cpu, prev) {
    for (let i = 0; i < CPUS; i++) {
      if (gone[i] && scx_bpf_dsq_move_to_local(u64(i), 0)) return;
    }
    for (let i = 0; i < CPUS; i++) {
      if (scx_bpf_dsq_move_to_local((u64(cpu) + u64(i)) % CPUS, 0)) return;
    }
  },

  // That these are there tells the kernel that the scheduler goes on when CPUs come and go.
  cpu_online(cpu) {
    gone[cpu] = false;
  },
  cpu_offline(cpu) {
    gone[cpu] = true;
  },

  init() {
    for (let cpu = 0; cpu < CPUS; cpu++) {
      const err = scx_bpf_create_dsq(u64(cpu), -1);
      if (err) return err;
    }
    return 0;
  },
});

import {
  scheduler,
  cgroupStorage,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_task_cgroup,
  time_before,
  ENOMEM,
  NSEC_PER_MSEC,
  type u32,
  type u64,
} from 'scxts';

const WAITING = 0;
const SLICE = 5 * NSEC_PER_MSEC;

interface Group {
  weight: u32;
  /** CPU time of its tasks, divided by the weight. */
  vtime: u64;
}
const groups = cgroupStorage<Group>();
let vtime_now: u64 = 0;

export default scheduler({
  name: 'cgroups_task',

  // The cgroup that has had least comes first, whichever of its tasks that is.
  enqueue(p, enq_flags) {
    using cgrp = scx_bpf_task_cgroup(p);
    const group = groups.get(cgrp);
    let vtime = vtime_now;
    if (group) {
      if (time_before(group.vtime, vtime_now - SLICE)) group.vtime = vtime_now - SLICE;
      vtime = group.vtime;
    }
    scx_bpf_dsq_insert_vtime(p, WAITING, SLICE, vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  running(p) {
    if (time_before(vtime_now, p.scx.dsq_vtime)) vtime_now = p.scx.dsq_vtime;
  },

  stopping(p, runnable) {
    using cgrp = scx_bpf_task_cgroup(p);
    const group = groups.get(cgrp);
    if (group) group.vtime += ((SLICE - p.scx.slice) * 100) / group.weight;
  },

  cgroup_init(cgrp, args) {
    const group = groups.create(cgrp);
    if (!group) return -ENOMEM;
    group.weight = args.weight;
    group.vtime = vtime_now;
    return 0;
  },

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
});

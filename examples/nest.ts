// nest: keeps tasks together on warm cores.
//
// A core that has just run something is likely to be clocked high, and its caches are likely to hold
// what the next task needs. So tasks go to a small set of cores, the primary nest, and the set grows
// only when tasks keep finding it busy. After J. Lawall et al., "OS Scheduling with Nest: Keeping Tasks
// Close Together on Warm Cores", EuroSys 2022; behaviour, flags and statistics are those of scx_nest.
//
// - The primary nest holds the cores in use. A core that stays idle for p_remove_ns leaves it.
// - The reserve nest holds up to r_max cores on probation: those that left the primary nest, and those
//   that were picked from outside. A task that finds no idle primary core looks there next, and the
//   core it takes becomes primary.
// - A task that finds no idle primary core r_impatient times in a row is impatient: whatever core it
//   finds becomes primary at once.
//
// Tasks that find no idle core at all share one queue, ordered by virtual time weighted by nice.
//
// The nests themselves are in lib/nests.bpf.ts. examples/nest-run.ts is the userspace half; docs/schedulers/nest.md says more.
import {
  scheduler,
  counter,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  time_before,
  u64,
} from 'scxts';
import {
  initNests,
  initTaskOfNests,
  leaveNestsWhenIdle,
  placeInNests,
  slice_ns,
} from './lib/nests.bpf.js';

const FALLBACK_DSQ = 0;

export const consumed = counter('tasks taken from the shared queue');

let vtime_now: u64 = 0;

export default scheduler({
  name: 'nest',

  select_cpu(p, prev_cpu, wake_flags) {
    return placeInNests(p, prev_cpu);
  },

  enqueue(p, enq_flags) {
    // A task that slept for long gets at most one slice ahead of the others.
    let vtime = p.scx.dsq_vtime;
    if (time_before(vtime, vtime_now - slice_ns)) vtime = vtime_now - slice_ns;
    scx_bpf_dsq_insert_vtime(p, FALLBACK_DSQ, slice_ns, vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(FALLBACK_DSQ, 0)) {
      consumed.inc();
      return;
    }
    leaveNestsWhenIdle(cpu, prev);
  },

  running(p) {
    // Racy between CPUs; an error is small and passes.
    if (time_before(vtime_now, p.scx.dsq_vtime)) vtime_now = p.scx.dsq_vtime;
  },

  stopping(p, runnable) {
    const left = p.scx.slice;
    const used = left < slice_ns ? slice_ns - left : 0;
    p.scx.dsq_vtime += (used * 100) / p.scx.weight;
  },

  init_task(p, args) {
    return initTaskOfNests(p);
  },

  enable(p) {
    p.scx.dsq_vtime = vtime_now;
  },

  init() {
    const err = scx_bpf_create_dsq(FALLBACK_DSQ, -1);
    if (err) return err;
    return initNests();
  },
});

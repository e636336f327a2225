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
// The nests themselves are in lib/nests.bpf.ts, the queue in lib/vtime-queue.bpf.ts. examples/nest-run.ts is the userspace half; docs/schedulers/nest.md says more.
import { scheduler } from 'scxts';
import {
  initNests,
  initTaskOfNests,
  leaveNestsWhenIdle,
  placeInNests,
  slice_ns,
} from './lib/nests.bpf.js';
import {
  advanceVtime,
  chargeVtime,
  createQueue,
  queueByVtime,
  startVtime,
  takeQueued,
} from './lib/vtime-queue.bpf.js';

export default scheduler({
  name: 'nest',

  select_cpu(p, prev_cpu, wake_flags) {
    return placeInNests(p, prev_cpu);
  },

  enqueue(p, enq_flags) {
    queueByVtime(p, slice_ns, enq_flags);
  },

  dispatch(cpu, prev) {
    if (!takeQueued()) leaveNestsWhenIdle(cpu, prev);
  },

  running(p) {
    advanceVtime(p);
  },

  stopping(p, runnable) {
    chargeVtime(p, slice_ns);
  },

  init_task(p, args) {
    return initTaskOfNests(p);
  },

  enable(p) {
    startVtime(p);
  },

  init() {
    const err = createQueue();
    if (err) return err;
    return initNests();
  },
});

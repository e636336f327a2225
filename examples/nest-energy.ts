// nest-energy: nest while that pays, and spreading when it does not.
//
// Warm cores save energy and are fast while there is little to do. When all cores are needed, when the machine is to
// be fast at any price, or when tasks wait, keeping to a nest only makes them wait longer. The energy component's half in user
// space looks at what cores do, at tasks that wait, at package power, throttling, energy preference and the battery, and
// says whether to pack or to spread: while it says pack, tasks are placed as by nest; while it says spread, on any idle
// core, those whose hyperthreads are idle first. The nests empty by themselves meanwhile.
//
// examples/nest-energy-run.ts is the userspace half; docs/schedulers/nest-energy.md says more.
import {
  scheduler,
  counter,
  scx_bpf_dsq_insert,
  scx_bpf_pick_idle_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  bpf_cpumask_test_cpu,
  u32,
  SCX_DSQ_LOCAL,
  SCX_PICK_IDLE_CORE,
  type s32,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import { energy } from 'scxts/components/energy';
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

export const nr_packed = counter('wake-ups that were placed in the nests');
export const nr_spread = counter('wake-ups on any idle core, while spreading');
export const nr_no_idle = counter('wake-ups that found no idle core, while spreading');
function spread(p: task_struct, prev_cpu: s32): s32 {
  let cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, SCX_PICK_IDLE_CORE);
  if (cpu < 0) {
    const may = bpf_cpumask_test_cpu(u32(prev_cpu), p.cpus_ptr);
    if (may && scx_bpf_test_and_clear_cpu_idle(prev_cpu)) cpu = prev_cpu;
    else cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
  }
  if (cpu < 0) {
    nr_no_idle.inc();
    return prev_cpu;
  }
  nr_spread.inc();
  scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
  return cpu;
}

export default scheduler({
  name: 'nest_energy',
  use: [energy],

  select_cpu(p, prev_cpu, wake_flags) {
    if (!energy.packing()) return spread(p, prev_cpu);
    nr_packed.inc();
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

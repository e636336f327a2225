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
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_pick_idle_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  bpf_cpumask_test_cpu,
  time_before,
  u32,
  u64,
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

const SHARED_DSQ = 0;

export const nr_packed = counter('wake-ups that were placed in the nests');
export const nr_spread = counter('wake-ups on any idle core, while spreading');
export const nr_no_idle = counter('wake-ups that found no idle core, while spreading');
export const consumed = counter('tasks taken from the shared queue');

let vtime_now: u64 = 0;

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
    // A task that slept for long gets at most one slice ahead of the others.
    let vtime = p.scx.dsq_vtime;
    if (time_before(vtime, vtime_now - slice_ns)) vtime = vtime_now - slice_ns;
    scx_bpf_dsq_insert_vtime(p, SHARED_DSQ, slice_ns, vtime, enq_flags);
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(SHARED_DSQ, 0)) {
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
    const err = scx_bpf_create_dsq(SHARED_DSQ, -1);
    if (err) return err;
    return initNests();
  },
});

// prev: an idle previous CPU before anything else.
//
// The kernel's default choice for a task that wakes up is a core whose hyperthreads are all idle. This
// scheduler asks first whether the CPU that the task ran on last is idle, because its data may still be
// in that CPU's caches, and takes any idle CPU otherwise. There is no more to it: enqueue() and
// dispatch() are the kernel's own (one global FIFO). Behaviour and statistics are those of scx_prev.
//
// examples/prev-run.ts is the userspace half; docs/schedulers/prev.md says more.
import {
  scheduler,
  counter,
  scx_bpf_dsq_insert,
  scx_bpf_pick_idle_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
} from 'scxts';

export const local = counter('tasks put on an idle CPU');
export const select_fail = counter('wake-ups without an idle CPU');
export const prev_cpu_idle = counter('tasks whose previous CPU was idle');
export const idle_cpu = counter('tasks put on another idle CPU');

export default scheduler({
  name: 'prev',

  select_cpu(p, prev_cpu, wake_flags) {
    let cpu = prev_cpu;
    if (scx_bpf_test_and_clear_cpu_idle(prev_cpu)) {
      prev_cpu_idle.inc();
    } else {
      cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
      if (cpu < 0) {
        select_fail.inc();
        return prev_cpu;
      }
      idle_cpu.inc();
    }
    local.inc();
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
});

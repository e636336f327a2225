// Every callback of a task's and a CPU's life, and what they count has to fit together.
import { counter, scheduler } from 'scxts';
import {
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  SCX_SLICE_DFL,
} from 'scxts';

export const runnables = counter('runnable()');
export const quiescents = counter('quiescent()');
export const runnings = counter('running()');
export const stoppings = counter('stopping()');
export const weights = counter('set_weight()');
export const masks = counter('set_cpumask()');
export const releases = counter('cpu_release()');
export const acquires = counter('cpu_acquire()');
export const groups = counter('cgroup_init()');
export const ungroups = counter('cgroup_exit()');
export const ticks = counter('tick()');

export default scheduler({
  name: 'maximal',
  init() {
    return scx_bpf_create_dsq(5, -1);
  },
  select_cpu(p, prev_cpu) {
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, 5, SCX_SLICE_DFL, enq_flags);
  },
  dequeue() {},
  dispatch() {
    scx_bpf_dsq_move_to_local(5, 0);
  },
  tick() {
    ticks.inc();
  },
  runnable() {
    runnables.inc();
  },
  running() {
    runnings.inc();
  },
  stopping() {
    stoppings.inc();
  },
  quiescent() {
    quiescents.inc();
  },
  yield() {
    return false;
  },
  set_weight() {
    weights.inc();
  },
  set_cpumask() {
    masks.inc();
  },
  cpu_acquire() {
    acquires.inc();
  },
  cpu_release() {
    releases.inc();
  },
  cpu_online() {},
  cpu_offline() {},
  init_task() {
    return 0;
  },
  exit_task() {},
  enable() {},
  disable() {},
  cgroup_init() {
    groups.inc();
    return 0;
  },
  cgroup_exit() {
    ungroups.inc();
  },
  cgroup_prep_move() {
    return 0;
  },
  cgroup_move() {},
  cgroup_cancel_move() {},
  cgroup_set_weight() {},
});

import {
  scheduler,
  counter,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;
export const select_cpu = counter('times that a CPU was chosen');
export const enqueue = counter('times that a task had to wait');
export const dispatch = counter('times that a CPU had nothing to do');
export const runnable = counter('times that a task became runnable');
export const running = counter('times that a task started to run');
export const stopping = counter('times that a task stopped running');
export const quiescent = counter('times that a task was no longer runnable');

export default scheduler({
  name: 'callbacks',

  init() {
    return scx_bpf_create_dsq(WAITING, -1);
  },
  exit(info) {},
  init_task(p, args) {
    return 0;
  },
  exit_task(p, args) {},
  enable(p) {},
  disable(p) {},

  select_cpu(p, prev_cpu, wake_flags) {
    select_cpu.inc();
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, enq_flags) {
    enqueue.inc();
    scx_bpf_dsq_insert(p, WAITING, SCX_SLICE_DFL, enq_flags);
  },
  dequeue(p, deq_flags) {},
  dispatch(cpu, prev) {
    dispatch.inc();
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  runnable(p, enq_flags) {
    runnable.inc();
  },
  running(p) {
    running.inc();
  },
  tick(p) {},
  stopping(p, is_runnable) {
    stopping.inc();
  },
  quiescent(p, deq_flags) {
    quiescent.inc();
  },

  set_weight(p, weight) {},
  set_cpumask(p, cpumask) {},
  cpu_acquire(cpu, args) {},
  cpu_release(cpu, args) {},
  cpu_online(cpu) {},
  cpu_offline(cpu) {},
});

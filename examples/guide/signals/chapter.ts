import {
  scheduler,
  config,
  counter,
  timer,
  tp_btf,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_reenqueue_local,
  NSEC_PER_MSEC,
} from 'scxts';

const WAITING = 0;
export const latency_ms = config<u64>(20, 'time in ms in which everybody should have run');
export const nr_short = counter('looks that found more than four tasks waiting');
export const nr_exits = counter('tasks that exited');

let slice: u64 = 5 * NSEC_PER_MSEC;

// Looks at the queue a hundred times a second: the more tasks wait, the shorter the slices.
const look = timer(() => {
  const waiting = scx_bpf_dsq_nr_queued(WAITING);
  if (waiting > 4) nr_short.inc();
  if (waiting > 0) slice = (latency_ms * NSEC_PER_MSEC) / u64(waiting);
  look.start(10 * NSEC_PER_MSEC);
});

// An event of the kernel that is no callback of a scheduler.
export const on_exit = tp_btf('sched_process_exit', (p) => {
  nr_exits.inc();
});

export default scheduler({
  name: 'signals',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, WAITING, slice, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  // A real-time task takes this CPU: who waits in its local queue is enqueued again.
  cpu_release(cpu, args) {
    scx_bpf_reenqueue_local();
  },

  init() {
    look.start(10 * NSEC_PER_MSEC);
    return scx_bpf_create_dsq(WAITING, -1);
  },
});

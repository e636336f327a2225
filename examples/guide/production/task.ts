import {
  scheduler,
  counter,
  timer,
  u64,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_events,
  NSEC_PER_MSEC,
  SCX_SLICE_DFL,
} from 'scxts';

const WAITING = 0;
export const nr_kept = counter('slices that the kernel prolonged, since nobody else waited');
let before: u64 = 0;

// The kernel counts what happens to a scheduler.
const look = timer(() => {
  const { events } = scx_bpf_events();
  const kept = u64(events.SCX_EV_DISPATCH_KEEP_LAST);
  nr_kept.add(kept - before);
  before = kept;
  look.start(100 * NSEC_PER_MSEC);
});

export default scheduler({
  name: 'production_task',

  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, WAITING, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    look.start(100 * NSEC_PER_MSEC);
    return scx_bpf_create_dsq(WAITING, -1);
  },
});

import {
  scheduler,
  counter,
  hash,
  timer,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  NSEC_PER_MSEC,
  SCX_SLICE_DFL,
  type bool,
  type s32,
  type u32,
} from 'scxts';

const WAITING = 0;
const FAVOURED = 1;
export const nr_stale = counter('times that user space was found silent');

const favoured = hash<s32, bool>(1024);
/** Counted up by user space. */
let beats: u32 = 0;
let seen: u32 = 0;
let alive = false;

// Without a sign of life for a quarter of a second, nobody is favoured.
const watch = timer(() => {
  alive = beats !== seen;
  seen = beats;
  if (!alive) nr_stale.inc();
  watch.start(250 * NSEC_PER_MSEC);
});

export default scheduler({
  name: 'production',
  timeout_ms: 5000,

  enqueue(p, enq_flags) {
    const dsq = alive && favoured.get(p.pid) ? FAVOURED : WAITING;
    scx_bpf_dsq_insert(p, dsq, SCX_SLICE_DFL, enq_flags);
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(FAVOURED, 0)) return;
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  // It follows CPUs that come and go.
  cpu_online(cpu) {},
  cpu_offline(cpu) {},

  init() {
    watch.start(250 * NSEC_PER_MSEC);
    const err = scx_bpf_create_dsq(WAITING, -1);
    if (err) return err;
    return scx_bpf_create_dsq(FAVOURED, -1);
  },
});

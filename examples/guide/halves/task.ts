// Given: it needs no change.
import {
  scheduler,
  hash,
  ringbuf,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  NSEC_PER_MSEC,
  type bool,
  type s32,
  type u64,
} from 'scxts';

const WAITING = 0;
const DEMOTED = 1;

interface Slept {
  pid: s32;
  /** CPU time between two sleeps, ns. */
  ran: u64;
}
const used = hash<s32, u64>(1024);
/** To user space: a task went to sleep. */
const slept = ringbuf<Slept>(64 * 1024);
/** From user space: tasks that come last. */
const demoted = hash<s32, bool>(1024);

export default scheduler({
  name: 'halves_task',

  enqueue(p, enq_flags) {
    const dsq = demoted.get(p.pid) ? DEMOTED : WAITING;
    scx_bpf_dsq_insert(p, dsq, 5 * NSEC_PER_MSEC, enq_flags);
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(WAITING, 0)) return;
    scx_bpf_dsq_move_to_local(DEMOTED, 0);
  },

  stopping(p, runnable) {
    const ran = used.get(p.pid);
    const now = (ran ? ran.value : 0) + (5 * NSEC_PER_MSEC - p.scx.slice);
    if (runnable) used.set(p.pid, now);
    else {
      slept.output({ pid: p.pid, ran: now });
      used.set(p.pid, 0);
    }
  },

  init() {
    const err = scx_bpf_create_dsq(WAITING, -1);
    if (err) return err;
    return scx_bpf_create_dsq(DEMOTED, -1);
  },
});

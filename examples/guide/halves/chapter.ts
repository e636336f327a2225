import {
  scheduler,
  hash,
  ringbuf,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  NSEC_PER_MSEC,
  SCX_SLICE_DFL,
  type bool,
  type CString,
  type s32,
} from 'scxts';

const WAITING = 0;
const FAVOURED = 1;

interface Started {
  pid: s32;
  comm: CString<16>;
}
/** To user space: a task came under this scheduler. */
const started = ringbuf<Started>(64 * 1024);
/** From user space: tasks that come first. */
const favoured = hash<s32, bool>(1024);
/** Both halves see it. */
let nr_favoured = 0;

export default scheduler({
  name: 'halves',

  enable(p) {
    using e = started.reserve();
    if (!e) return;
    e.pid = p.pid;
    e.comm = p.comm;
    e.submit();
  },

  enqueue(p, enq_flags) {
    if (favoured.get(p.pid)) {
      nr_favoured += 1;
      scx_bpf_dsq_insert(p, FAVOURED, 2 * NSEC_PER_MSEC, enq_flags);
    } else {
      scx_bpf_dsq_insert(p, WAITING, SCX_SLICE_DFL, enq_flags);
    }
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(FAVOURED, 0)) return;
    scx_bpf_dsq_move_to_local(WAITING, 0);
  },

  init() {
    const err = scx_bpf_create_dsq(WAITING, -1);
    if (err) return err;
    return scx_bpf_create_dsq(FAVOURED, -1);
  },
});

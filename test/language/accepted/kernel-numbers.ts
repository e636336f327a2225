// Numbers that only some kernels have: in flags, in other members, in constants and in code.
import {
  scheduler,
  exists,
  optional,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_peek,
  SCX_DSQ_GLOBAL,
  SCX_ENQ_HEAD,
  SCX_ENQ_IMMED,
  SCX_OPS_ALWAYS_ENQ_IMMED,
  SCX_OPS_BUILTIN_IDLE_PER_NODE,
  SCX_OPS_ENQ_EXITING,
  SCX_OPS_SWITCH_PARTIAL,
  SCX_OPS_TID_TO_TASK,
  SCX_SLICE_DFL,
  type u64,
} from 'scxts';

const HAS_IMMED = exists(SCX_ENQ_IMMED);
const AT_ONCE = HAS_IMMED ? SCX_ENQ_IMMED : SCX_ENQ_HEAD;
export const PARTIAL = SCX_OPS_SWITCH_PARTIAL;

let nr_immed: u64 = 0;
let last: u64 = 0;

export default scheduler({
  name: 'kernel_numbers',
  flags:
    SCX_OPS_ENQ_EXITING |
    optional(SCX_OPS_BUILTIN_IDLE_PER_NODE) |
    (exists(SCX_OPS_ALWAYS_ENQ_IMMED) && !exists(SCX_OPS_TID_TO_TASK) ? SCX_OPS_SWITCH_PARTIAL : 0),
  timeout_ms: exists(scx_bpf_dsq_peek) ? 5000 : 10_000,
  enqueue(p, enq_flags) {
    if (HAS_IMMED && enq_flags & SCX_ENQ_IMMED) nr_immed++;
    const there = exists(SCX_ENQ_IMMED);
    if (!there) last = 1;
    else last = SCX_ENQ_IMMED;
    if (enq_flags & 1) last = AT_ONCE;
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags | optional(SCX_ENQ_IMMED));
  },
});

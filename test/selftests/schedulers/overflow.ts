// One dispatch() inserts more tasks than it may.
import { queue, range, scheduler } from 'scxts';
import {
  scx_bpf_dsq_insert,
  bpf_task_from_pid,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  type s32,
} from 'scxts';

const waiting = queue<s32>(8192);

export default scheduler({
  name: 'overflow',
  dispatch_max_batch: 2,
  enqueue(p, enq_flags) {
    if (waiting.push(p.pid) !== 0) scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    for (const _ of range(8)) {
      const pid = waiting.pop();
      if (pid === null) return;
      using p = bpf_task_from_pid(pid);
      if (p) scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
    }
  },
});

import {
  scheduler,
  bpf_task_from_pid,
  queue,
  array,
  scx_bpf_dsq_insert,
  scx_bpf_dispatch_nr_slots,
  bpf_cpumask_test_cpu,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_SLICE_DFL,
  SCX_DSQ_GLOBAL,
  u32,
  type bool,
  type s32,
} from 'scxts';

const waiting = queue<s32>(64);
const wants = array<bool>(64);

/** Values returned from inside of scopes that release, beside ways that go on: clang must not mix them up. */
function give(cpu: s32): boolean {
  for (;;) {
    const pid = waiting.pop();
    if (!pid) return false;
    using p = bpf_task_from_pid(pid.value);
    if (!p) continue;
    if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) {
      scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
      if (scx_bpf_dispatch_nr_slots() === 0) return false;
      continue;
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, SCX_SLICE_DFL, 0);
    return true;
  }
}

function weightOf(pid: s32): u32 {
  using p = bpf_task_from_pid(pid);
  if (p) {
    if (p.scx.weight > 100) return p.scx.weight * 2;
    using q = bpf_task_from_pid(p.tgid);
    if (q && q.scx.weight > 1) return q.scx.weight;
  }
  return 1;
}

export default scheduler({
  name: 'results',
  select_cpu(p, prev_cpu) {
    using parent = bpf_task_from_pid(p.tgid);
    if (parent && parent.pid !== p.pid) return weightOf(parent.pid) > 100 ? prev_cpu : 0;
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    if (waiting.push(p.pid)) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags);
  },
  dispatch(cpu) {
    const w = wants.get(cpu);
    if (w && w.value && give(cpu)) w.value = false;
    give(cpu);
  },
});

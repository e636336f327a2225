// Statistics of the kernel's own events and of the scheduler, polled and reported over a ring.
import {
  scheduler,
  config,
  counter,
  timer,
  ringbuf,
  percpu,
  exists,
  s64,
  s32,
  u32,
  u64,
  zeroed,
  type FixedArray,
  scx_bpf_events,
  scx_bpf_now,
  scx_bpf_nr_cpu_ids,
  scx_bpf_dsq_nr_queued,
  scx_bpf_cpuperf_cur,
  scx_bpf_cpuperf_cap,
  scx_bpf_get_idle_cpumask,
  scx_bpf_get_idle_smtmask,
  scx_bpf_get_online_cpumask,
  bpf_cpumask_weight,
  bpf_cpumask_test_cpu,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_select_cpu_dfl,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  NSEC_PER_MSEC,
} from 'scxts';

const Q = 6;
interface Sample {
  at: u64;
  idle: u32;
  cores: u32;
  online: u32;
  queued: s32;
  perf: FixedArray<u32, 8>;
  busy: FixedArray<u64, 8>;
  fallback: s64;
  refill: s64;
  bypass: s64;
  kthreads: u32;
  pad: u32;
}
const samples = ringbuf<Sample>(64 * 1024);
interface Busy {
  since: u64;
  total: u64;
}
const busy = percpu<Busy>();
export const period_ms = config(100, 'between samples');
export const nr_samples = counter('samples'),
  nr_lost = counter('samples lost');
let last: Sample = zeroed();

export const sample = timer(() => {
  sample.start(period_ms * NSEC_PER_MSEC);
  using s = samples.reserve();
  if (!s) {
    nr_lost.inc();
    return;
  }
  s.at = scx_bpf_now();
  s.queued = scx_bpf_dsq_nr_queued(Q);
  {
    using idle = scx_bpf_get_idle_cpumask();
    s.idle = bpf_cpumask_weight(idle);
  }
  {
    using smt = scx_bpf_get_idle_smtmask();
    s.cores = bpf_cpumask_weight(smt);
  }
  using online = scx_bpf_get_online_cpumask();
  s.online = bpf_cpumask_weight(online);
  s.kthreads = 0;
  for (let i = 0; i < 8; i++) {
    s.perf[i] = 0;
    s.busy[i] = 0;
    if (i >= scx_bpf_nr_cpu_ids() || !bpf_cpumask_test_cpu(i, online)) continue;
    s.perf[i] = (scx_bpf_cpuperf_cur(i) * scx_bpf_cpuperf_cap(i)) / 1024;
    const b = busy.of(i);
    if (b) s.busy[i] = b.total;
  }
  s.fallback = 0;
  s.refill = 0;
  s.bypass = 0;
  if (exists(scx_bpf_events)) {
    const { events } = scx_bpf_events();
    s.fallback = events.SCX_EV_SELECT_CPU_FALLBACK;
    s.refill = events.SCX_EV_REFILL_SLICE_DFL;
    s.bypass = events.SCX_EV_BYPASS_DURATION;
    if (exists(events.SCX_EV_REENQ_IMMED)) s.bypass += events.SCX_EV_REENQ_IMMED;
  }
  last.at = s.at;
  last.perf = s.perf;
  s.submit();
  nr_samples.inc();
});

export default scheduler({
  name: 'stranger_statistics',
  select_cpu(p, prev_cpu, wake_flags) {
    const picked = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (picked.is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return picked.cpu;
  },
  enqueue(p, f) {
    scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, f);
  },
  dispatch() {
    scx_bpf_dsq_move_to_local(Q, 0);
  },
  update_idle(cpu, idle) {
    const b = busy.of(cpu);
    if (!b) return;
    const now = scx_bpf_now();
    if (!idle) b.since = now;
    else if (b.since) b.total += now - b.since;
  },
  init() {
    const err = scx_bpf_create_dsq(Q, -1);
    return err || sample.start(period_ms * NSEC_PER_MSEC);
  },
});

// per-LLC style queues, per-task storage, kfuncs, u64 maths
import {
  scheduler,
  config,
  counter,
  taskStorage,
  percpu,
  range,
  each,
  exists,
  configArray,
  NR_CPUS,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_destroy_dsq,
  scx_bpf_task_cpu,
  scx_bpf_kick_cpu,
  scx_bpf_dsq_nr_queued,
  scx_bpf_nr_cpu_ids,
  scx_bpf_get_idle_cpumask,
  scx_bpf_pick_idle_cpu,
  scx_bpf_error,
  scx_bpf_task_running,
  bpf_cpumask_test_cpu,
  bpf_cpumask_weight,
  bpf_ktime_get_ns,
  bpf_get_smp_processor_id,
  bpf_get_prandom_u32,
  time_before,
  streq,
  startsWith,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_SLICE_DFL,
  SCX_KICK_IDLE,
  SCX_KICK_PREEMPT,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_HEAD,
  SCX_OPS_ENQ_LAST,
  SCX_OPS_ENQ_EXITING,
  SCX_OPS_SWITCH_PARTIAL,
  PF_KTHREAD,
  ENOENT,
  ENOMEM,
  NSEC_PER_MSEC,
  u32,
  u64,
  s32,
  s64,
  type FixedArray,
  zeroed,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface TaskCtx {
  vtime: u64;
  last_run: u64;
  runs: u32;
  avg: u64;
  hist: FixedArray<u32, 8>;
  is_kworker: boolean;
}
interface CpuCtx {
  nr: u64;
  last_pid: s32;
  busy: boolean;
}

export const slice_ns = config(u64(5_000_000n), 'slice in ns');
export const boost_bash = config(true, 'shells first');
export const cpu_dom = configArray<u32>(NR_CPUS);
export const nr_doms = config(u32(1), 'domains');
export const nr_kthread = counter('kthreads queued locally');
export const nr_idle = counter('idle cpu found');
const tctx = taskStorage<TaskCtx>();
const cctx = percpu<CpuCtx>();
let hist: FixedArray<u64, 16> = zeroed();
let vtimes: FixedArray<u64, 8> = zeroed();
let total_weight: s64 = 0;

function dom_of(cpu: s32): u32 {
  if (cpu < 0) return 0;
  const d = cpu_dom[cpu];
  return d < 8 ? d : 0;
}

/** @noinline */
function bucket(delta: u64): u32 {
  let b: u32 = 0;
  while (delta > 1 && b < 15) {
    delta >>= 1;
    b++;
  }
  return b;
}

function account(p: task_struct, t: TaskCtx, now: u64): void {
  const ran = now - t.last_run;
  t.avg = t.avg === 0 ? ran : (t.avg * 7 + ran) / 8;
  hist[bucket(ran)] += 1;
  t.hist[bucket(ran) & 7]++;
  t.runs++;
}

export default scheduler({
  name: 'a1',
  flags: SCX_OPS_ENQ_LAST | SCX_OPS_ENQ_EXITING,
  timeout_ms: 10_000,
  exit_dump_len: 65536,
  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle) {
      nr_idle.inc();
      const t = tctx.get(p);
      if (!t) return prev_cpu;
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, 0);
    }
    return cpu;
  },
  enqueue(p, enq_flags) {
    const t = tctx.get(p);
    if (!t) {
      scx_bpf_error(`no ctx for ${p.pid} ${p.comm}`);
      return;
    }
    if (p.flags & PF_KTHREAD && p.nr_cpus_allowed === 1) {
      nr_kthread.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags | SCX_ENQ_PREEMPT);
      return;
    }
    const d = dom_of(scx_bpf_task_cpu(p));
    let v = t.vtime;
    const floor = vtimes[d] - slice_ns;
    if (time_before(v, floor)) v = floor;
    if (boost_bash && streq(p.comm, 'bash')) v = floor;
    scx_bpf_dsq_insert_vtime(p, d, slice_ns, v, enq_flags);
    using idle = scx_bpf_get_idle_cpumask();
    if (bpf_cpumask_weight(idle) > 0) {
      const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
      if (cpu >= 0) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
    }
  },
  dispatch(cpu, prev) {
    const d = dom_of(cpu);
    if (scx_bpf_dsq_move_to_local(d, 0)) return;
    for (const i of range(nr_doms)) {
      const o = (d + i + 1) % nr_doms;
      if (scx_bpf_dsq_nr_queued(o) > 0 && scx_bpf_dsq_move_to_local(o, 0)) break;
    }
    if (prev && prev.scx.slice === 0) prev.scx.slice = slice_ns;
  },
  running(p) {
    const t = tctx.get(p);
    if (t) t.last_run = bpf_ktime_get_ns();
    const c = cctx.this();
    c.nr++;
    c.last_pid = p.pid;
    c.busy = true;
  },
  stopping(p, runnable) {
    const t = tctx.get(p);
    if (!t) return;
    account(p, t, bpf_ktime_get_ns());
    const d = dom_of(scx_bpf_task_cpu(p));
    t.vtime += ((slice_ns - p.scx.slice) * 100) / p.scx.weight;
    if (time_before(vtimes[d], t.vtime)) vtimes[d] = t.vtime;
    cctx.this().busy = false;
  },
  set_weight(p, weight) {
    total_weight += s64(weight) - 100;
  },
  init_task(p, args) {
    const t = tctx.create(p);
    if (!t) return -ENOMEM;
    t.vtime = vtimes[0];
    t.is_kworker = startsWith(p.comm, 'kworker');
    return 0;
  },
  init() {
    for (let d: u32 = 0; d < nr_doms; d++) {
      const err = scx_bpf_create_dsq(d, -1);
      if (err) return err;
    }
    return 0;
  },
  exit(ei) {
    for (let d: u32 = 0; d < nr_doms; d++) scx_bpf_destroy_dsq(d);
  },
});

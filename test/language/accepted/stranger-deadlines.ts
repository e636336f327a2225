// Earliest deadline first; deadlines come from userspace by pid, budgets are policed in tick, overruns are reported.
import {
  scheduler,
  config,
  counter,
  hash,
  ringbuf,
  syscall,
  tp_btf,
  exists,
  atomicAdd,
  atomicCas,
  s32,
  u8,
  u32,
  u64,
  s64,
  type FixedArray,
  bpf_get_current_comm,
  bpf_ktime_get_ns,
  bpf_task_from_pid,
  bpf_task_from_vpid,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_kick_cpu,
  scx_bpf_now,
  scx_bpf_task_cpu,
  scx_bpf_task_set_slice,
  scx_bpf_exit,
  time_before,
  time_after_eq,
  SCX_SLICE_DFL,
  SCX_ENQ_WAKEUP,
  SCX_KICK_PREEMPT,
  EINVAL,
  ESRCH,
  ENOENT,
  ENOSPC,
} from 'scxts';

const EDF = 1,
  REST = 2;
interface Params {
  runtime: u64;
  period: u64;
  misses: u64;
  left: s64;
  deadline: u64;
}
interface Overrun {
  pid: s32;
  cpu: s32;
  late: u64;
  comm: FixedArray<u8, 16>;
  waker: FixedArray<u8, 16>;
}
const params = hash<s32, Params>(512);
const overruns = ringbuf<Overrun>(16 * 4096);
export const strict = config(false, 'an overrun ends the scheduler');
export const max_misses = config<u32>(1000, 'misses before that');
export const nr_edf = counter('jobs'),
  nr_rest = counter('others'),
  nr_miss = counter('deadlines missed');
let admitted: u64 = 0;
let owner: u32 = 0;

interface Admit {
  pid: s32;
  runtime_us: u32;
  period_us: u32;
  util_ppm: u32;
}
export const admit = syscall((a: Admit) => {
  if (a.period_us === 0 || a.runtime_us > a.period_us) return -EINVAL;
  const util = (u64(a.runtime_us) * 1_000_000) / a.period_us;
  if (admitted + util > 900_000) return -ENOSPC;
  using p = exists(bpf_task_from_vpid) ? bpf_task_from_vpid(a.pid) : bpf_task_from_pid(a.pid);
  if (!p) return -ESRCH;
  const err = params.set(p.pid, {
    runtime: u64(a.runtime_us) * 1000,
    period: u64(a.period_us) * 1000,
    misses: 0,
    left: 0,
    deadline: 0,
  });
  if (err) return err;
  atomicAdd(admitted, util);
  a.util_ppm = u32(admitted);
  return 0;
});
export const withdraw = syscall(({ pid }: { pid: s32 }) => (params.delete(pid) ? -ENOENT : 0));

function report(pid: s32, cpu: s32, late: u64) {
  using o = overruns.reserve();
  if (!o) return;
  o.pid = pid;
  o.cpu = cpu;
  o.late = late;
  o.waker = bpf_get_current_comm();
  o.submit();
}

export const woken = tp_btf('sched_wakeup', (p) => {
  const job = params.get(p.pid);
  if (!job) return;
  const now = bpf_ktime_get_ns();
  if (time_before(job.deadline, now)) {
    job.deadline = now + job.period;
    job.left = s64(job.runtime);
  }
});

export default scheduler({
  name: 'stranger_deadlines',
  enqueue(p, enq_flags) {
    const job = params.get(p.pid);
    if (!job) {
      nr_rest.inc();
      scx_bpf_dsq_insert_vtime(p, REST, SCX_SLICE_DFL, p.scx.dsq_vtime, enq_flags);
      return;
    }
    nr_edf.inc();
    const slice = job.left > 0 ? u64(job.left) : 0;
    if (slice === 0) {
      scx_bpf_dsq_insert_vtime(p, REST, SCX_SLICE_DFL / 8, p.scx.dsq_vtime, enq_flags);
      return;
    }
    scx_bpf_dsq_insert_vtime(p, EDF, slice, job.deadline, enq_flags);
    if (enq_flags & SCX_ENQ_WAKEUP) scx_bpf_kick_cpu(scx_bpf_task_cpu(p), SCX_KICK_PREEMPT);
  },
  dispatch(cpu, prev) {
    if (!scx_bpf_dsq_move_to_local(EDF, 0)) scx_bpf_dsq_move_to_local(REST, 0);
  },
  tick(p) {
    const job = params.get(p.pid);
    if (!job || time_after_eq(job.deadline, scx_bpf_now())) return;
    nr_miss.inc();
    job.misses++;
    report(p.pid, scx_bpf_task_cpu(p), scx_bpf_now() - job.deadline);
    scx_bpf_task_set_slice(p, 0);
    if (strict && job.misses > max_misses && atomicCas(owner, 0, 1) === 0)
      scx_bpf_exit(42, `${p.comm}[${p.pid}] missed ${job.misses} deadlines`);
  },
  stopping(p, runnable) {
    const job = params.get(p.pid);
    const used = SCX_SLICE_DFL - p.scx.slice;
    if (job) job.left -= s64(used);
    else p.scx.dsq_vtime += (used * 100) / p.scx.weight;
    if (job && !runnable && job.left < 0) job.left = 0;
  },
  exit_task(p) {
    params.delete(p.pid);
  },
  init: () => scx_bpf_create_dsq(EDF, -1) || scx_bpf_create_dsq(REST, -1),
});

import {
  READ_ONCE,
  WRITE_ONCE,
  array,
  barrier,
  clamp,
  exists,
  fls64,
  hweight64,
  ilog2,
  in_hardirq,
  in_nmi,
  in_serving_softirq,
  int_sqrt,
  is_migration_disabled,
  kernelPerCpu,
  kernelVar,
  kernelVersion,
  KERNEL_VERSION,
  scale_by_task_weight,
  scale_by_task_weight_inverse,
  scheduler,
  scx_bpf_dsq_insert,
  scx_bpf_task_cpu,
  smp_load_acquire,
  smp_mb,
  smp_rmb,
  smp_store_release,
  smp_wmb,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  zeroed,
} from 'scxts';
import type { FixedArray, s32, u32, u64 } from 'scxts';
import type { cpufreq_policy, rq, sched_domain } from 'scxts/vmlinux';

// Variables of the kernel, memory order, and what is given.
const rqs = kernelPerCpu<rq>('runqueues');
const llc = kernelPerCpu<s32>('sd_llc_id');
const domains = kernelPerCpu<sched_domain>('sd_asym_cpucapacity');
const policies = kernelPerCpu<cpufreq_policy>('cpufreq_cpu_data');
const jiffies = kernelVar<u64>('jiffies');

interface Snapshot {
  seq: u32;
  clock: u64;
  running: u32;
}
const snapshots = array<Snapshot>(64);
let seq: u32 = 0;
let busy: u64 = 0;
let last: u64 = 0;
let sizes: FixedArray<u64, 8> = zeroed();

function clockOf(cpu: s32): u64 {
  const rq = rqs.of(cpu);
  return rq ? rq.clock_task : 0;
}

function frequency(cpu: s32): u32 {
  return policies.of(cpu)?.cur ?? 0;
}

export default scheduler({
  name: 'kernel_memory',
  enqueue(p, enq_flags) {
    const cpu = scx_bpf_task_cpu(p);
    const rq = rqs.of(cpu);
    const snapshot = snapshots.get(cpu);
    if (rq && snapshot) {
      WRITE_ONCE(snapshot.seq, snapshot.seq + 1);
      smp_wmb();
      snapshot.clock = rq.clock;
      snapshot.running = rq.nr_running + rq.scx.nr_running;
      smp_store_release(snapshot.seq, snapshot.seq + 1);
    }
    if (is_migration_disabled(p)) busy += 1;
    const id = llc.of(cpu);
    if (id && id.value >= 0) sizes[id.value] += hweight64(busy);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, clamp(SCX_SLICE_DFL, 1, 5_000_000), enq_flags);
  },
  running(p) {
    seq += 1;
    busy += clockOf(0) + frequency(0);
    last = exists(jiffies) ? jiffies.value : 0;
    seq += 1;
    const own = rqs.this();
    if (own && own.curr.pid === p.pid) busy += own.cpu >= 0 ? 1 : 0;
  },
  stopping(p) {
    const used = SCX_SLICE_DFL - p.scx.slice;
    sizes[clamp(ilog2(used), 0, 7)] += int_sqrt(used);
    const first = smp_load_acquire(seq);
    const seen = last;
    smp_rmb();
    if (first === READ_ONCE(seq)) busy = seen + fls64(seen);
    smp_mb();
    barrier();
    p.scx.dsq_vtime += scale_by_task_weight_inverse(p, used) + scale_by_task_weight(p, 1);
    if (exists(domains) && domains.this()) busy += 1;
  },
  tick() {
    if (in_hardirq() && !in_nmi() && !in_serving_softirq()) busy += 1;
    if (kernelVersion() >= KERNEL_VERSION(6, 18, 0)) busy += 2;
  },
});

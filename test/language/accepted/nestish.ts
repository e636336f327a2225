import {
  scheduler,
  config,
  counter,
  array,
  hash,
  percpuArray,
  taskStorage,
  cgroupStorage,
  range,
  each,
  kptrXchg,
  exists,
  zeroed,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_kick_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  scx_bpf_pick_idle_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_task_cgroup,
  scx_bpf_error,
  scx_bpf_cpu_curr,
  scx_bpf_now,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_clear_cpu,
  bpf_cpumask_test_cpu,
  bpf_cpumask_and,
  bpf_cpumask_empty,
  bpf_cpumask_first,
  bpf_cpumask_copy,
  bpf_rcu_read_lock,
  bpf_get_smp_processor_id,
  bpf_get_prandom_u32,
  bpf_cgroup_ancestor,
  bpf_cgroup_from_id,
  time_before,
  time_after,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_SLICE_DFL,
  SCX_SLICE_INF,
  SCX_KICK_IDLE,
  SCX_WAKE_SYNC,
  SCX_WAKE_FORK,
  SCX_TASK_QUEUED,
  NR_CPUS,
  NSEC_PER_MSEC,
  ENOMEM,
  EINVAL,
  u32,
  u64,
  s32,
  s64,
  type u8,
  type bool,
  type Kptr,
  type Timer,
  type FixedArray,
  type SpinLock,
  type Ref,
} from 'scxts';
import type { bpf_cpumask, cgroup, cpumask, task_struct } from 'scxts/vmlinux';

const FALLBACK = 0;
export const p_remove_ns = config(2 * NSEC_PER_MSEC, 'how long a core stays primary');
export const r_max = config<u32>(5, 'reserve');
export const r_impatient = config<u32>(2, 'impatience');
export const find_fully_idle = config(false, 'prefer idle cores');
export const stats_p = counter('primary'),
  stats_r = counter('reserve');

interface TaskCtx {
  mask: Kptr<bpf_cpumask> | null;
  prev: s32;
  misses: u32;
  attached: s32;
}
interface Pcpu {
  timer: Timer;
  scheduled: bool;
}
interface CgrpCtx {
  lock: SpinLock;
  weight: u32;
  active: u32;
  children: FixedArray<u32, 4>;
  hweight: u64;
}
interface Key {
  lvl: u32;
  id: u64;
}
const pcpu = array<Pcpu>(NR_CPUS);
const tctx = taskStorage<TaskCtx>();
const cgrps = cgroupStorage<CgrpCtx>();
const groups = hash<Key, CgrpCtx>(128);
const hist = percpuArray<FixedArray<u64, 8>>(1);
let primary: Kptr<bpf_cpumask> | null = null;
let reserve: Kptr<bpf_cpumask> | null = null;
let nr_reserved: u32 = 0;
let vtime_now: u64 = 0;
const weights: u32[] = [15, 23, 100, 335, 10_000];

function clamp<T extends number>(x: T, lo: T, hi: T): T {
  return x < lo ? lo : x > hi ? hi : x;
}

function tryMake(into: Ref<s32>, cpu: s32): bool {
  if (cpu < 0) return false;
  into.value = cpu;
  return true;
}

function pick(p: task_struct, mask: cpumask, prev: s32): s32 {
  const found: Ref<s32> = { value: -1 };
  if (bpf_cpumask_test_cpu(u32(prev), mask) && scx_bpf_test_and_clear_cpu_idle(prev))
    tryMake(found, prev);
  if (found.value < 0) {
    const cpu = scx_bpf_pick_idle_cpu(mask, find_fully_idle ? 1 : 0);
    if (!tryMake(found, cpu)) return -1;
  }
  return found.value;
}

export default scheduler({
  name: 'nestish',
  select_cpu(p, prev_cpu, wake_flags) {
    const c = tctx.get(p);
    if (!c) return prev_cpu;
    using rcu = bpf_rcu_read_lock();
    const pm = primary,
      rm = reserve,
      own = c.mask;
    if (!pm || !rm || !own) return prev_cpu;
    bpf_cpumask_and(own, p.cpus_ptr, pm);
    let cpu = pick(p, own, prev_cpu);
    if (cpu < 0) {
      bpf_cpumask_and(own, p.cpus_ptr, rm);
      cpu = pick(p, own, prev_cpu);
      if (cpu >= 0) {
        stats_r.inc();
        c.misses++;
      }
    } else {
      stats_p.inc();
      c.misses = 0;
    }
    if (cpu < 0 && nr_reserved < r_max) {
      cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
      if (cpu >= 0) bpf_cpumask_set_cpu(u32(cpu), rm);
    }
    if (cpu < 0) return prev_cpu;
    if (c.misses > r_impatient) {
      bpf_cpumask_set_cpu(u32(cpu), pm);
      nr_reserved = nr_reserved ? nr_reserved - 1 : 0;
    }
    const t = pcpu.get(cpu);
    if (t && t.scheduled) {
      t.timer.cancel();
      t.scheduled = false;
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | cpu, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, enq_flags) {
    let vtime = p.scx.dsq_vtime;
    if (time_before(vtime, vtime_now - SCX_SLICE_DFL)) vtime = vtime_now - SCX_SLICE_DFL;
    scx_bpf_dsq_insert_vtime(p, FALLBACK, SCX_SLICE_DFL, vtime, enq_flags);
    const h = hist.get(0);
    if (h) h[p.prio & 7]++;
    using cg = scx_bpf_task_cgroup(p);
    const cc = cgrps.get(cg);
    if (cc) {
      using held = cc.lock.hold();
      cc.active++;
      cc.children[cc.active & 3] = cc.weight;
    }
  },
  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(FALLBACK, 0)) return;
    if (prev && prev.scx.flags & SCX_TASK_QUEUED) {
      prev.scx.slice = SCX_SLICE_DFL;
      return;
    }
    const t = pcpu.get(cpu);
    if (!t) {
      scx_bpf_error(`no pcpu ctx for ${cpu}`);
      return;
    }
    if (!t.scheduled) {
      t.timer.start(p_remove_ns, { pin_cpu: true });
      t.scheduled = true;
    }
  },
  running(p) {
    if (time_before(vtime_now, p.scx.dsq_vtime)) vtime_now = p.scx.dsq_vtime;
  },
  stopping(p, runnable) {
    const used = SCX_SLICE_DFL - p.scx.slice;
    p.scx.dsq_vtime += (used * 100) / clamp(p.scx.weight, 1, 10000) + weights[2];
  },
  init_task(p, args) {
    const c = tctx.create(p);
    if (!c) return -ENOMEM;
    using mask = bpf_cpumask_create();
    if (!mask) return -ENOMEM;
    using old = kptrXchg(c.mask, mask);
    if (old) return -EINVAL;
    c.attached = -1;
    return 0;
  },
  enable(p) {
    p.scx.dsq_vtime = vtime_now;
  },
  cgroup_init(cgrp, args) {
    const cc = cgrps.create(cgrp);
    if (!cc) return -ENOMEM;
    cc.weight = args.weight;
    for (let level = 0; level <= 3; level++) {
      if (level > cgrp.level) break;
      using anc = bpf_cgroup_ancestor(cgrp, level);
      if (anc) groups.set({ lvl: u32(level), id: anc.kn.id }, zeroed());
    }
    return 0;
  },
  init() {
    const n = scx_bpf_nr_cpu_ids();
    using pm = bpf_cpumask_create();
    if (!pm) return -ENOMEM;
    using rm = bpf_cpumask_create();
    if (!rm) return -ENOMEM;
    bpf_cpumask_set_cpu(0, pm);
    using o1 = kptrXchg(primary, pm);
    using o2 = kptrXchg(reserve, rm);
    for (const i of range(n)) {
      const t = pcpu.get(i);
      if (!t) return -ENOMEM;
      const err = t.timer.init(pcpu, (cpu, value) => {
        using rcu = bpf_rcu_read_lock();
        const m = primary;
        if (m) bpf_cpumask_clear_cpu(cpu, m);
        value.scheduled = false;
      });
      if (err) return err;
    }
    return scx_bpf_create_dsq(FALLBACK, -1);
  },
});

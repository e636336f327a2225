// central-like with timer in map value, per cpu, unusual flow; generics, callbacks, forEach
import {
  scheduler,
  array,
  hash,
  timer,
  config,
  counter,
  range,
  percpu,
  queue,
  exists,
  NR_CPUS,
  taskStorage,
  each,
  kconfig,
  scx_bpf_dsq_insert,
  scx_bpf_kick_cpu,
  scx_bpf_task_cpu,
  scx_bpf_create_dsq,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dispatch_nr_slots,
  scx_bpf_dispatch_cancel,
  scx_bpf_error,
  scx_bpf_nr_cpu_ids,
  bpf_task_from_pid,
  bpf_cpumask_test_cpu,
  bpf_ktime_get_ns,
  bpf_get_prandom_u32,
  time_after,
  time_before,
  SCX_SLICE_INF,
  SCX_SLICE_DFL,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_KICK_PREEMPT,
  SCX_ENQ_PREEMPT,
  SCX_OPS_ENQ_LAST,
  PF_KTHREAD,
  NSEC_PER_MSEC,
  BPF_NOEXIST,
  ENOENT,
  type Timer,
  type Ref,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  bool,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface CpuTimer {
  compact: Timer;
  armed: bool;
  when: u64;
  cpu: u32;
}
const cpus = array<CpuTimer>(NR_CPUS);
const FALLBACK = 0;
const TIMER_NS = 1 * NSEC_PER_MSEC;
const HZ = kconfig<u32>('CONFIG_HZ');
const central_q = queue<s32>(4096);
const gimme = array<bool>(NR_CPUS);
const by_pid = hash<s32, u64>(1000);
const table: u32[] = [0, 256, 512, 768, 1024];
export const central_cpu = config(s32(0), 'the central CPU');
export const nr_total = counter('all'),
  nr_locals = counter('local'),
  nr_lost = counter('lost pid');
let timer_pinned: bool = true;
let started: u64 = 0;

function max3<T extends number>(a: T, b: T, c: T): T {
  return a > b ? (a > c ? a : c) : b > c ? b : c;
}
function swap2(a: u32, b: u32): void {
  started += a - b;
}
function swap(a: Ref<u32>, b: Ref<u32>): void {
  const t = a.value;
  a.value = b.value;
  b.value = t;
}
function level(x: u32 = 2): u32 {
  return table[x % 5];
}

function dispatch_to(cpu: s32): boolean {
  for (const i of range(64)) {
    if (!scx_bpf_dispatch_nr_slots()) break;
    const pid = central_q.pop();
    if (pid === null) break;
    using p = bpf_task_from_pid(pid);
    if (!p) {
      nr_lost.inc();
      continue;
    }
    if (!bpf_cpumask_test_cpu(cpu, p.cpus_ptr)) {
      scx_bpf_dsq_insert(p, FALLBACK, SCX_SLICE_INF, 0);
      continue;
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | u64(cpu), SCX_SLICE_INF, 0);
    return true;
  }
  return false;
}

export const central = timer(() => {
  const now = bpf_ktime_get_ns();
  for (const i of range(scx_bpf_nr_cpu_ids())) {
    const cpu = s32(i);
    if (cpu === central_cpu) continue;
    const c = cpus.get(cpu);
    if (!c) return;
    if (c.when && time_after(now, c.when + SCX_SLICE_DFL)) scx_bpf_kick_cpu(cpu, SCX_KICK_PREEMPT);
  }
  central.start(TIMER_NS);
});

function on_compact(cpu: u32, c: CpuTimer): void {
  c.armed = false;
  c.when = 0;
}

export default scheduler({
  name: 'b2',
  flags: SCX_OPS_ENQ_LAST,
  select_cpu(p, prev_cpu, wake_flags) {
    return central_cpu;
  },
  enqueue(p, enq_flags) {
    nr_total.inc();
    if (p.flags & PF_KTHREAD && p.nr_cpus_allowed === 1) {
      nr_locals.inc();
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_INF, enq_flags | SCX_ENQ_PREEMPT);
      return;
    }
    if (central_q.push(p.pid)) {
      scx_bpf_dsq_insert(p, FALLBACK, SCX_SLICE_INF, enq_flags);
      return;
    }
    if (!scx_bpf_kick) scx_bpf_kick_cpu(central_cpu, SCX_KICK_PREEMPT);
  },
  dispatch(cpu, prev) {
    if (cpu === central_cpu) {
      for (const i of range(scx_bpf_nr_cpu_ids())) {
        const g = gimme.get(i);
        if (!g || !g.value) continue;
        if (dispatch_to(s32(i))) g.value = false;
      }
      if (scx_bpf_dsq_move_to_local(FALLBACK, 0)) return;
      dispatch_to(central_cpu);
    } else {
      if (scx_bpf_dsq_move_to_local(FALLBACK, 0)) return;
      const g = gimme.get(cpu);
      if (g) g.value = true;
      scx_bpf_kick_cpu(central_cpu, SCX_KICK_PREEMPT);
    }
  },
  running(p) {
    const c = cpus.get(scx_bpf_task_cpu(p));
    if (!c) return;
    c.when = bpf_ktime_get_ns() || 1;
    if (!c.armed) {
      c.armed = true;
      c.compact.start(NSEC_PER_MSEC * 5, { pin_cpu: true });
    }
    by_pid.set(p.pid, c.when, BPF_NOEXIST);
  },
  stopping(p, runnable) {
    const c = cpus.get(scx_bpf_task_cpu(p));
    if (c) {
      c.when = 0;
      if (c.armed) {
        c.compact.cancel();
        c.armed = false;
      }
    }
    let n: u32 = 0;
    by_pid.forEach((pid, when) => {
      n++;
      return when.value > 100 ? 1 : 0;
    });
    const m = max3(n, level(), level(3));
    let a: u32 = m,
      b: u32 = level(n);
    if (a > b) swap2(a, b);
    started += a;
  },
  init() {
    for (const i of range(scx_bpf_nr_cpu_ids())) {
      const c = cpus.get(i);
      if (!c) return -ENOENT;
      c.cpu = i;
      const err = c.compact.init(cpus, on_compact);
      if (err) return err;
    }
    central.start(TIMER_NS, { cpu: central_cpu });
    return scx_bpf_create_dsq(FALLBACK, -1);
  },
});
const scx_bpf_kick = false;

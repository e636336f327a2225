// The half of the cpufreq component that runs in the kernel: asks for the frequency that a CPU's utilisation needs, as
// the governor schedutil does for the fair class. It hears of tasks of sched_ext only through these requests
// (scx_bpf_cpuperf_set(), kernel/sched/ext.c); other governors do not listen.
import {
  array,
  component,
  config,
  counter,
  scx_bpf_cpuperf_cap,
  scx_bpf_cpuperf_cur,
  scx_bpf_cpuperf_set,
  scx_bpf_now,
  scx_bpf_task_cpu,
  u32,
  u64,
  NR_CPUS,
  NSEC_PER_MSEC,
  SCX_CPUPERF_ONE,
  type bool,
  type s32,
} from 'scxts';
import { towards } from '../energy/average.bpf.js';

export const enabled = config(true, 'ask for frequencies');
export const headroom = config<u32>(
  1280,
  'what is asked for above utilisation, of 1024; 1280 leaves a fifth free, as schedutil does',
);
export const half_life_ns = config(32 * NSEC_PER_MSEC, 'ns in which what a CPU did counts half');
export const rate_limit_ns = config(
  NSEC_PER_MSEC,
  'ns between two requests for less; more is asked for at once',
);

export const nr_raised = counter('requests for more');
export const nr_lowered = counter('requests for less');

/** Live bounds by userspace, of 1024 (the CPU at its fastest); a max of 0 is none. */
export interface Bounds {
  min: u32;
  max: u32;
}
export const bounds = array<Bounds>(NR_CPUS);

export interface CpuSpeed {
  /** Running average of its share of busy time at its fastest, of 1024 << 10, as of `at`. */
  util: u64;
  at: u64;
  asked_at: u64;
  /** What was asked for, of 1024. */
  target: u32;
  /** The least that is asked for while the running task runs. */
  floor: u32;
  busy: u32;
  /** What the CPU can do of the fastest one, of 1024. */
  capacity: u32;
}
export const speeds = array<CpuSpeed>(NR_CPUS);

function note(s: CpuSpeed, cpu: s32, busy: u32): void {
  const now = scx_bpf_now();
  const was = s.busy ? u64(scx_bpf_cpuperf_cur(cpu)) << 10 : 0;
  if (now > s.at) s.util = towards(s.util, was, now - s.at, half_life_ns);
  s.at = now;
  s.busy = busy;
}

/**
 * Asks for what is needed now; for less only if told to: a governor that has just been asked for less does not listen
 * for a while, also not to who needs more a moment later.
 */
function ask(s: CpuSpeed, cpu: s32, or_less: bool): void {
  if (!enabled) return;
  let want = u32((u64(s.util >> 10) * headroom) >> 10);
  want = u32(Math.max(want, s.floor));
  const b = bounds.get(cpu);
  if (b) {
    want = u32(Math.max(want, b.min));
    if (b.max > 0) want = u32(Math.min(want, b.max));
  }
  want = u32(Math.min(want, SCX_CPUPERF_ONE));
  if (want === s.target) return;
  if (want < s.target) {
    if (!or_less) return;
    if (s.at - s.asked_at < rate_limit_ns) return;
    nr_lowered.inc();
  } else {
    nr_raised.inc();
  }
  s.asked_at = s.at;
  s.target = want;
  scx_bpf_cpuperf_set(cpu, want);
}

export const cpufreq = component({
  name: 'cpufreq',
  userspace: 'scxts/components/cpufreq/userspace',

  ops: {
    running(p) {
      const cpu = scx_bpf_task_cpu(p);
      const s = speeds.get(cpu);
      if (!s) return;
      s.capacity = scx_bpf_cpuperf_cap(cpu);
      note(s, cpu, 1);
      // What the task wants at least is not known yet.
      ask(s, cpu, false);
    },

    tick(p) {
      const cpu = scx_bpf_task_cpu(p);
      const s = speeds.get(cpu);
      if (!s) return;
      note(s, cpu, 1);
      ask(s, cpu, true);
    },

    stopping(p, runnable) {
      const cpu = scx_bpf_task_cpu(p);
      const s = speeds.get(cpu);
      if (!s) return;
      note(s, cpu, 0);
      s.floor = 0;
      // The CPU may be idle from now on, and others may share its clock.
      if (!runnable) ask(s, cpu, true);
    },
  },

  api: {
    /** Asks for at least so much (of 1024) while the task that starts now runs; call it in running(). */
    floor(cpu: s32, perf: u32): void {
      const s = speeds.get(cpu);
      if (!s) return;
      s.floor = perf;
      ask(s, cpu, false);
    },

    /** What was asked for last, of 1024. */
    target(cpu: s32): u32 {
      const s = speeds.get(cpu);
      return s ? s.target : 0;
    },
  },
});

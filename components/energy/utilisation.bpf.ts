// What tasks and CPUs do, of 1024, which is the fastest CPU of the machine at its fastest: as the kernel's own
// tracking (kernel/sched/pelt.c), which leaves tasks of sched_ext out.
import { atomicAdd, atomicSub, scx_bpf_cpuperf_cur, scx_bpf_now, u32, u64, type s32 } from 'scxts';
import { towards } from './average.bpf.js';
import { cpu_models, cpu_uses, half_life_ns, type CpuUse, type TaskUse } from './state.bpf.js';

export function capacityOf(cpu: s32): u32 {
  const m = cpu_models.get(cpu);
  return m && m.capacity > 0 ? m.capacity : 1024;
}

/** What a CPU does now: its capacity at its frequency. */
export function speedOf(cpu: s32): u64 {
  return u64((capacityOf(cpu) * scx_bpf_cpuperf_cur(cpu)) >> 10);
}

/** Brings a CPU's average up to now. */
export function noteCpu(c: CpuUse, cpu: s32, busy: u32, now: u64): void {
  const was = c.busy ? speedOf(cpu) << 10 : 0;
  // Clocks of CPUs differ by little; an average does not go back.
  if (now > c.at) c.util = towards(c.util, was, now - c.at, half_life_ns);
  c.at = now;
  c.busy = busy;
}

/** A CPU's utilisation now, of 1024: the larger of what it did and of what its tasks are expected to need. */
export function utilOf(c: CpuUse, cpu: s32, now: u64): u32 {
  let { util } = c;
  if (now > c.at) {
    const is = c.busy ? speedOf(cpu) << 10 : 0;
    util = towards(util, is, now - c.at, half_life_ns);
  }
  return u32(Math.max(util >> 10, c.runnable));
}

/** Counts a task on a CPU, once. */
export function charge(t: TaskUse, cpu: s32): void {
  if (t.on && t.cpu === cpu) return;
  discharge(t);
  const c = cpu_uses.get(cpu);
  if (!c) return;
  t.charged = t.estimate;
  t.cpu = cpu;
  t.on = true;
  atomicAdd(c.runnable, t.charged);
  atomicAdd(c.nr, 1);
}

export function discharge(t: TaskUse): void {
  if (!t.on) return;
  t.on = false;
  const c = cpu_uses.get(t.cpu);
  if (!c) return;
  atomicSub(c.runnable, t.charged);
  atomicSub(c.nr, 1);
}

/** The task slept until now. */
export function noteWoken(t: TaskUse): void {
  const now = scx_bpf_now();
  if (now > t.at) t.util = towards(t.util, 0, now - t.at, half_life_ns);
  t.at = now;
}

/** The task ran on a CPU until now. Waiting for one does not count: it says nothing of what the task needs. */
export function noteRan(t: TaskUse, cpu: s32, now: u64): void {
  if (now > t.at) t.util = towards(t.util, speedOf(cpu) << 10, now - t.at, half_life_ns);
  t.at = now;
}

/** The task goes to sleep: a peak counts at once, a smaller value by a quarter. */
export function estimate(t: TaskUse): void {
  const util = u32(t.util >> 10);
  t.estimate = util >= t.estimate ? util : t.estimate - (t.estimate - util) / 4;
}

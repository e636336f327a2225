// Where a task that wakes up goes. With a model, as kernel/sched/fair.c (find_energy_efficient_cpu) does it: of each
// domain the CPU with most room, idle ones first, is asked what the domain's energy would grow by, and the least wins.
import {
  bpf_cpumask_test_cpu,
  range,
  scx_bpf_get_idle_cpumask,
  scx_bpf_get_online_cpumask,
  scx_bpf_now,
  scx_bpf_nr_cpu_ids,
  scx_bpf_test_and_clear_cpu_idle,
  u32,
  type bool,
  s32,
  type u64,
} from 'scxts';
import type { cpumask, task_struct } from 'scxts/vmlinux';
import {
  BY_MODEL,
  BY_PACKING,
  COST_STEPS,
  MAX_DOMAINS,
  cpu_models,
  cpu_uses,
  domain_models,
  mode,
  nr_full,
  nr_kept,
  nr_model,
  nr_over,
  nr_packed,
  nr_spread,
  pack_fill,
  patient,
  scans,
  type TaskUse,
} from './state.bpf.js';
import { capacityOf, utilOf } from './utilisation.bpf.js';

/** Whether some CPU had more to do than fits, at the last placement or at a tick since. */
export let overutilised: bool = false;
/** A CPU for a task; `is_idle` says that it was idle and is now reserved for the caller. */
export interface Placement {
  cpu: s32;
  is_idle: bool;
}

/** fits_capacity() of kernel/sched/fair.c: a fifth of a CPU is left free. */
export function fits(util: u32, capacity: u32): boolean {
  return util * 1280 < capacity * 1024;
}

/** At ticks: who never sleeps is not placed again, and what fitted when it was placed may fit no longer. */
export function noteOver(util: u32, capacity: u32): void {
  if (!fits(util, capacity)) overutilised = true;
}

/** What a task needs, of 1024. */
export function needOf(t: TaskUse): u32 {
  return u32(Math.max(t.util >> 10, t.estimate));
}

/** Energy of a domain, in units of the table, when its busiest CPU has utilisation `max` and all together `sum`. */
function energyOf(domain: u32, max: u64, sum: u64): u64 {
  const d = domain_models.get(domain);
  if (!d) return 0;
  // The step above: a domain is not thought cheaper than it is.
  const step = Math.min((max + 15) / 16, COST_STEPS);
  return d.costs[step] * sum;
}

/** Looks at all CPUs once. Over-utilised is what the kernel calls so: some CPU has less than a fifth free. */
function scan(p: task_struct, t: TaskUse, idle: cpumask, prev_cpu: s32): void {
  using online = scx_bpf_get_online_cpumask();
  const now = scx_bpf_now();
  const need = needOf(t);
  for (const i of range(MAX_DOMAINS)) {
    const d = scans.get(i);
    if (!d) break;
    d.sum = 0;
    d.max = 0;
    d.best = -1;
    d.best_room = 0;
    d.has_prev = false;
  }
  let over = false;
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const m = cpu_models.get(cpu);
    const c = cpu_uses.get(cpu);
    if (!m || !c || m.domain === 0 || !bpf_cpumask_test_cpu(u32(cpu), online)) continue;
    let util = utilOf(c, cpu, now);
    if (!fits(util, m.capacity)) over = true;
    // What the task itself did there is not in its way; it is counted where it goes.
    if (cpu === prev_cpu) util -= Math.min(util, need);
    const d = scans.get(m.domain - 1);
    if (!d) continue;
    d.sum += util;
    d.max = Math.max(d.max, util);
    if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr) || !fits(util + need, m.capacity)) continue;
    if (cpu === prev_cpu) {
      d.has_prev = bpf_cpumask_test_cpu(u32(cpu), idle);
      d.prev_util = util;
    }
    // Who is put on an idle CPU does not wait; it costs the domain no more.
    const room = m.capacity - util + (bpf_cpumask_test_cpu(u32(cpu), idle) ? 1024 : 0);
    if (room > d.best_room) {
      d.best = cpu;
      d.best_util = util;
      d.best_room = room;
    }
  }
  overutilised = over;
}

/** The CPU of the model's choice, or -1 if the task fits nowhere. */
function cheapest(t: TaskUse, idle_only: boolean, prev_cpu: s32): s32 {
  const need = needOf(t);
  let chosen: s32 = -1;
  let least: u64 = 0;
  for (const i of range(MAX_DOMAINS)) {
    const d = scans.get(i);
    if (!d) break;
    if (d.best < 0 || (idle_only && d.best_room <= 1024)) continue;
    const before = energyOf(i, d.max, d.sum);
    const after = energyOf(i, Math.max(d.max, d.best_util + need), d.sum + need);
    const grows = after > before ? after - before : 0;
    if (chosen < 0 || grows < least) {
      chosen = d.best;
      least = grows;
    }
    if (!d.has_prev) continue;
    const stay = energyOf(i, Math.max(d.max, d.prev_util + need), d.sum + need);
    const stays = stay > before ? stay - before : 0;
    // Where it costs the same, the warm cache wins.
    if (stays <= least) {
      chosen = prev_cpu;
      least = stays;
    }
  }
  return chosen;
}

/** An idle CPU, the one with most capacity first, the previous one among equals; -1 if none is idle. */
function widest(p: task_struct, idle: cpumask, prev_cpu: s32): s32 {
  let chosen: s32 = -1;
  let most: u32 = 0;
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    if (!bpf_cpumask_test_cpu(u32(cpu), idle) || !bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr))
      continue;
    const capacity = capacityOf(cpu);
    if (capacity > most || (capacity === most && cpu === prev_cpu)) {
      chosen = cpu;
      most = capacity;
    }
  }
  return chosen;
}

/** An idle CPU with more capacity than the one that the task is on; -1 if there is none. */
export function bigger(p: task_struct, cpu: s32): s32 {
  using idle = scx_bpf_get_idle_cpumask();
  const better = widest(p, idle, cpu);
  return better >= 0 && capacityOf(better) > capacityOf(cpu) ? better : -1;
}

/** The CPU that does most already and has room: idle ones first, so that nobody waits. -1 if all are full. */
function warmest(p: task_struct, t: TaskUse, idle: cpumask, prev_cpu: s32): s32 {
  // Tasks may use CPUs that are not there: what they may use is all that could ever be.
  using online = scx_bpf_get_online_cpumask();
  const now = scx_bpf_now();
  const need = needOf(t);
  let chosen: s32 = -1;
  let best: u32 = 0;
  let over = false;
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const c = cpu_uses.get(cpu);
    if (!c || !bpf_cpumask_test_cpu(u32(cpu), online)) continue;
    let util = utilOf(c, cpu, now);
    if (!fits(util, capacityOf(cpu))) over = true;
    if (!bpf_cpumask_test_cpu(u32(cpu), p.cpus_ptr)) continue;
    if (cpu === prev_cpu) util -= Math.min(util, need);
    if (util + need > pack_fill) continue;
    // Lower numbers win among equals: then sleepers stay asleep.
    const rank = u32(util + 1 + (bpf_cpumask_test_cpu(u32(cpu), idle) && util > 0 ? 2048 : 0));
    if (rank > best) {
      chosen = cpu;
      best = rank;
    }
  }
  overutilised = over;
  return chosen;
}

function taken(cpu: s32): Placement {
  const is_idle = scx_bpf_test_and_clear_cpu_idle(cpu);
  return { cpu, is_idle };
}

/** By the model while nothing is over-utilised, otherwise -1. */
function placeByModel(p: task_struct, t: TaskUse, idle: cpumask, prev_cpu: s32): s32 {
  scan(p, t, idle, prev_cpu);
  if (overutilised) {
    nr_over.inc();
    return -1;
  }
  // Unlike the kernel's fair class, a queue here has no preemption: who waits may wait for long.
  let cpu = patient ? s32(-1) : cheapest(t, true, prev_cpu);
  if (cpu < 0) cpu = cheapest(t, false, prev_cpu);
  if (cpu < 0) {
    nr_full.inc();
    return -1;
  }
  nr_model.inc();
  if (cpu === prev_cpu) nr_kept.inc();
  return cpu;
}

export function place(p: task_struct, t: TaskUse, prev_cpu: s32): Placement {
  using idle = scx_bpf_get_idle_cpumask();
  if (mode === BY_MODEL) {
    const cpu = placeByModel(p, t, idle, prev_cpu);
    if (cpu >= 0) return taken(cpu);
  }
  if (mode === BY_PACKING) {
    const cpu = warmest(p, t, idle, prev_cpu);
    if (cpu >= 0) {
      nr_packed.inc();
      return taken(cpu);
    }
  }
  if (mode !== BY_MODEL) nr_spread.inc();
  const cpu = widest(p, idle, prev_cpu);
  if (cpu >= 0) return taken(cpu);
  return { cpu: prev_cpu, is_idle: false };
}

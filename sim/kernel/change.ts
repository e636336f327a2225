import type { Cgroup } from './cgroup.js';
import type { Cpu } from './cpu.js';
import type { CpuMask } from './cpumask.js';
import { setCpu } from './dispatch.js';
import { dequeueTask, enqueueTask, unplace } from './enqueue.js';
import type { Kernel } from './kernel.js';
import { checkPreempt, classOf, disableTask, enableTask } from './life.js';
import { Log } from './log.js';
import { resched } from './resched.js';
import { runningNow } from './schedule.js';
import { Deq, Enq } from './scheduler.js';
import { fallbackCpu } from './select.js';
import { Changed, Class, extWeight, Place, type Policy, type Task } from './task.js';

/** A property of a task changes: it is taken out of where it waits or runs, changed, and put back. */
export function change(k: Kernel, p: Task, apply: (cpu: Cpu) => void): void {
  const cpu = k.cpus[p.cpu]!;
  const queued = p.onQueue;
  const running = cpu.current === p;
  if (queued) dequeueTask(k, cpu, p, Deq.SAVE | (k.features.custody ? Deq.SCHED_CHANGE : 0));
  const before = p.class;
  apply(cpu);
  if (queued) {
    if (running) p.stickyCpu = cpu.id;
    enqueueTask(k, cpu, p, Enq.RESTORE);
    if (running) {
      unplace(k, cpu, p);
      p.place = Place.CPU;
      runningNow(k, cpu, p);
    }
  }
  k.log.add(k.now, Log.CHANGE, cpu.id, p.pid, 0, 0);
  if (!queued) return;
  if (running) {
    if (before !== p.class) resched(k, cpu);
  } else if (before !== p.class) checkPreempt(k, cpu, p);
}

export function setNice(k: Kernel, p: Task, nice: number): void {
  change(k, p, (cpu) => {
    p.nice = nice;
    const weight = extWeight(p.policy, nice);
    if (weight === p.weight) return p.memory.changed(p, Changed.WEIGHT);
    p.weight = weight;
    p.memory.changed(p, Changed.WEIGHT);
    const s = k.scheduler;
    if (p.class !== Class.EXT || !s?.set_weight) return;
    k.enter(cpu, 'set_weight', p);
    s.set_weight(p, weight);
    k.leave();
  });
}

/** sched_setscheduler(2). */
export function setPolicy(k: Kernel, p: Task, policy: Policy, priority = 0): void {
  change(k, p, (cpu) => {
    p.policy = policy;
    p.priority = priority;
    setClass(k, cpu, p, classOf(k, policy));
    p.memory.changed(p, Changed.WEIGHT | Changed.FLAGS);
  });
}

/** The task goes from one class to another; the scheduler is told where that is its own. */
export function setClass(k: Kernel, cpu: Cpu, p: Task, to: Class): void {
  if (p.class === to) return;
  if (p.class === Class.EXT) disableTask(k, cpu, p);
  p.class = to;
  p.fairVtime = 0;
  if (to !== Class.EXT) return;
  enableTask(k, cpu, p);
  tellMask(k, cpu, p);
}

function tellMask(k: Kernel, cpu: Cpu, p: Task): void {
  const s = k.scheduler;
  if (p.class !== Class.EXT || !s?.set_cpumask) return;
  k.enter(cpu, 'set_cpumask', p);
  s.set_cpumask(p);
  k.leave();
}

/** sched_setaffinity(2). */
export function setAffinity(k: Kernel, p: Task, mask: CpuMask): void {
  change(k, p, (cpu) => {
    p.mask = mask;
    p.memory.changed(p, Changed.MASK);
    tellMask(k, cpu, p);
  });
  const cpu = k.cpus[p.cpu]!;
  if (!p.allows(cpu.id) && p.onQueue) leaveCpu(k, cpu, p);
}

/** The task has to go elsewhere: at once if it waits, at the next schedule() if it runs. */
export function leaveCpu(k: Kernel, cpu: Cpu, p: Task): void {
  if (cpu.current === p) {
    p.mustMove = true;
    resched(k, cpu);
  } else evict(k, cpu, p);
}

/** Moves a waiting task to a CPU that it may run on. */
export function evict(k: Kernel, cpu: Cpu, p: Task): void {
  dequeueTask(k, cpu, p, 0, true);
  let to = fallbackCpu(k, p);
  if (to < 0) {
    // None of its CPUs is left: as the kernel does, it may run anywhere from now on.
    p.mask = k.machine.possible.copy();
    p.memory.changed(p, Changed.MASK);
    tellMask(k, cpu, p);
    to = fallbackCpu(k, p);
  }
  const target = k.cpus[to]!;
  setCpu(p, target);
  enqueueTask(k, target, p, Enq.MIGRATED, true);
  checkPreempt(k, target, p);
}

/** Moves a task to another cgroup; false if the scheduler forbids it. */
export function setCgroup(k: Kernel, p: Task, to: Cgroup): boolean {
  const from = p.cgroup;
  if (from === to) return true;
  const s = k.scheduler;
  const cpu = k.cpus[p.cpu]!;
  const known = s !== null && p.ext !== 'none';
  if (known && s.cgroup_prep_move) {
    k.enter(cpu, 'cgroup_prep_move', p);
    const error = s.cgroup_prep_move(p, from, to);
    k.leave();
    if (error !== 0) return false;
  }
  change(k, p, () => {
    p.cgroup = to;
    p.memory.changed(p, Changed.CGROUP);
    if (!known || !s.cgroup_move) return;
    k.enter(cpu, 'cgroup_move', p);
    s.cgroup_move(p, from, to);
    k.leave();
  });
  k.hooks.cgroupMoved?.(p);
  return true;
}

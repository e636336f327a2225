import type { Cgroup } from './cgroup.js';
import type { Cpu } from './cpu.js';
import type { CpuMask } from './cpumask.js';
import { setCpu } from './dispatch.js';
import { enqueueTask } from './enqueue.js';
import { Timer } from './events.js';
import type { Kernel } from './kernel.js';
import { Log } from './log.js';
import { resched } from './resched.js';
import { goesBefore } from './schedule.js';
import { Enq, Wake } from './scheduler.js';
import { selectTaskCpu } from './select.js';
import {
  Changed,
  Class,
  extWeight,
  Place,
  type Behaviour,
  type Policy,
  type Task,
} from './task.js';
import { SimError } from '../errors.js';

export interface NewTask {
  comm: string;
  group?: string;
  policy?: Policy;
  priority?: number;
  nice?: number;
  mask?: CpuMask;
  cgroup?: Cgroup;
  tgid?: number;
  kernelThread?: boolean;
  behaviour?: Behaviour;
  /** Created and left asleep: as what ran before the scheduler came. */
  asleep?: boolean;
  cpu?: number;
}

/** The class of a policy, as things are. */
export function classOf(k: Kernel, policy: Policy): Class {
  if (policy === 'deadline') return Class.DEADLINE;
  if (policy === 'fifo' || policy === 'rr') return Class.RT;
  const on = k.scheduler !== null && (k.state === 'enabled' || k.state === 'enabling');
  if (!on) return Class.FAIR;
  return policy === 'ext' || !k.scheduler!.flags.switchPartial ? Class.EXT : Class.FAIR;
}

/** A new task, which runs as soon as it gets a CPU. Null: the scheduler's init_task() refused it. */
export function fork(k: Kernel, parent: Task | null, what: NewTask): Task | null {
  const p = k.makeTask(what.comm);
  p.parent = parent ?? undefined;
  p.tgid = what.tgid ?? p.pid;
  p.group = what.group ?? '';
  p.policy = what.policy ?? 'other';
  p.priority = what.priority ?? 0;
  p.nice = what.nice ?? 0;
  p.kernelThread = what.kernelThread ?? false;
  if (what.mask) p.mask = what.mask;
  p.cgroup = what.cgroup ?? parent?.cgroup ?? k.root;
  p.behaviour = what.behaviour;
  p.weight = extWeight(p.policy, p.nice);
  const here = k.here ?? k.cpus[k.online.first()]!;
  p.cpu = what.cpu ?? (parent ? parent.cpu : here.id);
  if (!p.mask.has(p.cpu)) p.cpu = p.mask.first();
  k.hooks.created?.(p);
  p.memory.changed(p, Changed.ALL);
  if (k.scheduler && k.state !== 'disabling') {
    const error = initTask(k, here, p, true);
    if (error !== 0) {
      k.hooks.freed?.(p);
      return null;
    }
  }
  p.class = classOf(k, p.policy);
  p.born = true;
  k.tasks.set(p.pid, p);
  if (p.class === Class.EXT) enableTask(k, here, p);
  k.log.names.set(p.pid, { name: p.comm, group: p.group });
  k.log.add(k.now, Log.FORK, here.id, p.pid, parent?.pid ?? 0, 0);
  if (parent) k.hooks.forked?.(parent, p);
  p.since = k.now;
  if (!what.asleep) activate(k, here, p, Wake.FORK, 0);
  return p;
}

/** init_task(): 0, or the error that it gave. */
export function initTask(k: Kernel, here: Cpu, p: Task, isFork: boolean): number {
  const s = k.scheduler!;
  let error = 0;
  if (s.init_task) {
    k.enter(here, 'init_task', p);
    error = s.init_task(p, isFork);
    k.leave();
  }
  if (error === 0) p.ext = 'ready';
  return error;
}

/** From now on the scheduler schedules it. */
export function enableTask(k: Kernel, here: Cpu, p: Task): void {
  const s = k.scheduler!;
  p.weight = extWeight(p.policy, p.nice);
  p.memory.changed(p, Changed.WEIGHT);
  if (s.enable) {
    k.enter(here, 'enable', p);
    s.enable(p);
    k.leave();
  }
  p.ext = 'enabled';
  if (s.set_weight) {
    k.enter(here, 'set_weight', p);
    s.set_weight(p, p.weight);
    k.leave();
  }
}

/** It leaves the scheduler's class. */
export function disableTask(k: Kernel, here: Cpu, p: Task): void {
  if (p.ext !== 'enabled') return;
  const s = k.scheduler!;
  if (s.disable) {
    k.enter(here, 'disable', p);
    s.disable(p);
    k.leave();
  }
  p.ext = 'ready';
}

/** The scheduler forgets it. */
export function exitTask(k: Kernel, here: Cpu, p: Task, cancelled: boolean): void {
  disableTask(k, here, p);
  if (p.ext === 'none') return;
  const s = k.scheduler!;
  if (s.exit_task) {
    k.enter(here, 'exit_task', p);
    s.exit_task(p, cancelled);
    k.leave();
  }
  p.ext = 'none';
}

/** Wakes a task that sleeps; false if it does not. */
export function wake(k: Kernel, p: Task, flags: number = 0): boolean {
  if (p.dead || !p.born) return false;
  if (p.blocking) {
    // It has not got to sleep yet.
    p.blocking = false;
    if (p.sleepTimer) k.events.cancel(p.sleepTimer);
    return true;
  }
  if (p.place !== Place.NONE || p.onQueue) return false;
  if (p.sleepTimer) k.events.cancel(p.sleepTimer);
  const here = k.here ?? k.cpus[k.online.has(p.cpu) ? p.cpu : k.online.first()]!;
  p.stats.wakeups++;
  p.stats.slept += k.now - p.since;
  p.wokenAt = k.now;
  p.activeSince = k.now;
  k.steal(here, k.costs.wakeup);
  activate(k, here, p, Wake.TTWU | flags, Enq.WAKEUP);
  return true;
}

function activate(k: Kernel, here: Cpu, p: Task, wakeFlags: number, flags: number): void {
  const outer = k.here;
  k.here = here;
  const { cpu, asked } = selectTaskCpu(k, here, p, wakeFlags);
  if (cpu < 0) throw new SimError('SIM_AFFINITY', `no CPU is online that ${p} may run on`);
  const target = k.cpus[cpu]!;
  setCpu(p, target);
  p.since = k.now;
  const isNew = flags === 0;
  k.log.add(k.now, isNew ? Log.WAKEUP_NEW : Log.WAKEUP, here.id, p.pid, here.current?.pid ?? 0, 0);
  enqueueTask(k, target, p, flags | (asked && !isNew ? Enq.CPU_SELECTED : 0));
  p.memory.changed(p, Changed.STATE);
  k.hooks.woken?.(p, isNew);
  // It may have been moved on, or have been put where this CPU is not concerned.
  checkPreempt(k, target, p);
  k.here = outer;
}

/** Whether a task that has become runnable takes the CPU from the one that runs there. */
export function checkPreempt(k: Kernel, cpu: Cpu, p: Task): void {
  const { current } = cpu;
  if (!current || p.class < current.class) return resched(k, cpu);
  if (p.class !== current.class || p.class === Class.EXT) return;
  if (p.class === Class.FAIR) {
    if (cpu.fair.pick(current) !== current) resched(k, cpu);
  } else if (goesBefore(p, current)) resched(k, cpu);
}

/** The running task sleeps until a time, or until it is woken. */
export function sleepUntil(k: Kernel, p: Task, until: number): void {
  p.blocking = true;
  if (until === Infinity) return;
  p.sleepTimer ??= new Timer(() => {
    // The timer interrupts the CPU that armed it.
    k.here = k.cpus[k.online.has(p.cpu) ? p.cpu : k.online.first()]!;
    wake(k, p);
  });
  k.events.arm(p.sleepTimer, until);
}

export function yieldTask(k: Kernel, cpu: Cpu, p: Task): void {
  if (p.class === Class.EXT) {
    const s = k.scheduler;
    if (s?.yield) {
      k.enter(cpu, 'yield', p);
      s.yield(p, null);
      k.leave();
    } else p.memory.setSlice(0);
  } else if (p.class === Class.FAIR) cpu.fair.yieldTo(p);
  else p.rrSlice = 0;
}

/** The last of a task, after another runs on its CPU. */
export function taskEnds(k: Kernel, p: Task): void {
  p.stats.diedAt = k.now;
  k.tasks.delete(p.pid);
  k.log.add(k.now, Log.EXIT, p.cpu, p.pid, 0, 0);
  k.hooks.exited?.(p);
  if (k.scheduler) exitTask(k, k.cpus[p.cpu]!, p, false);
  p.born = false;
  k.hooks.freeing?.(p);
  k.hooks.freed?.(p);
}

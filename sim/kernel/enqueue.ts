import type { Cpu } from './cpu.js';
import type { Dsq } from './dsq.js';
import { fail } from './fail.js';
import { SLICE_DEFAULT, type Kernel } from './kernel.js';
import { Log } from './log.js';
import { isInGate, resched } from './resched.js';
import { Deq, Enq } from './scheduler.js';
import { charge } from './account.js';
import { Changed, Class, Place, type Task } from './task.js';

const NO_CPU = -1;

/** Makes a runnable task wait for a CPU, in its class. `migrating`: it was runnable elsewhere a moment ago. */
export function enqueueTask(k: Kernel, cpu: Cpu, p: Task, flags: number, migrating = false): void {
  p.onQueue = true;
  if (p.class !== Class.EXT) {
    enqueueClass(k, cpu, p, flags);
    return;
  }
  const sticky = p.stickyCpu;
  p.stickyCpu = NO_CPU;
  cpu.runnable.add(p);
  if (p.resetRunnableAt) {
    p.runnableAt = k.now;
    p.resetRunnableAt = false;
  }
  const s = k.scheduler;
  if (s?.runnable && !migrating) {
    k.enter(cpu, 'runnable', p);
    s.runnable(p, flags);
    k.leave();
  }
  queue(k, cpu, p, flags, sticky);
}

/** What the kernel does with a task of ext that wants to run: the scheduler's decision, or one in its place. */
export function queue(k: Kernel, cpu: Cpu, p: Task, flags: number, sticky = NO_CPU): void {
  const s = k.scheduler;
  const local = (refill: boolean): void => {
    p.direct = null;
    if (refill) refillSlice(k, p);
    insert(k, cpu.local, p, flags, false);
  };
  if (sticky === cpu.id) return local(false);
  if (!cpu.online) return local(true);
  if (k.bypassing || !s) {
    if (k.bypassing) k.count('BYPASS_DISPATCH');
    p.direct = null;
    refillSlice(k, p, k.features.bypassSlice || SLICE_DEFAULT);
    const bypass = k.features.bypassQueuePerCpu ? cpu.bypassQueue : k.globalQueueOf(cpu);
    return insert(k, bypass, p, flags, false);
  }
  if (p.direct) return insertDirect(k, cpu, p, flags);
  if (p.exiting && !s.flags.enqExiting) {
    k.count('ENQ_SKIP_EXITING');
    return local(true);
  }
  if (p.migrationDisabled > 0 && k.features.migrationDisabled && !s.flags.enqMigrationDisabled) {
    k.count('ENQ_SKIP_MIGRATION_DISABLED');
    return local(true);
  }
  if (!s.enqueue) {
    refillSlice(k, p);
    return insert(k, k.globalQueueOf(cpu), p, flags, false);
  }
  p.custodyCount++;
  p.place = Place.BPF;
  p.custody = true;
  k.enter(cpu, 'enqueue', p);
  s.enqueue(p, flags);
  k.leave();
  // Somebody may have dispatched it meanwhile.
  if (p.direct && p.place === Place.BPF) insertDirect(k, cpu, p, flags);
}

/** Carries out what select_cpu() or enqueue() inserted. */
function insertDirect(k: Kernel, cpu: Cpu, p: Task, flags: number): void {
  const { dsq, flags: more, vtime, where } = p.direct!;
  p.direct = null;
  const target = dsq === 'local' ? cpu.local : dsq;
  if (target.kind === 'local' && target.owner !== cpu.id) {
    // Another CPU's queue cannot be locked here: it is done once this operation is over.
    p.place = Place.DEFERRED;
    p.deferred = { dsq: target, flags: flags | more, where };
    cpu.deferredLocal.push(p);
    k.defer(cpu);
    return;
  }
  insert(k, target, p, flags | more, vtime, where);
}

/** Puts a task into a dispatch queue. */
export function insert(
  k: Kernel,
  dsq: Dsq,
  p: Task,
  flags: number,
  vtime: boolean,
  where = k.where(),
): void {
  if (vtime && dsq.kind !== 'user') {
    fail(k, 'cannot use vtime ordering for built-in DSQs');
    vtime = false;
  }
  if (dsq.count > 0 && dsq.byVtime !== vtime && dsq.kind === 'user') {
    fail(k, `DSQ ID 0x${hex(dsq)} already had ${vtime ? 'FIFO' : 'PRIQ'}-enqueued tasks`);
    vtime = dsq.byVtime;
  }
  p.place = Place.QUEUE;
  if (vtime) dsq.insert(p);
  else dsq.push(p, (flags & (Enq.HEAD | Enq.PREEMPT)) !== 0);
  p.memory.changed(p, Changed.QUEUE);
  if (k.scheduler) {
    const here = k.frame.cpu?.id ?? p.cpu;
    k.log.add(k.now, Log.INSERT, here, p.pid, dsq.owner, logKey(dsq), where);
  }
  // A queue of the kernel that leads to a CPU ends the scheduler's custody.
  if (dsq.kind !== 'user') leaveCustody(k, p, 0);
  if (dsq.kind !== 'local') return;
  const cpu = k.cpus[dsq.owner]!;
  if (isInGate(cpu)) return;
  const { current } = cpu;
  if (!current) return resched(k, cpu);
  if (flags & Enq.PREEMPT && current !== p && current.class === Class.EXT) {
    current.memory.setSlice(0);
    resched(k, cpu);
  }
}

const hex = (dsq: Dsq): string => dsq.key.toString(16).padStart(16, '0');

/** A queue in the log: the key of a scheduler's own, or a number below 0 for the kernel's. */
export const LOGGED = { global: -1, bypass: -2, local: -10 };

function logKey(dsq: Dsq): number | bigint {
  if (dsq.kind === 'user') return dsq.key;
  return dsq.kind === 'local' ? LOGGED.local - dsq.owner : LOGGED[dsq.kind];
}

/** Newer kernels tell the scheduler of every task that leaves its hands. */
export function leaveCustody(k: Kernel, p: Task, flags: number): void {
  if (!p.custody) return;
  p.custody = false;
  const s = k.scheduler;
  if (!k.features.custody || !s?.dequeue) return;
  k.enter(k.cpus[p.cpu]!, 'dequeue', p);
  s.dequeue(p, flags);
  k.leave();
}

/** A whole slice, of the kernel's length. */
export function refillSlice(k: Kernel, p: Task, ns = SLICE_DEFAULT): void {
  k.count('REFILL_SLICE_DFL');
  p.memory.setSlice(ns);
}

/** Takes a task out of where it waits. */
export function unplace(k: Kernel, cpu: Cpu, p: Task): void {
  if (p.place === Place.QUEUE) p.dsq!.remove(p);
  else if (p.place === Place.DEFERRED) {
    cpu.deferredLocal.splice(cpu.deferredLocal.indexOf(p), 1);
    p.deferred = null;
  } else if (p.place === Place.CLASS) {
    if (p.class === Class.FAIR) cpu.fair.remove(p);
    else cpu.realtime.splice(cpu.realtime.indexOf(p), 1);
  }
  if (p.place !== Place.CPU) p.place = Place.NONE;
  p.memory.changed(p, Changed.QUEUE);
}

/** A task stops being runnable on a CPU: it sleeps, changes, or (`migrating`) goes elsewhere. */
export function dequeueTask(k: Kernel, cpu: Cpu, p: Task, flags: number, migrating = false): void {
  const running = cpu.current === p;
  if (running) charge(k, cpu);
  p.onQueue = false;
  if (p.class !== Class.EXT) {
    if (p.class === Class.FAIR) cpu.fair.leave(p, fairCurrent(cpu));
    unplace(k, cpu, p);
    return;
  }
  const s = k.scheduler;
  if (k.features.custody) leaveCustody(k, p, flags);
  else if (p.place === Place.BPF) {
    p.custody = false;
    if (s?.dequeue) {
      k.enter(cpu, 'dequeue', p);
      s.dequeue(p, flags);
      k.leave();
    }
  }
  p.custodyCount++;
  unplace(k, cpu, p);
  cpu.runnable.delete(p);
  p.direct = null;
  if (running && s?.stopping) {
    k.enter(cpu, 'stopping', p);
    s.stopping(p, false);
    k.leave();
  }
  if (s?.quiescent && !migrating) {
    k.enter(cpu, 'quiescent', p);
    s.quiescent(p, flags);
    k.leave();
  }
  p.resetRunnableAt = p.resetRunnableAt || (flags & Deq.SLEEP) !== 0;
}

/** RT tasks by priority, first come first served; fair ones by their virtual deadlines. */
function enqueueClass(k: Kernel, cpu: Cpu, p: Task, flags: number): void {
  p.place = Place.CLASS;
  if (p.class === Class.FAIR) {
    cpu.fair.arrive(p, fairCurrent(cpu));
    return;
  }
  pushRealtime(cpu, p, (flags & Enq.HEAD) !== 0);
}

function fairCurrent(cpu: Cpu): Task | null {
  return cpu.current?.class === Class.FAIR ? cpu.current : null;
}

export function pushRealtime(cpu: Cpu, p: Task, atHead: boolean): void {
  const rank = (t: Task): number => (t.class === Class.DEADLINE ? -1 : 99 - t.priority);
  const at = cpu.realtime.findIndex((t) => (atHead ? rank(t) >= rank(p) : rank(t) > rank(p)));
  cpu.realtime.splice(at < 0 ? cpu.realtime.length : at, 0, p);
}

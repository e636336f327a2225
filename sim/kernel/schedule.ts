import { armWork, charge, progress, respeed, respeedSiblings } from './account.js';
import type { Cpu } from './cpu.js';
import { balance } from './dispatch.js';
import { dequeueTask, pushRealtime, queue, refillSlice, insert } from './enqueue.js';
import { SimError } from '../errors.js';
import { tracksIdle } from './idle.js';
import type { Kernel } from './kernel.js';
import { Left, Log } from './log.js';
import { resched } from './resched.js';
import { Deq, Enq, type ReleaseReason } from './scheduler.js';
import { Changed, Class, Place, type Task } from './task.js';
import { evict } from './change.js';
import { sleepUntil, taskEnds, yieldTask } from './life.js';
import { startTick } from './tick.js';

/** A task that asks for so many steps in no time never gets anywhere. */
const MAX_STEPS = 100_000;

/** Chooses what a CPU runs next. */
export function schedule(k: Kernel, cpu: Cpu): void {
  if (!cpu.online) return;
  k.here = cpu;
  cpu.schedules++;
  const prev = cpu.current;
  charge(k, cpu);
  k.steal(cpu, k.costs.schedule);
  const left = prev?.blocking ? (prev.dead ? Left.EXITED : Left.SLEEPS) : Left.PREEMPTED;
  if (prev?.blocking) {
    prev.blocking = false;
    dequeueTask(k, cpu, prev, Deq.SLEEP);
  }
  const gone = prev !== null && prev.mustMove && prev.onQueue;
  if (gone) evictRunning(k, cpu, prev);
  const next = pick(k, cpu, gone ? null : prev);
  if (next === prev) {
    if (next) armWork(k, cpu);
    else refreshIdle(k, cpu);
    return;
  }
  if (!prev) leaveIdle(k, cpu);
  else if (!gone) putPrevious(k, cpu, prev, next);
  if (next) setNext(k, cpu, next);
  else cpu.current = null;
  switched(k, cpu, prev, next, left);
  if (!next) enterIdle(k, cpu);
  respeedSiblings(k, cpu);
}

/** Takes a task off a CPU where it may run no longer. */
function evictRunning(k: Kernel, cpu: Cpu, p: Task): void {
  putPrevious(k, cpu, p, p);
  cpu.current = null;
  p.mustMove = false;
  evict(k, cpu, p);
}

/** The running task leaves a CPU that goes. */
export function putAway(k: Kernel, cpu: Cpu): void {
  const p = cpu.current!;
  charge(k, cpu);
  const sleeps = p.blocking;
  if (sleeps) {
    p.blocking = false;
    dequeueTask(k, cpu, p, Deq.SLEEP);
    putPrevious(k, cpu, p, null);
    cpu.current = null;
  } else evictRunning(k, cpu, p);
  switched(k, cpu, p, null, sleeps ? Left.SLEEPS : Left.PREEMPTED);
}

/** The next task, which may be the running one; null: none. Classes above ext go first. */
function pick(k: Kernel, cpu: Cpu, prev: Task | null): Task | null {
  const { dispatchInBalance } = k.features;
  const enabled = k.scheduler !== null;
  // Older kernels balance from the class of the running task on: ext's dispatch() is called even if an RT task is next.
  const above = hasAbove(cpu, prev);
  if (enabled && dispatchInBalance && (prev?.class === Class.EXT || !above)) balance(k, cpu, prev);
  const higher = pickAbove(cpu, prev);
  if (higher) return higher;
  if (!enabled) return cpu.local.first;
  if (!dispatchInBalance) balance(k, cpu, prev);
  if (cpu.keep && prev?.onQueue) {
    cpu.keep = false;
    if (prev.memory.slice() === 0) refillSlice(k, prev, sliceOf(k));
    return prev;
  }
  const first = cpu.local.first;
  if (first && first.memory.slice() === 0) refillSlice(k, first, sliceOf(k));
  return first;
}

function sliceOf(k: Kernel): number | undefined {
  return k.bypassing && k.features.bypassSlice ? k.features.bypassSlice : undefined;
}

function hasAbove(cpu: Cpu, prev: Task | null): boolean {
  return (
    cpu.realtime.length > 0 ||
    cpu.fair.count > 0 ||
    (prev !== null && prev.onQueue && prev.class < Class.EXT)
  );
}

function pickAbove(cpu: Cpu, prev: Task | null): Task | null {
  const running = prev?.onQueue && prev.class < Class.EXT ? prev : null;
  const first = cpu.realtime[0];
  if (running && running.class < Class.FAIR) {
    if (!first || !goesBefore(first, running)) return running;
    return first;
  }
  if (first) return first;
  if (running === null && cpu.fair.count === 0) return null;
  return cpu.fair.pick(running);
}

/** Whether a waiting RT or deadline task takes the CPU of the one that runs. */
export function goesBefore(waiting: Task, running: Task): boolean {
  if (waiting.class !== running.class) return waiting.class < running.class;
  if (waiting.priority !== running.priority) return waiting.priority > running.priority;
  return running.policy === 'rr' && running.rrSlice <= 0;
}

/** The running task makes way; if it could go on, it waits again. */
function putPrevious(k: Kernel, cpu: Cpu, prev: Task, next: Task | null): void {
  const s = k.scheduler;
  if (prev.onQueue) {
    prev.stats.preemptions++;
    prev.since = k.now;
  }
  prev.place = Place.NONE;
  prev.memory.changed(prev, Changed.RUNNING);
  if (prev.class !== Class.EXT) {
    if (!prev.onQueue) return;
    prev.place = Place.CLASS;
    if (prev.class === Class.FAIR) cpu.fair.add(prev);
    else {
      const expired = prev.policy === 'rr' && prev.rrSlice <= 0;
      pushRealtime(cpu, prev, !expired);
    }
    return;
  }
  if (prev.onQueue) {
    if (s?.stopping) {
      k.enter(cpu, 'stopping', prev);
      s.stopping(prev, true);
      k.leave();
    }
    prev.runnableAt = k.now;
    cpu.inBalance = true;
    if (prev.memory.slice() > 0 && !k.bypassing) insert(k, cpu.local, prev, Enq.HEAD, false);
    else {
      const last = next === null && s?.flags.enqLast === true;
      queue(k, cpu, prev, last ? Enq.LAST : 0);
    }
    cpu.inBalance = false;
    // With nothing else to run, what was just queued here may be.
    if (next === null && cpu.local.count > 0) resched(k, cpu);
  }
  if (s && next && next !== prev && next.class < Class.EXT && !cpu.released) {
    cpu.released = true;
    cpu.releaseReason = releaseReason(next);
    if (s.cpu_release) {
      k.enter(cpu, 'cpu_release', next);
      s.cpu_release(cpu.id, cpu.releaseReason, next);
      k.leave();
    }
  }
}

function releaseReason(next: Task): ReleaseReason {
  if (next.class === Class.RT) return 'rt';
  return next.class === Class.DEADLINE ? 'dl' : 'unknown';
}

function setNext(k: Kernel, cpu: Cpu, next: Task): void {
  if (next.place === Place.QUEUE) next.dsq!.remove(next);
  else if (next.place === Place.CLASS) {
    if (next.class === Class.FAIR) cpu.fair.remove(next);
    else cpu.realtime.splice(cpu.realtime.indexOf(next), 1);
  }
  next.place = Place.CPU;
  cpu.current = next;
  cpu.accountedAt = k.now;
  cpu.progressedAt = k.now;
  if (next.policy === 'rr' && next.rrSlice <= 0) next.rrSlice = 100_000_000;
  next.memory.changed(next, Changed.RUNNING | Changed.QUEUE);
  runningNow(k, cpu, next);
}

/** Tells the scheduler that a task has got its CPU. */
export function runningNow(k: Kernel, cpu: Cpu, p: Task): void {
  const s = k.scheduler;
  if (p.class !== Class.EXT || !s?.running) return;
  k.enter(cpu, 'running', p);
  s.running(p);
  k.leave();
}

function switched(k: Kernel, cpu: Cpu, prev: Task | null, next: Task | null, left: number): void {
  cpu.switches++;
  k.steal(cpu, k.costs.contextSwitch);
  k.log.add(k.now, Log.SWITCH, cpu.id, next?.pid ?? 0, prev?.pid ?? 0, prev ? left : Left.IDLE);
  k.hooks.switched?.(cpu.id, left === Left.PREEMPTED, prev ?? cpu.idleTask, next ?? cpu.idleTask);
  if (prev && !prev.onQueue) {
    prev.since = k.now;
    if (left === Left.SLEEPS && prev.activeSince >= 0)
      k.hooks.response?.(prev, k.now - prev.activeSince);
  }
  if (!next) {
    k.events.cancel(cpu.tickTimer);
    k.events.cancel(cpu.workTimer);
    if (prev?.dead) taskEnds(k, prev);
    return;
  }
  const waited = k.now - next.since;
  next.stats.waited += waited;
  if (waited > next.stats.longestWait) next.stats.longestWait = waited;
  next.stats.switches++;
  if (next.wokenAt >= 0) {
    k.hooks.latency?.(next, k.now - next.wokenAt);
    next.wokenAt = -1;
  }
  if (next.ranOn !== cpu.id) {
    if (next.ranOn >= 0) {
      next.stats.migrations++;
      k.steal(cpu, migrationCost(k, next.ranOn, cpu.id));
    }
    next.ranOn = cpu.id;
  }
  cpu.speed = NaN;
  respeed(k, cpu);
  armWork(k, cpu);
  startTick(k, cpu);
  if (prev?.dead) taskEnds(k, prev);
}

function migrationCost(k: Kernel, from: number, to: number): number {
  const { machine, costs } = k;
  if (machine.coreMasks[from]!.has(to)) return 0;
  if (machine.llcMasks[from]!.has(to)) return costs.migration;
  return machine.nodeMasks[from]!.has(to) ? costs.migrationCache : costs.migrationNode;
}

function enterIdle(k: Kernel, cpu: Cpu): void {
  cpu.idleSince = k.now;
  cpu.overhead = 0;
  updateIdle(k, cpu, true);
}

function leaveIdle(k: Kernel, cpu: Cpu): void {
  cpu.progressedAt = k.now;
  updateIdle(k, cpu, false);
}

/** It was woken for nothing: whoever claimed it has not used it. */
function refreshIdle(k: Kernel, cpu: Cpu): void {
  if (tracksIdle(k.scheduler)) k.idle.set(cpu.id, true);
}

export function updateIdle(k: Kernel, cpu: Cpu, idle: boolean): void {
  const s = k.scheduler;
  const tell = (): void => {
    if (!s?.update_idle || k.bypassing) return;
    k.enter(cpu, 'update_idle', null);
    s.update_idle(cpu.id, idle);
    k.leave();
  };
  if (k.features.masksAfterUpdateIdle) tell();
  if (tracksIdle(s)) k.idle.set(cpu.id, idle);
  if (!k.features.masksAfterUpdateIdle) tell();
}

/** The running task has done its work, as far as can be seen: what does it do next? */
export function workDone(k: Kernel, cpu: Cpu): void {
  const p = cpu.current;
  // One that is about to sleep or exit has nothing more to do, even if its CPU's speed changed meanwhile.
  if (!p || p.blocking) return;
  k.here = cpu;
  progress(k, cpu);
  for (let steps = 0; ; steps++) {
    if (cpu.overhead > 0 || p.work > 0) return armWork(k, cpu);
    if (steps === MAX_STEPS)
      throw new SimError(
        'SIM_LOAD',
        `${p} does ${MAX_STEPS} steps without running or sleeping`,
        'let its loop run or sleep for some time',
      );
    const step = p.behaviour?.next(p) ?? { do: 'sleep', until: Infinity };
    if (step.do === 'run') p.work = step.work;
    else {
      if (step.do === 'yield') yieldTask(k, cpu, p);
      else if (step.do === 'sleep') sleepUntil(k, p, step.until);
      else {
        p.dead = true;
        p.exiting = true;
        p.memory.changed(p, Changed.FLAGS);
        p.blocking = true;
      }
      resched(k, cpu, cpu);
      return;
    }
  }
}

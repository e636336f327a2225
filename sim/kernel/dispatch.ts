import { charge } from './account.js';
import type { Cpu, Dispatched } from './cpu.js';
import type { Dsq } from './dsq.js';
import { insert } from './enqueue.js';
import { fail } from './fail.js';
import type { Kernel } from './kernel.js';
import { resched } from './resched.js';
import { Changed, Class, Place, type Task } from './task.js';

/** Rounds of dispatch() that bring nothing to run, before the CPU looks again later: SCX_DSP_MAX_LOOPS. */
const MAX_ROUNDS = 32;
/** Tasks that one round may insert: SCX_DSP_DFL_MAX_BATCH. */
const BATCH = 32;

export function maxBatch(k: Kernel): number {
  return k.scheduler?.dispatchMaxBatch || BATCH;
}

/**
 * Sees to it that the CPU's local queue holds something to run, or finds that the running task goes on (`cpu.keep`).
 */
export function balance(k: Kernel, cpu: Cpu, prev: Task | null): void {
  const s = k.scheduler;
  if (!s) return;
  cpu.inBalance = true;
  cpu.keep = false;
  if (cpu.released) {
    cpu.released = false;
    if (s.cpu_acquire) {
      k.enter(cpu, 'cpu_acquire', null);
      s.cpu_acquire(cpu.id);
      k.leave();
    }
  }
  const own = prev?.class === Class.EXT ? prev : null;
  if (own) charge(k, cpu);
  const goesOn = own?.onQueue ?? false;
  if (goesOn && own!.memory.slice() > 0 && !k.bypassing) cpu.keep = true;
  else if (!hasWork(k, cpu) && !dispatch(k, cpu, own)) {
    if (goesOn && own!.memory.slice() > 0) cpu.keep = true;
    else if (goesOn && (!s.flags.enqLast || k.bypassing)) {
      k.count('DISPATCH_KEEP_LAST');
      cpu.keep = true;
    }
  }
  cpu.inBalance = false;
}

/** Something in the local queue, or in one of the kernel's that this CPU takes from. */
function hasWork(k: Kernel, cpu: Cpu): boolean {
  if (cpu.local.count > 0) return true;
  if (k.features.bypassQueuePerCpu && cpu.bypassQueue.count > 0 && consume(k, cpu, cpu.bypassQueue))
    return true;
  return consume(k, cpu, k.globalQueueOf(cpu));
}

/** Asks the scheduler; true if there is something to run besides the running task. */
function dispatch(k: Kernel, cpu: Cpu, own: Task | null): boolean {
  const s = k.scheduler!;
  if (!s.dispatch || k.bypassing || !cpu.online) return false;
  for (let round = 1; ; round++) {
    cpu.dispatched = 0;
    k.enter(cpu, 'dispatch', own);
    s.dispatch(cpu.id, own);
    k.leave();
    flush(k, cpu);
    if (own?.onQueue && own.memory.slice() > 0) return false;
    if (hasWork(k, cpu)) return true;
    if (cpu.dispatched === 0) return false;
    if (round === MAX_ROUNDS) {
      // What it inserts does not run here: somebody else may need the time.
      resched(k, cpu);
      return false;
    }
  }
}

/** Carries out what dispatch() has inserted so far. */
export function flush(k: Kernel, cpu: Cpu): void {
  const { buffer } = cpu;
  if (buffer.length === 0) return;
  cpu.buffer = [];
  cpu.dispatched += buffer.length;
  for (const entry of buffer) finish(k, cpu, entry);
}

/** A task was inserted into a queue that there is not. */
export function failNoQueue(k: Kernel, p: Task, key: string): void {
  fail(k, `non-existent DSQ 0x${key}${k.features.queueErrorNamesTask ? ` for ${p}` : ''}`);
}

function finish(k: Kernel, cpu: Cpu, entry: Dispatched): void {
  const { task } = entry;
  // Gone since, or taken by another CPU: not an error.
  if (task.place !== Place.BPF || task.custodyCount !== entry.custody) return;
  let { dsq, vtime } = entry;
  if (dsq === null) {
    failNoQueue(k, task, entry.key);
    dsq = k.globalQueueOf(k.cpus[task.cpu]!);
    vtime = false;
  }
  moveTo(k, task, dsq === 'local' ? cpu.local : dsq, entry.flags, vtime, entry.where);
}

/** Puts a task that waits nowhere else into a queue, on the CPU that the queue belongs to. */
export function moveTo(
  k: Kernel,
  p: Task,
  dsq: Dsq,
  flags: number,
  vtime: boolean,
  where?: string,
): void {
  if (dsq.kind === 'local' && dsq.owner !== p.cpu) {
    const cpu = k.cpus[dsq.owner]!;
    if (mayMove(k, p, cpu, true)) migrate(k, p, cpu);
    else dsq = k.globalQueueOf(k.cpus[p.cpu]!);
  }
  insert(k, dsq, p, flags, vtime, where);
}

/** Whether a task can be run by a CPU that it does not wait on. */
export function mayMove(k: Kernel, p: Task, cpu: Cpu, mustBe: boolean): boolean {
  if (!p.mask.has(cpu.id)) {
    if (mustBe)
      fail(k, `SCX_DSQ_LOCAL[_ON] ${k.features.verdictWord} ${cpu.id} not allowed for ${p}`);
    return false;
  }
  if (p.migrationDisabled > 0 && p.cpu !== cpu.id) {
    if (mustBe)
      fail(
        k,
        `SCX_DSQ_LOCAL[_ON] cannot move migration disabled ${p} from CPU ${p.cpu} to ${cpu.id}`,
      );
    return false;
  }
  if (cpu.online) return true;
  if (mustBe) k.count('DISPATCH_LOCAL_DSQ_OFFLINE');
  return false;
}

/** Moves a waiting task to another CPU. */
export function migrate(k: Kernel, p: Task, cpu: Cpu): void {
  if (p.cpu === cpu.id) return;
  k.cpus[p.cpu]!.runnable.delete(p);
  setCpu(p, cpu);
  cpu.runnable.add(p);
}

export function setCpu(p: Task, cpu: Cpu): void {
  if (p.cpu === cpu.id) return;
  p.cpu = cpu.id;
  p.memory.changed(p, Changed.CPU);
}

/** Takes the first task that this CPU may run out of a queue into its local one. */
export function consume(k: Kernel, cpu: Cpu, dsq: Dsq): boolean {
  if (dsq.count === 0) return false;
  for (const p of dsq) {
    if (p.cpu !== cpu.id && !mayMove(k, p, cpu, false)) continue;
    dsq.remove(p);
    migrate(k, p, cpu);
    insert(k, cpu.local, p, 0, false);
    return true;
  }
  return false;
}

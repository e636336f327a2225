// scx_bpf_* functions about dispatch queues, on tasks and queues of the model. What binds a program to the model
// (sim/guest) turns addresses and halves into these.
import { consume, failNoQueue, flush, maxBatch, mayMove, migrate, moveTo } from './dispatch.js';
import { Dsq, type DsqKey, type DsqWalk } from './dsq.js';
import { insert } from './enqueue.js';
import { fail } from './fail.js';
import type { Kernel } from './kernel.js';
import { resched } from './resched.js';
import { Place, type Task } from './task.js';

const EEXIST = -17;
const ENOENT = -2;
const EINVAL = -22;

/** Where a program wants a task: a queue of its own by key, or one of the kernel's. */
export type Target =
  | { to: 'local' }
  | { to: 'local-on'; cpu: number }
  | { to: 'global' }
  | { to: 'user'; key: DsqKey };

const keyText = (key: DsqKey): string => key.toString(16);

/** The queue, 'local' for the local one of whoever carries it out, null: there is none (and an error). */
function resolve(k: Kernel, p: Task | null, target: Target): Dsq | 'local' | null {
  if (target.to === 'local') return 'local';
  if (target.to === 'global') return k.globalQueueOf(k.cpus[p?.cpu ?? 0]!);
  if (target.to === 'user') return k.queues.get(target.key) ?? null;
  const cpu = k.cpus[target.cpu];
  if (cpu) return cpu.local;
  fail(k, `invalid CPU ${target.cpu} in SCX_DSQ_LOCAL_ON verdict`);
  return k.globalQueueOf(k.cpus[p?.cpu ?? 0]!);
}

/**
 * scx_bpf_dsq_insert(), and _vtime() with `vtime` in halves: direct in select_cpu() and enqueue(), later in dispatch().
 * `slice` 0 keeps what the task has.
 */
export function dsqInsert(
  k: Kernel,
  p: Task,
  target: Target,
  slice: number,
  flags: number,
  vtime?: { low: number; high: number },
): boolean {
  const { frame } = k;
  const { memory } = p;
  if (slice > 0) memory.setSlice(slice);
  else if (memory.slice() === 0) memory.setSlice(1);
  if (vtime) {
    p.vtimeLow = vtime.low;
    p.vtimeHigh = vtime.high;
    memory.setVtime(vtime.low, vtime.high);
  }
  const dsq = resolve(k, p, target);
  const byVtime = vtime !== undefined;
  if (frame.callback === 'select_cpu' || frame.callback === 'enqueue') {
    if (p !== frame.task) {
      fail(
        k,
        `attempting to direct-dispatch ${p} when trying to ${frame.callback === 'enqueue' ? 'enqueue' : 'select a CPU for'} ${frame.task}`,
      );
      return false;
    }
    if (p.direct) {
      fail(k, `${p} already direct-dispatched`);
      return false;
    }
    if (dsq === null && target.to === 'user') failNoQueue(k, p, keyText(target.key));
    p.direct = {
      dsq: dsq ?? k.globalQueueOf(k.cpus[p.cpu]!),
      flags,
      vtime: byVtime && dsq !== null,
      where: k.where(),
    };
    return true;
  }
  const { cpu } = frame;
  if (frame.callback !== 'dispatch' || !cpu) {
    fail(k, `kfunc with mask 0x6 called from an operation only allowing 0x0`);
    return false;
  }
  if (cpu.buffer.length >= maxBatch(k)) {
    fail(k, 'dispatch buffer overflow');
    return false;
  }
  const key = target.to === 'user' ? keyText(target.key) : '';
  const where = k.where();
  cpu.buffer.push({ task: p, custody: p.custodyCount, dsq, key, flags, vtime: byVtime, where });
  return true;
}

/** scx_bpf_dispatch_nr_slots(). */
export function dispatchSlots(k: Kernel): number {
  const { cpu, callback } = k.frame;
  return cpu && callback === 'dispatch' ? maxBatch(k) - cpu.buffer.length : 0;
}

/** scx_bpf_dispatch_cancel(): forgets the last insert of this dispatch(). */
export function dispatchCancel(k: Kernel): void {
  const { cpu } = k.frame;
  if (!cpu) return;
  if (cpu.buffer.length > 0) cpu.buffer.pop();
  else fail(k, 'dispatch buffer underflow');
}

/** scx_bpf_dsq_move_to_local(). */
export function dsqMoveToLocal(k: Kernel, key: DsqKey): boolean {
  const { cpu, callback } = k.frame;
  if (!cpu || callback !== 'dispatch') {
    fail(k, `kfunc with mask 0x2 called from an operation only allowing 0x0`);
    return false;
  }
  flush(k, cpu);
  const dsq = k.queues.get(key);
  if (!dsq) {
    fail(k, `invalid DSQ ID 0x${key.toString(16).padStart(16, '0')}`);
    return false;
  }
  if (!consume(k, cpu, dsq)) return false;
  cpu.dispatched++;
  return true;
}

/** scx_bpf_dsq_move() and _vtime(): the task that a walk stands at goes to another queue. */
export function dsqMove(
  k: Kernel,
  walk: DsqWalk,
  p: Task,
  target: Target,
  flags: number,
  byVtime: boolean,
): boolean {
  const from = walk.dsq;
  // Gone since the walk came by it, or never there.
  if (p.place !== Place.QUEUE || p.dsq !== from) return false;
  const here = k.frame.cpu ?? k.cpus[p.cpu]!;
  let dsq = resolve(k, p, target);
  if (dsq === null) {
    if (target.to === 'user') failNoQueue(k, p, keyText(target.key));
    dsq = k.globalQueueOf(here);
  }
  if (dsq === 'local') dsq = here.local;
  if (dsq.kind === 'local') {
    const cpu = k.cpus[dsq.owner]!;
    if (p.cpu !== cpu.id && !mayMove(k, p, cpu, true)) dsq = k.globalQueueOf(k.cpus[p.cpu]!);
  }
  if (walk.slice !== undefined) p.memory.setSlice(walk.slice);
  if (walk.vtime && byVtime) p.memory.setVtime(walk.vtime.low, walk.vtime.high);
  from.remove(p);
  if (byVtime) {
    const vtime = walk.vtime ?? p.memory.vtime();
    p.vtimeLow = vtime.low;
    p.vtimeHigh = vtime.high;
  }
  walk.slice = undefined;
  walk.vtime = undefined;
  if (k.frame.callback === 'dispatch' && here) here.dispatched++;
  if (dsq.kind === 'local') {
    const cpu = k.cpus[dsq.owner]!;
    migrate(k, p, cpu);
    insert(k, dsq, p, flags, false);
    if (cpu !== here && !cpu.current) resched(k, cpu, here);
  } else moveTo(k, p, dsq, flags, byVtime);
  return true;
}

/** scx_bpf_create_dsq(): 0 or an errno. */
export function createDsq(k: Kernel, key: DsqKey, node: number): number {
  if (BigInt(key) >> 63n) return EINVAL;
  if (k.queues.has(key)) return EEXIST;
  k.queues.set(key, new Dsq('user', key, node));
  return 0;
}

/** scx_bpf_destroy_dsq(). */
export function destroyDsq(k: Kernel, key: DsqKey): void {
  const dsq = k.queues.get(key);
  if (!dsq) return;
  if (dsq.count > 0)
    fail(k, `attempting to destroy in-use dsq 0x${keyText(key)} (nr=${dsq.count})`);
  else k.queues.delete(key);
}

/** scx_bpf_dsq_nr_queued(): the count or an errno. */
export function dsqNrQueued(k: Kernel, target: Target): number {
  if (target.to === 'user') return k.queues.get(target.key)?.count ?? ENOENT;
  if (target.to === 'local-on') return k.cpus[target.cpu]?.local.count ?? ENOENT;
  if (target.to === 'local') return (k.frame.cpu ?? k.here ?? k.cpus[0]!).local.count;
  return ENOENT;
}

/** bpf_iter_scx_dsq_new(): null if there is no such queue. */
export function dsqWalk(k: Kernel, key: DsqKey, reverse: boolean): DsqWalk | null {
  return k.queues.get(key)?.walk(reverse) ?? null;
}

/** scx_bpf_dsq_peek(). */
export function dsqPeek(k: Kernel, key: DsqKey): Task | null {
  return k.queues.get(key)?.first ?? null;
}

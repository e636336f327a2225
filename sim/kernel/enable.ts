import { SimError } from '../errors.js';
import { setBypass } from './bypass.js';
import { change, setClass } from './change.js';
import type { Cpu } from './cpu.js';
import { takeDump } from './dump.js';
import { Timer } from './events.js';
import { endScheduler, fail } from './fail.js';
import { tracksIdle } from './idle.js';
import type { Kernel } from './kernel.js';
import { classOf, exitTask, initTask } from './life.js';
import { Log } from './log.js';
import type { Scheduler } from './scheduler.js';
import { Class } from './task.js';
import { NS_PER_MS } from './kernel.js';

const DEFAULT_TIMEOUT_MS = 30_000;

/** Attaches a scheduler: what happens when its struct_ops link is made. It may end at once: see `k.exit`. */
export function enable(k: Kernel, scheduler: Scheduler): void {
  if (k.scheduler)
    throw new SimError('SIM_BUSY', `${k.scheduler.name} is attached already: one at a time`);
  const { timeoutMs } = scheduler;
  if ((timeoutMs ?? 0) > DEFAULT_TIMEOUT_MS)
    throw new SimError(
      'SIM_REFUSED',
      `timeout_ms is ${timeoutMs}: kernels refuse more than ${DEFAULT_TIMEOUT_MS}`,
    );
  const here = k.here ?? k.cpus[k.online.first()]!;
  k.here = here;
  k.scheduler = scheduler;
  k.state = 'enabling';
  k.exit.reset();
  if (!initialise(k, here) || !validate(k)) {
    unwind(k, here);
    return;
  }
  setBypass(k, true);
  for (const p of [...k.tasks.values()]) {
    const error = p.dead ? 0 : initTask(k, here, p, false);
    if (error === 0) continue;
    fail(k, `ops.init_task() failed (${error}) for ${p}`);
    break;
  }
  if (!k.exit.info) {
    for (const p of [...k.tasks.values()]) {
      const to = classOf(k, p.policy);
      if (p.dead || p.class === to || p.class < Class.FAIR) continue;
      change(k, p, (cpu) => {
        p.memory.setSlice(20 * NS_PER_MS);
        setClass(k, cpu, p, to);
      });
    }
  }
  k.state = 'enabled';
  k.enableSequence++;
  k.log.add(k.now, Log.ENABLE, here.id, 0, 0, 0);
  setBypass(k, false);
  if (k.exit.info) return disable(k);
  startWatchdog(k);
}

/** init() and cgroup_init(); false if one failed. */
function initialise(k: Kernel, here: Cpu): boolean {
  const s = k.scheduler!;
  if (s.init) {
    k.enter(here, 'init', null);
    const error = s.init();
    k.leave();
    if (error !== 0) {
      fail(k, `ops.init() failed (${error})`);
      return false;
    }
    if (k.exit.info) return false;
  }
  for (const cgroup of k.root.descendants()) {
    if (s.cgroup_init) {
      k.enter(here, 'cgroup_init', null);
      const error = s.cgroup_init(cgroup);
      k.leave();
      if (error !== 0) {
        fail(k, `ops.cgroup_init() failed (${error})`);
        return false;
      }
    }
    cgroup.initialised = true;
  }
  return true;
}

/** What the kernel does not take: told as an error of the scheduler, after its init(). */
function validate(k: Kernel): boolean {
  const s = k.scheduler!;
  if (s.flags.enqLast && !s.enqueue)
    fail(k, 'SCX_OPS_ENQ_LAST requires ops.enqueue() to be implemented');
  if (s.flags.builtinIdlePerNode && !tracksIdle(s))
    fail(k, 'SCX_OPS_BUILTIN_IDLE_PER_NODE requires CPU idle selection enabled');
  return !k.exit.info;
}

function unwind(k: Kernel, here: Cpu): void {
  k.state = 'disabling';
  leave(k, here);
}

/** Gives every task its own class back, and lets the scheduler go. */
export function disable(k: Kernel): void {
  if (!k.scheduler || k.state === 'disabled') return;
  const here = k.here ?? k.cpus[k.online.first()]!;
  k.here = here;
  takeDump(k);
  k.state = 'disabling';
  setBypass(k, true);
  if (k.watchdogTimer) k.events.cancel(k.watchdogTimer);
  for (const p of [...k.tasks.values()]) {
    if (p.class === Class.EXT) change(k, p, (cpu) => setClass(k, cpu, p, Class.FAIR));
    exitTask(k, here, p, false);
  }
  leave(k, here);
  k.bypassDepth = 0;
}

/** cgroup_exit() and exit(), and the kernel's own idle masks again. */
function leave(k: Kernel, here: Cpu): void {
  const s = k.scheduler!;
  for (const cgroup of [...k.root.descendants()].reverse()) {
    if (!cgroup.initialised) continue;
    cgroup.initialised = false;
    if (!s.cgroup_exit) continue;
    k.enter(here, 'cgroup_exit', null);
    s.cgroup_exit(cgroup);
    k.leave();
  }
  if (s.exit) {
    k.enter(here, 'exit', null);
    s.exit(k.exit.info!);
    k.leave();
  }
  k.log.add(k.now, Log.DISABLE, here.id, k.exit.info!.kind, 0, 0);
  k.scheduler = null;
  k.state = 'disabled';
  k.queues.clear();
  for (const cpu of k.cpus) {
    cpu.released = false;
    cpu.buffer = [];
    cpu.kicks = [];
    cpu.performanceTarget = 1024;
    k.idle.set(cpu.id, cpu.online && !cpu.current);
  }
  k.hooks.detached?.();
}

/** User space detaches. */
export function detach(k: Kernel): void {
  if (!k.scheduler) return;
  endScheduler(k, 'UNREG', '');
  if (k.disableTimer) k.events.cancel(k.disableTimer);
  disable(k);
}

function timeoutOf(k: Kernel): number {
  return (k.scheduler?.timeoutMs || DEFAULT_TIMEOUT_MS) * NS_PER_MS;
}

function startWatchdog(k: Kernel): void {
  k.watchdogTimer ??= new Timer(() => watchdog(k));
  k.events.arm(k.watchdogTimer, k.now + Math.floor(timeoutOf(k) / 2));
}

/** Ends a scheduler that lets a runnable task wait for longer than its timeout. */
function watchdog(k: Kernel): void {
  const timeout = timeoutOf(k);
  for (const cpu of k.cpus)
    for (const p of cpu.runnable) {
      const waited = k.now - p.runnableAt;
      if (p === cpu.current || waited <= timeout) continue;
      const ms = Math.floor(waited / NS_PER_MS);
      const seconds = `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}s`;
      return endScheduler(k, 'ERROR_STALL', `${p} failed to run for ${seconds}`);
    }
  startWatchdog(k);
}

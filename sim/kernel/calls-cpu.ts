// scx_bpf_* functions about CPUs, idle masks and tasks.
import { setPerformanceTarget } from './account.js';
import type { Cpu } from './cpu.js';
import type { CpuMask } from './cpumask.js';
import { endScheduler, fail } from './fail.js';
import { distribute, pickIdle, selectCpu, tracksIdle } from './idle.js';
import type { Kernel } from './kernel.js';
import { KickFlag, reenqueueLocal } from './settle.js';
import type { Task } from './task.js';

const EBUSY = -16;

/** The CPU that a program runs on. */
function here(k: Kernel): Cpu {
  return k.frame.cpu ?? k.here ?? k.cpus[k.online.first()]!;
}

export function cpuOf(k: Kernel, id: number): Cpu | null {
  const cpu = k.cpus[id];
  if (cpu) return cpu;
  fail(k, `invalid CPU ${id}`);
  return null;
}

function tracked(k: Kernel): boolean {
  if (tracksIdle(k.scheduler)) return true;
  fail(k, 'built-in idle tracking is disabled');
  return false;
}

/** scx_bpf_kick_cpu(): carried out once the operation at hand is over. */
export function kickCpu(k: Kernel, id: number, flags: number): void {
  if (!cpuOf(k, id)) return;
  const from = here(k);
  if (flags & KickFlag.IDLE && flags & (KickFlag.PREEMPT | KickFlag.WAIT)) {
    fail(k, 'PREEMPT/WAIT cannot be used with SCX_KICK_IDLE');
    return;
  }
  // Kicks of one CPU in one operation are one.
  const pending = from.kicks.find((kick) => kick.cpu === id && !(kick.flags & KickFlag.IDLE));
  if (pending && !(flags & KickFlag.IDLE)) pending.flags |= flags;
  else from.kicks.push({ cpu: id, flags });
  k.defer(from);
}

/** scx_bpf_select_cpu_dfl(): `cpu` is prev if none is idle. */
export function selectCpuDefault(
  k: Kernel,
  p: Task,
  prev: number,
  wake: number,
): { cpu: number; idle: boolean } {
  if (!cpuOf(k, prev) || !tracked(k)) return { cpu: prev, idle: false };
  const cpu = selectCpu(k, here(k), p, prev, { wake });
  return cpu >= 0 ? { cpu, idle: true } : { cpu: prev, idle: false };
}

/** scx_bpf_select_cpu_and(): an errno if none is idle. */
export function selectCpuAnd(
  k: Kernel,
  p: Task,
  prev: number,
  wake: number,
  allowed: CpuMask,
  core: boolean,
): number {
  if (!cpuOf(k, prev) || !tracked(k)) return EBUSY;
  const cpu = selectCpu(k, here(k), p, prev, { wake, core }, allowed);
  return cpu >= 0 ? cpu : EBUSY;
}

export function pickIdleCpu(k: Kernel, allowed: CpuMask, core: boolean, within?: CpuMask): number {
  if (!tracked(k)) return EBUSY;
  const cpu = pickIdle(k, here(k), allowed, { core, within });
  return cpu >= 0 ? cpu : EBUSY;
}

/** scx_bpf_pick_any_cpu(): an idle one, or else any; an errno if there is none. */
export function pickAnyCpu(k: Kernel, allowed: CpuMask, core: boolean, within?: CpuMask): number {
  if (tracksIdle(k.scheduler)) {
    const idle = pickIdle(k, here(k), allowed, { core, within });
    if (idle >= 0) return idle;
  }
  const any = distribute(here(k), allowed, within ?? k.machine.possible);
  return any >= 0 ? any : EBUSY;
}

export function testAndClearIdle(k: Kernel, id: number): boolean {
  return tracked(k) && cpuOf(k, id) !== null && k.idle.claim(id);
}

/** scx_bpf_cpuperf_cap(), _cur(): of 1024. */
export function performanceCap(k: Kernel, id: number): number {
  return cpuOf(k, id)?.place.capacity ?? 1024;
}

/** Of the CPU's own highest. */
export function performanceNow(k: Kernel, id: number): number {
  const cpu = cpuOf(k, id);
  if (!cpu?.state) return 1024;
  const top = cpu.place.domain!.states.at(-1)!.frequencyKhz;
  return Math.round((1024 * cpu.state.frequencyKhz) / top);
}

export function setPerformance(k: Kernel, id: number, target: number): void {
  const cpu = cpuOf(k, id);
  if (!cpu) return;
  if (target > 1024) fail(k, `Invalid cpuperf target ${target} for CPU ${id}`);
  else setPerformanceTarget(k, cpu, target);
}

/** scx_bpf_reenqueue_local(): how many were handed back; 0 where that happens later. */
export function reenqueue(k: Kernel): number {
  const cpu = here(k);
  if (k.features.deferredReenqueue) {
    cpu.reenqueueWanted = true;
    k.defer(cpu);
    return 0;
  }
  if (k.frame.callback !== 'cpu_release') {
    fail(k, 'kfunc with mask 0x1 called from an operation only allowing 0x0');
    return 0;
  }
  return reenqueueLocal(k, cpu);
}

/** Whether a task is the one that a CPU runs. */
export function taskRunning(k: Kernel, p: Task): boolean {
  return k.cpus[p.cpu]!.current === p;
}

/** scx_bpf_exit() and scx_bpf_error(). */
export function exitBpf(k: Kernel, code: bigint, message: string): void {
  endScheduler(k, 'UNREG_BPF', message, code);
}

export function errorBpf(k: Kernel, message: string): void {
  endScheduler(k, 'ERROR_BPF', message);
}

/** How long a machine has been up when a run begins, ns: programs take 0 for never. */
export const UPTIME = 1000e9;

/** scx_bpf_now(): stands still while a callback runs. */
export function schedulerClock(k: Kernel): number {
  const { frame } = k;
  return UPTIME + (frame.cpu ? frame.now : k.now);
}

/** bpf_ktime_get_ns(): moves on with the instructions of the callback. */
export function monotonicClock(k: Kernel, instructions: number): number {
  return UPTIME + k.now + Math.floor(instructions * k.costs.instruction);
}

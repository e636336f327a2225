import type { KernelFunction, KfuncGroup, ProgramKind } from './types.js';
import { isNewer, OLDEST_KERNEL } from './versions.js';

/**
 * What each callback may call beside what is allowed anywhere. Linux 7.1 and later check this when
 * a program is loaded (scx_kf_allow_flags[] in kernel/sched/ext/ext.c); older ones when the function
 * is called (the masks of SCX_CALL_OP() in kernel/sched/ext.c), and end the scheduler then. Where
 * the two differ this table has what both allow.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  select_cpu: ['select_cpu', 'enqueue'],
  enqueue: ['enqueue', 'select_cpu@6.16'],
  dispatch: ['enqueue', 'dispatch'],
  cpu_release: ['cpu_release'],
  init_task: ['unlocked'],
  dump: ['unlocked'],
  cgroup_init: ['unlocked'],
  cgroup_exit: ['unlocked'],
  cgroup_prep_move: ['unlocked'],
  cgroup_cancel_move: ['unlocked'],
  cgroup_set_weight: ['unlocked'],
  cgroup_set_bandwidth: ['unlocked'],
  cgroup_set_idle: ['unlocked'],
  sub_attach: ['unlocked'],
  sub_detach: ['unlocked'],
  sub_ecaps_updated: ['enqueue', 'dispatch'],
  cpu_online: ['unlocked'],
  cpu_offline: ['unlocked'],
  init_cids: ['unlocked', 'init_cids'],
  init: ['unlocked'],
  exit: ['unlocked'],
};

/** A group, and the kernel from which on it counts. */
export interface Allowed {
  group: KfuncGroup;
  since?: string;
}

export function parseGroup(text: string): Allowed {
  const [group, since] = text.split('@') as [KfuncGroup, string | undefined];
  return since ? { group, since } : { group };
}

/** Groups that a callback may call. */
export function groupsOf(callback: string): Allowed[] {
  return (ALLOWED[callback] ?? []).map(parseGroup);
}

/** Callbacks that may call a group; `since` where that holds from a later kernel on. */
export function callbacksOf(group: KfuncGroup): { callback: string; since?: string }[] {
  return Object.keys(ALLOWED).flatMap((callback) => {
    const found = groupsOf(callback).find((g) => g.group === group);
    return found ? [{ callback, ...(found.since ? { since: found.since } : {}) }] : [];
  });
}

/** Where a call stands. */
export interface Place {
  program: ProgramKind;
  /** Name of the callback of a struct_ops program. */
  callback?: string;
  sleepable: boolean;
  /** In the callback of a timer: nothing is locked there, and nothing may sleep. */
  timer?: boolean;
}

export interface Refusal {
  reason: 'sleepable' | 'program' | 'callback';
  /** Callbacks (or kinds of programs) that may call it. */
  allowed: string[];
  /** The place is allowed from this kernel on. */
  from?: string;
}

/** Why kernels from `minKernel` on refuse a call from a place; undefined if all of them take it. */
export function refusal(fn: KernelFunction, place: Place, minKernel: string): Refusal | undefined {
  if (fn.sleepable && !place.sleepable)
    return { reason: 'sleepable', allowed: callbacksOf('unlocked').map((c) => c.callback) };
  const { programs, groups } = fn;
  if (programs) {
    const from = programs[place.program];
    if (!from || isNewer(from, minKernel))
      return { reason: 'program', allowed: Object.keys(programs), ...(from ? { from } : {}) };
  }
  if (!groups) return undefined;
  const here = held(place);
  // Each way to be allowed, and the kernel from which on it counts.
  const ways = groups.flatMap((g) =>
    here.filter((h) => h.group === g.group).map((h) => later(h.since, g.since)),
  );
  if (fn.anywhereSince) ways.push(fn.anywhereSince);
  const from = ways.reduce<string | undefined>(
    (best, way) => (best === undefined || isNewer(best, way) ? way : best),
    undefined,
  );
  if (from !== undefined && !isNewer(from, minKernel)) return undefined;
  const allowed = new Set(groups.flatMap((g) => callbacksOf(g.group).map((c) => c.callback)));
  return { reason: 'callback', allowed: [...allowed], ...(from ? { from } : {}) };
}

function later(a: string | undefined, b: string | undefined): string {
  const [x, y] = [a ?? OLDEST_KERNEL, b ?? OLDEST_KERNEL];
  return isNewer(x, y) ? x : y;
}

function held(place: Place): Allowed[] {
  if (place.timer || place.program === 'syscall') return [{ group: 'unlocked' }];
  return place.program === 'struct_ops' ? groupsOf(place.callback ?? '') : [];
}

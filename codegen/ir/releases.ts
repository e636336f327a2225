import type { StructDef } from './types.js';

/** What ends with a block and cannot be given away. */
export type Section = 'rcu' | 'lock' | 'preemption' | 'interrupts' | 'arenaLock';

/** How what an expression acquires is given back. */
export type Release =
  /** By a function of the kernel, `bpf_task_release()` for example. */
  | { kind: 'kernel'; fn: string }
  /** An object of alloc(): bpf_obj_drop(). */
  | { kind: 'object'; struct: StructDef }
  /** A reserved record of a ring buffer: it is discarded unless it was submitted. */
  | { kind: 'record' }
  | { kind: 'section'; section: Section };

export const RECORD: Release = { kind: 'record' };
export const LOCK: Release = { kind: 'section', section: 'lock' };
export const ARENA_LOCK: Release = { kind: 'section', section: 'arenaLock' };
export const RCU: Release = { kind: 'section', section: 'rcu' };

/** What starts a stretch in which nothing may sleep, as messages name it. */
const GUARDS: Readonly<Partial<Record<Section, string>>> = {
  preemption: 'bpf_preempt_disable',
  interrupts: 'bpf_local_irq_save',
  arenaLock: 'hold() of an ArenaSpinLock',
};

/** The function that turned preemption or interrupts off, where that is what a release ends. */
export function guardOf(release: Release | undefined): string | undefined {
  return release?.kind === 'section' ? GUARDS[release.section] : undefined;
}

export function isSection(release: Release | undefined, section?: Section): boolean {
  return release?.kind === 'section' && (section === undefined || release.section === section);
}

/** Whether RCU is held until then: with a lock held it is as well. */
export function holdsRcu(release: Release | undefined): boolean {
  return isSection(release, 'rcu') || isSection(release, 'lock');
}

export function sameRelease(a: Release | undefined, b: Release | undefined): boolean {
  if (a === b) return true;
  if (a?.kind === 'kernel') return b?.kind === 'kernel' && a.fn === b.fn;
  if (a?.kind === 'object') return b?.kind === 'object' && a.struct === b.struct;
  if (a?.kind === 'section') return b?.kind === 'section' && a.section === b.section;
  return a?.kind === 'record' && b?.kind === 'record';
}

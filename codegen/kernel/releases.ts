import type { Release, Section } from '../ir/releases.js';
import type { StructDef } from '../ir/types.js';
import type { KernelFunction } from './types.js';

interface ReleaseFunction {
  /** What it gives back a reference to; `constant` where it takes one that cannot be written. */
  struct: string;
  constant?: true;
  /** A Kptr can own such an object. */
  kept?: true;
}

/** Functions of the kernel that give back what others acquire. */
export const RELEASES: ReadonlyMap<string, ReleaseFunction> = new Map([
  ['bpf_task_release', { struct: 'task_struct', kept: true }],
  ['bpf_cgroup_release', { struct: 'cgroup', kept: true }],
  ['bpf_cpumask_release', { struct: 'bpf_cpumask', kept: true }],
  ['scx_bpf_put_cpumask', { struct: 'cpumask', constant: true }],
  ['scx_bpf_put_idle_cpumask', { struct: 'cpumask', constant: true }],
]);

/** Functions that end a section, and which. */
export const SECTION_ENDS: ReadonlyMap<string, Section> = new Map([
  ['bpf_rcu_read_unlock', 'rcu'],
  ['bpf_preempt_enable', 'preemption'],
  ['bpf_local_irq_restore', 'interrupts'],
]);

/** How what a function of the kernel gives is given back; undefined if it need not be. */
export function acquiredBy({ returns }: KernelFunction): Release | undefined {
  const { acquire } = returns;
  const section = acquire && SECTION_ENDS.get(acquire);
  if (section) return { kind: 'section', section };
  return acquire ? { kind: 'kernel', fn: acquire } : undefined;
}

/** How the object of a Kptr is given back: with bpf_obj_drop() if it is one of the program's own. */
export function releaseOf(struct: StructDef): Release {
  for (const [fn, of] of RELEASES)
    if (of.kept && of.struct === struct.name) return { kind: 'kernel', fn };
  return { kind: 'object', struct };
}

// Choosing CPUs: an idle one of the task's own domain, or of another where that is allowed.
import {
  bpf_cpumask_and,
  bpf_cpumask_any_and_distribute,
  bpf_cpumask_clear_cpu,
  bpf_cpumask_create,
  bpf_cpumask_set_cpu,
  bpf_cpumask_test_cpu,
  bpf_get_smp_processor_id,
  bpf_rcu_read_lock,
  kptrXchg,
  range,
  scx_bpf_dsq_move_to_local,
  scx_bpf_dsq_nr_queued,
  scx_bpf_kick_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_test_and_clear_cpu_idle,
  syscall,
  ENOMEM,
  EINVAL,
  SCX_KICK_IDLE,
  SCX_PICK_IDLE_CORE,
  s32,
  u32,
  type Kptr,
} from 'scxts';
import type { bpf_cpumask, task_struct } from 'scxts/vmlinux';
import { domainOfCpu, nodeOf, queueOf } from './domains.bpf.js';
import {
  domain_cpus,
  greedy,
  greedy_far,
  nr_domains,
  nr_idle,
  nr_idle_far,
  nr_prev_idle,
  nr_stolen,
  nr_stolen_far,
  scratch,
} from './state.bpf.js';

/** CPUs of domains with time to spare: a task may wake up there if its own domain has no idle CPU. */
let spare: Kptr<bpf_cpumask> | null = null;

export interface SpareArgs {
  domain: u32;
  on: u32;
}
/** Called by the tuner: the domain's CPUs take tasks of others, or no longer. */
export const set_spare = syscall((args: SpareArgs) => {
  using rcu = bpf_rcu_read_lock();
  const mask = spare;
  if (!mask || args.domain >= nr_domains) return -EINVAL;
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    if (domainOfCpu(cpu) !== args.domain) continue;
    if (args.on) bpf_cpumask_set_cpu(u32(cpu), mask);
    else bpf_cpumask_clear_cpu(u32(cpu), mask);
  }
  return 0;
});

export function makeSpare(): s32 {
  using mask = bpf_cpumask_create();
  if (!mask) return -ENOMEM;
  using old = kptrXchg(spare, mask);
  return 0;
}

/** An idle CPU of the domain on which the task may run, or a negative number. */
function idleIn(p: task_struct, domain: u32): s32 {
  const d = domain_cpus.get(domain);
  const s = scratch.get(bpf_get_smp_processor_id());
  if (!d || !s) return -1;
  using rcu = bpf_rcu_read_lock();
  const cpus = d.cpus;
  const both = s.mask;
  if (!cpus || !both) return -1;
  if (!bpf_cpumask_and(both, cpus, p.cpus_ptr)) return -1;
  const core = scx_bpf_pick_idle_cpu(both, SCX_PICK_IDLE_CORE);
  return core >= 0 ? core : scx_bpf_pick_idle_cpu(both, 0);
}

/** An idle CPU of a domain with time to spare, or a negative number. */
function idleSpare(p: task_struct): s32 {
  const s = scratch.get(bpf_get_smp_processor_id());
  if (!s) return -1;
  using rcu = bpf_rcu_read_lock();
  const mask = spare;
  const both = s.mask;
  if (!mask || !both) return -1;
  if (!bpf_cpumask_and(both, mask, p.cpus_ptr)) return -1;
  return scx_bpf_pick_idle_cpu(both, 0);
}

/** Some CPU of the domain on which the task may run. */
function anyIn(p: task_struct, domain: u32, otherwise: s32): s32 {
  const d = domain_cpus.get(domain);
  if (!d) return otherwise;
  using rcu = bpf_rcu_read_lock();
  const cpus = d.cpus;
  if (!cpus) return otherwise;
  const cpu = bpf_cpumask_any_and_distribute(cpus, p.cpus_ptr);
  return cpu < scx_bpf_nr_cpu_ids() ? s32(cpu) : otherwise;
}

export interface Chosen {
  cpu: s32;
  /** The CPU was idle and is reserved for the task: insert it into SCX_DSQ_LOCAL. */
  is_idle: boolean;
}

export function chooseCpu(p: task_struct, domain: u32, prev_cpu: s32): Chosen {
  const isHome = domainOfCpu(prev_cpu) === domain;
  const mayStay = isHome && bpf_cpumask_test_cpu(u32(prev_cpu), p.cpus_ptr);
  if (mayStay && scx_bpf_test_and_clear_cpu_idle(prev_cpu)) {
    nr_prev_idle.inc();
    return { cpu: prev_cpu, is_idle: true };
  }
  const near = idleIn(p, domain);
  if (near >= 0) {
    nr_idle.inc();
    return { cpu: near, is_idle: true };
  }
  const far = idleSpare(p);
  if (far >= 0) {
    nr_idle_far.inc();
    return { cpu: far, is_idle: true };
  }
  return { cpu: mayStay ? prev_cpu : anyIn(p, domain, prev_cpu), is_idle: false };
}

/** Wakes an idle CPU that can take the task from its domain's queue. */
export function wakeFor(p: task_struct, domain: u32): void {
  let cpu = idleIn(p, domain);
  // CPUs of other domains come for it only if they may steal.
  if (cpu < 0 && greedy > 0) cpu = idleSpare(p);
  if (cpu >= 0) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

/** Queues that one call looks at: it holds the lock of the CPU's own queue. */
const MAX_LOOKS = 64;

/** Gives the CPU a task of its domain, or one that waits elsewhere. */
export function dispatchTo(cpu: s32): boolean {
  const own = domainOfCpu(cpu);
  if (scx_bpf_dsq_move_to_local(queueOf(own), 0)) return true;
  if (greedy === 0 && greedy_far === 0) return false;
  const node = nodeOf(own);
  for (let i = 1; i < nr_domains; i++) {
    if (i > MAX_LOOKS) break;
    const other = (own + i) % nr_domains;
    const far = nodeOf(other) !== node;
    const least = far ? greedy_far : greedy;
    if (least === 0 || scx_bpf_dsq_nr_queued(queueOf(other)) < s32(least)) continue;
    if (!scx_bpf_dsq_move_to_local(queueOf(other), 0)) continue;
    if (far) nr_stolen_far.inc();
    else nr_stolen.inc();
    return true;
  }
  return false;
}

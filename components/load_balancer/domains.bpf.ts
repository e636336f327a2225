// Domains: which CPUs they have, in which a task is and may be, and orders to move.
import {
  atomicXchg,
  bpf_cpumask_create,
  bpf_cpumask_intersects,
  bpf_cpumask_set_cpu,
  bpf_rcu_read_lock,
  kptrXchg,
  range,
  scx_bpf_create_dsq,
  scx_bpf_error,
  scx_bpf_nr_cpu_ids,
  scx_bpf_task_cpu,
  time_after,
  ENOMEM,
  s32,
  u32,
  u64,
} from 'scxts';
import type { bpf_cpumask, task_struct } from 'scxts/vmlinux';
import { reclassify } from './load.bpf.js';
import {
  MASK_WORDS,
  RESTRICTED,
  allowed,
  clocks,
  cpu_domain,
  domain_cpus,
  domain_node,
  nr_domains,
  nr_moved,
  nr_refused,
  scratch,
  tasks,
  type TaskState,
} from './state.bpf.js';

/** Queues of domains are numbered from here, out of the way of a scheduler's own. */
const FIRST_QUEUE = 0x4c42_0000;

export function queueOf(domain: u32): u64 {
  return u64(FIRST_QUEUE) + domain;
}

export function domainOfCpu(cpu: s32): u32 {
  const d = cpu_domain.get(cpu);
  return d && d.value < nr_domains ? d.value : 0;
}

export function nodeOf(domain: u32): u32 {
  const n = domain_node.get(domain);
  return n ? n.value : 0;
}

/** Gives each domain its queue and its set of CPUs. */
export function makeDomains(): s32 {
  for (const i of range(nr_domains)) {
    const d = domain_cpus.get(i);
    if (!d) {
      scx_bpf_error(`load_balancer has no room for ${nr_domains} domains`);
      return -ENOMEM;
    }
    using mask = bpf_cpumask_create();
    if (!mask) return -ENOMEM;
    using old = kptrXchg(d.cpus, mask);
    const failed = scx_bpf_create_dsq(queueOf(u32(i)), -1);
    if (failed) return failed;
  }
  for (const cpu of range(scx_bpf_nr_cpu_ids())) {
    const s = scratch.get(cpu);
    if (!s) break;
    using mask = bpf_cpumask_create();
    if (!mask) return -ENOMEM;
    using old = kptrXchg(s.mask, mask);
    const d = domain_cpus.get(domainOfCpu(cpu));
    if (!d) continue;
    using rcu = bpf_rcu_read_lock();
    const cpus = d.cpus;
    if (cpus) bpf_cpumask_set_cpu(u32(cpu), cpus);
  }
  return 0;
}

/** Whether a task's affinity has a CPU of the domain. Under RCU. */
export function mayRunIn(p: task_struct, domain: u32): boolean {
  const d = domain_cpus.get(domain);
  if (!d) return false;
  using rcu = bpf_rcu_read_lock();
  const cpus = d.cpus;
  return cpus !== null && bpf_cpumask_intersects(cpus, p.cpus_ptr);
}

/** Notes the domains that a task may run in, for user space, and gives one of them: where it is, if it may stay. */
export function noteAffinity(p: task_struct, slot: u32): u32 {
  const r = tasks.get(slot);
  // A mask as wide as the machine, which nearly every task has.
  if (u32(p.nr_cpus_allowed) >= scx_bpf_nr_cpu_ids()) {
    if (r) r.flags &= ~RESTRICTED;
    return domainOfCpu(scx_bpf_task_cpu(p));
  }
  let first: u32 = nr_domains;
  let all = true;
  const a = allowed.get(slot);
  if (a) for (const w of range(MASK_WORDS)) a.mask[w] = 0;
  for (const i of range(nr_domains)) {
    if (!mayRunIn(p, u32(i))) {
      all = false;
      continue;
    }
    if (first === nr_domains) first = u32(i);
    if (a) a.mask[i >> 6] |= u64(1) << (i & 63);
  }
  if (r) r.flags = all ? r.flags & ~RESTRICTED : r.flags | RESTRICTED;
  const here = domainOfCpu(scx_bpf_task_cpu(p));
  if (mayRunIn(p, here)) return here;
  return first < nr_domains ? first : 0;
}

/** Moves a task and its place in virtual time to another domain. */
export function moveTo(p: task_struct, s: TaskState, domain: u32): void {
  const from = clocks.get(s.domain);
  const to = clocks.get(domain);
  if (from && to) {
    // As far ahead of its new domain's clock as it was of its old one's.
    const ahead = time_after(p.scx.dsq_vtime, from.vtime) ? p.scx.dsq_vtime - from.vtime : 0;
    p.scx.dsq_vtime = to.vtime + ahead;
  }
  reclassify(s, domain, s.weight);
}

/** Carries out an order that user space left for the task. */
export function followOrder(p: task_struct, s: TaskState): void {
  const r = tasks.get(s.slot);
  if (!r || r.order === 0) return;
  const order = atomicXchg(r.order, 0);
  const domain = u32(order) - 1;
  if (u32(order >> 32) !== r.generation || domain >= nr_domains || !mayRunIn(p, domain)) {
    nr_refused.inc();
    return;
  }
  if (domain === s.domain) return;
  moveTo(p, s, domain);
  nr_moved.inc();
}

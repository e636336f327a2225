// What class a task is of. The first rule that applies: its own, its cgroup's or that of the nearest cgroup above, its
// name's, its nice value's.
import { bpf_cgroup_ancestor, bpf_rcu_read_lock, range, tp_btf, zeroed, s32, u32 } from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
import {
  HIGH,
  LOW,
  NORMAL,
  cgroup_rules,
  class_clocks,
  comm_rules,
  nr_classed,
  pid_rules,
  qos_tasks,
  type CommKey,
  type QosTask,
} from './state.bpf.js';

/** By userspace: counts changes of the rules, so that tasks are classed anew. */
let generation: u32 = 1;
/** By userspace: nice values up to the first are of the high class, from the second on of the low one. */
let nice_high: s32 = -10;
let nice_low: s32 = 5;
/** By userspace: false schedules every task as normal; what class it is of still counts for the statistics. */
export let enforce: boolean = true;

function byCgroup(p: task_struct): u32 {
  using rcu = bpf_rcu_read_lock();
  const cgrp = p.cgroups.dfl_cgrp;
  const own = cgroup_rules.get(cgrp.kn.id);
  if (own) return own.value;
  const depth = cgrp.level;
  for (const up of range(depth)) {
    using above = bpf_cgroup_ancestor(cgrp, depth - 1 - up);
    const rule = above ? cgroup_rules.get(above.kn.id) : null;
    if (rule) return rule.value;
  }
  return 0;
}

function byComm(p: task_struct): u32 {
  const key: CommKey = { prefix: 128, comm: zeroed() };
  key.comm = p.comm;
  return comm_rules.get(key)?.value ?? 0;
}

function byNice(p: task_struct): u32 {
  const nice = s32(p.static_prio) - 120;
  if (nice <= nice_high) return HIGH + 1;
  return nice >= nice_low ? LOW + 1 : NORMAL + 1;
}

function byRules(p: task_struct): u32 {
  const own = pid_rules.get(u32(p.pid))?.value ?? pid_rules.get(u32(p.tgid))?.value ?? 0;
  if (own) return own - 1;
  const ofCgroup = byCgroup(p);
  if (ofCgroup) return ofCgroup - 1;
  const ofComm = byComm(p);
  if (ofComm) return ofComm - 1;
  return byNice(p) - 1;
}

/** The class that the rules give a task; worked out anew when rules, name or nice value changed. */
export function classOf(p: task_struct, t: QosTask): u32 {
  if (t.generation === generation) return t.cls;
  nr_classed.inc();
  t.cls = byRules(p);
  t.generation = generation;
  return t.cls;
}

/**
 * What it is scheduled as. Clocks of classes go at different speeds: with the virtual time of another class a task would
 * wait until its new one has caught up, or would make that class's clock jump.
 */
export function scheduledAs(p: task_struct, t: QosTask): u32 {
  const byRule = classOf(p, t);
  const cls = enforce ? byRule : NORMAL;
  if (t.clock === cls) return cls;
  const from = class_clocks.get(t.clock);
  const to = class_clocks.get(cls);
  if (from && to) p.scx.dsq_vtime += to.vtime - from.vtime;
  t.clock = cls;
  return cls;
}

/** Exec and prctl() come through here; the new name is there when the task is queued next. */
export const on_rename = tp_btf('task_rename', (task) => {
  const t = qos_tasks.get(task);
  if (t) t.generation = 0;
});

/** Which threads move along is not told: all tasks are classed anew. */
export const on_cgroup_move = tp_btf('cgroup_attach_task', () => {
  generation += 1;
});

/** Its number may be another's soon, whom the rule is not for. */
export const on_end = tp_btf('sched_process_free', (task) => {
  pid_rules.delete(u32(task.pid));
});

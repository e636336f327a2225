import { RQ_FIELDS } from './variables.js';
import type { LinkRecord } from '../engine/types.js';

/** Fields of structs of the kernel that the model keeps as a kernel does; a path stands for what is in it as well. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  task_struct: [
    ...['pid', 'tgid', 'comm', 'flags', '__state', 'policy', 'mm', 'active_mm', 'start_time'],
    ...['start_boottime', 'real_parent', 'parent', 'group_leader', 'cgroups', 'sched_task_group'],
    ...['cpus_ptr', 'cpus_mask', 'user_cpus_ptr', 'nr_cpus_allowed', 'migration_disabled'],
    ...['prio', 'static_prio', 'normal_prio', 'rt_priority', 'on_cpu', 'on_rq', 'wake_cpu'],
    ...['thread_info.cpu', 'se.sum_exec_runtime', 'se.load.weight', 'scx.slice', 'scx.dsq_vtime'],
    ...['scx.weight', 'scx.flags', 'scx.disallow', 'scx.sticky_cpu', 'scx.holding_cpu'],
    'scx.selected_cpu',
  ],
  cgroup: ['kn', 'level', 'self.cgroup', 'self.id', 'self.parent', 'ancestors'],
  rq: RQ_FIELDS,
  cgroup_subsys_state: ['cgroup', 'id', 'parent'],
  css_set: ['dfl_cgrp', 'subsys'],
  kernfs_node: ['id', 'name'],
  task_group: ['css.cgroup', 'css.id', 'parent', 'scx_weight', 'scx.weight', 'shares', 'idle'],
};
/** Of these the model keeps nothing. */
const EMPTY = new Set(['cfs_rq', 'sched_entity', 'mm_struct', 'signal_struct']);

/** Fields that an object reads and the model does not keep: they are 0. */
export function fieldsNotKept(links: LinkRecord): string[] {
  const found = new Set<string>();
  for (const { asked } of links.relocations) {
    const field = /^field offset of (\w+?)(?:___\w+)?\.(.+)$/.exec(asked);
    if (!field) continue;
    const [, struct, path] = field as unknown as [string, string, string];
    const kept = EMPTY.has(struct) ? [] : KEPT[struct];
    if (
      kept &&
      !kept.some((k) => path === k || path.startsWith(`${k}.`) || path.startsWith(`${k}[`))
    )
      found.add(`${struct}.${path}`);
  }
  return [...found].sort();
}

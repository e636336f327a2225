import { define } from './define.js';
import { ANY_BUT_KPROBE } from './programs.js';

const programs = ANY_BUT_KPROBE;
const CGROUP = { nullable: true, acquire: 'bpf_cgroup_release', programs };

/** Control groups: kernel/bpf/helpers.c; scx_bpf_task_cgroup: kernel/sched/ext/ext.c. */
export const CGROUPS = [
  define(
    'struct cgroup *scx_bpf_task_cgroup(struct task_struct *p)',
    'The cgroup of the CPU controller that a task is in; the root where that controller is off. In callbacks that hold a run queue, and for the task that the callback got.',
    { acquire: 'bpf_cgroup_release', programs },
  ),
  define(
    's64 bpf_task_under_cgroup(struct task_struct *task, struct cgroup *ancestor)',
    '1 if a task is in a cgroup (v2) or below it, else 0.',
    { programs },
  ),
  define(
    'struct cgroup *bpf_task_get_cgroup1(struct task_struct *task, s32 hierarchy_id)',
    "A task's cgroup in a v1 hierarchy, or null.",
    CGROUP,
  ),
  define(
    'struct cgroup *bpf_cgroup_from_id(u64 cgid)',
    'The cgroup with an id (cgrp.kn.id), or null.',
    CGROUP,
  ),
  define(
    'struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp)',
    'Takes a reference on a cgroup; null if it is going away.',
    CGROUP,
  ),
  define(
    'struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, s32 level)',
    "A cgroup's ancestor at a level (0 is the root), or null.",
    CGROUP,
  ),
];

import { define } from './define.js';

/** Tasks, cgroups, cpumasks and RCU: kernel/bpf/helpers.c, kernel/bpf/cpumask.c, kernel/sched/ext.c. */
export const TASK = [
  define(
    'bool scx_bpf_task_running(const struct task_struct *p)',
    'Whether a task is running right now.',
  ),
  define(
    's32 scx_bpf_task_cpu(const struct task_struct *p)',
    'CPU that a task is on or was on last.',
  ),
  define(
    'struct cgroup *scx_bpf_task_cgroup(struct task_struct *p)',
    'The cgroup (of the CPU controller) that a task is in.',
    { acquire: 'bpf_cgroup_release' },
  ),
  define('struct task_struct *scx_bpf_tid_to_task(u64 tid)', 'Task of a sched_ext task id.', {
    since: '7.2',
    nullable: true,
    rcu: true,
  }),
  define(
    'struct task_struct *bpf_task_from_pid(s32 pid)',
    'The task with a pid of the initial namespace, or null.',
    { nullable: true, acquire: 'bpf_task_release' },
  ),
  define(
    'struct task_struct *bpf_task_from_vpid(s32 vpid)',
    "The task with a pid of the current task's namespace, or null.",
    { since: '6.16', nullable: true, acquire: 'bpf_task_release' },
  ),
  define(
    'struct task_struct *bpf_task_acquire(struct task_struct *p)',
    'Takes a reference on a task; null if it is going away.',
    { nullable: true, acquire: 'bpf_task_release' },
  ),
  define(
    's64 bpf_task_under_cgroup(struct task_struct *task, struct cgroup *ancestor)',
    '1 if a task is in a cgroup or below it, else 0.',
  ),
  define(
    'struct cgroup *bpf_task_get_cgroup1(struct task_struct *task, s32 hierarchy_id)',
    "A task's cgroup in a v1 hierarchy, or null.",
    { nullable: true, acquire: 'bpf_cgroup_release' },
  ),
  define('struct cgroup *bpf_cgroup_from_id(u64 cgid)', 'The cgroup with an id, or null.', {
    nullable: true,
    acquire: 'bpf_cgroup_release',
  }),
  define(
    'struct cgroup *bpf_cgroup_acquire(struct cgroup *cgrp)',
    'Takes a reference on a cgroup; null if it is going away.',
    { nullable: true, acquire: 'bpf_cgroup_release' },
  ),
  define(
    'struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, s32 level)',
    "A cgroup's ancestor at a level (0 is the root), or null.",
    { nullable: true, acquire: 'bpf_cgroup_release' },
  ),
  define(
    'struct bpf_cpumask *bpf_cpumask_create()',
    'A new, empty CPU mask, or null without memory.',
    { nullable: true, acquire: 'bpf_cpumask_release' },
  ),
  define(
    'struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask)',
    'Takes a reference on a CPU mask.',
    { acquire: 'bpf_cpumask_release' },
  ),
  ...['set', 'clear'].map((op) =>
    define(
      `void bpf_cpumask_${op}_cpu(u32 cpu, struct bpf_cpumask *cpumask)`,
      `${op === 'set' ? 'Adds a CPU to' : 'Removes a CPU from'} a mask.`,
    ),
  ),
  ...['set', 'clear'].map((op) =>
    define(
      `bool bpf_cpumask_test_and_${op}_cpu(u32 cpu, struct bpf_cpumask *cpumask)`,
      `${op === 'set' ? 'Adds a CPU to' : 'Removes a CPU from'} a mask; says whether it was in it.`,
    ),
  ),
  define(
    'bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask)',
    'Whether a CPU is in a mask.',
  ),
  define('void bpf_cpumask_setall(struct bpf_cpumask *cpumask)', 'Puts every CPU into a mask.'),
  define('void bpf_cpumask_clear(struct bpf_cpumask *cpumask)', 'Empties a mask.'),
  define(
    'bool bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)',
    'dst = src1 & src2; says whether any CPU is left.',
  ),
  define(
    'void bpf_cpumask_or(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)',
    'dst = src1 | src2.',
  ),
  define(
    'void bpf_cpumask_xor(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)',
    'dst = src1 ^ src2.',
  ),
  define('void bpf_cpumask_copy(struct bpf_cpumask *dst, const struct cpumask *src)', 'dst = src.'),
  ...['equal', 'intersects', 'subset'].map((op) =>
    define(
      `bool bpf_cpumask_${op}(const struct cpumask *src1, const struct cpumask *src2)`,
      op === 'equal'
        ? 'Whether two masks have the same CPUs.'
        : op === 'subset'
          ? 'Whether every CPU of src1 is in src2.'
          : 'Whether two masks share a CPU.',
    ),
  ),
  ...['empty', 'full'].map((op) =>
    define(
      `bool bpf_cpumask_${op}(const struct cpumask *cpumask)`,
      op === 'empty' ? 'Whether a mask has no CPU.' : 'Whether a mask has every CPU.',
    ),
  ),
  define(
    'u32 bpf_cpumask_first(const struct cpumask *cpumask)',
    'Lowest CPU of a mask; at least nr_cpu_ids if it is empty.',
  ),
  define(
    'u32 bpf_cpumask_first_zero(const struct cpumask *cpumask)',
    'Lowest CPU that is not in a mask.',
  ),
  define(
    'u32 bpf_cpumask_first_and(const struct cpumask *src1, const struct cpumask *src2)',
    'Lowest CPU that is in both masks.',
  ),
  define(
    'u32 bpf_cpumask_any_distribute(const struct cpumask *cpumask)',
    'A CPU of a mask, another one each time.',
  ),
  define(
    'u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1, const struct cpumask *src2)',
    'A CPU that is in both masks, another one each time.',
  ),
  define('u32 bpf_cpumask_weight(const struct cpumask *cpumask)', 'Number of CPUs in a mask.'),
  define(
    's32 bpf_rcu_read_lock()',
    'Opens an RCU read section: what was reached under RCU stays valid until it ends.',
    {
      acquire: 'bpf_rcu_read_unlock',
      dslReturns: 'Disposable',
      wrapper: 'scxts_rcu_read_lock',
      externs: ['void bpf_rcu_read_lock(void) __ksym __weak;'],
      c: `static __always_inline s32 scxts_rcu_read_lock(void)
{
	bpf_rcu_read_lock();
	return 0;
}`,
    },
  ),
];

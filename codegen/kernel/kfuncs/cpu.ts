import { define } from './define.js';

/** CPU selection, idle tracking, frequency: kernel/sched/ext_idle.c and ext.c. */
export const CPU = [
  define(
    's32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu, u64 wake_flags, bool *is_idle @out)',
    "The kernel's own choice of a CPU. `is_idle` says that the CPU was idle and is now reserved.",
    { on: 'select_cpu enqueue@6.16', result: 'cpu' },
  ),
  define(
    's32 scx_bpf_select_cpu_and(struct task_struct *p, s32 prev_cpu, u64 wake_flags, const struct cpumask *cpus_allowed, u64 flags)',
    'An idle CPU out of a mask by the default policy, or -EBUSY. On 6.12 it picks any idle CPU of the mask that the task may use.',
    {
      on: 'select_cpu enqueue@6.16',
      wrapper: 'scxts_select_cpu_and',
      structs: [
        'struct scx_bpf_select_cpu_and_args {\n\ts32 prev_cpu;\n\tu64 wake_flags;\n\tu64 flags;\n};',
      ],
      externs: [
        's32 __scx_bpf_select_cpu_and(struct task_struct *p, const struct cpumask *cpus_allowed, struct scx_bpf_select_cpu_and_args *args) __ksym __weak;',
        's32 scx_bpf_select_cpu_and___v1(struct task_struct *p, s32 prev_cpu, u64 wake_flags, const struct cpumask *cpus_allowed, u64 flags) __ksym __weak;',
        's32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, u64 flags) __ksym __weak;',
        'bool scx_bpf_test_and_clear_cpu_idle(s32 cpu) __ksym __weak;',
        'bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym __weak;',
      ],
      c: `/* Arguments are packed from 6.19 on; before 6.16 there is no such policy. */
static __always_inline s32 scxts_select_cpu_and(struct task_struct *p, s32 prev_cpu, u64 wake_flags,
						const struct cpumask *cpus_allowed, u64 flags)
{
	if (bpf_ksym_exists(__scx_bpf_select_cpu_and)) {
		struct scx_bpf_select_cpu_and_args args = {
			.prev_cpu = prev_cpu, .wake_flags = wake_flags, .flags = flags,
		};

		return __scx_bpf_select_cpu_and(p, cpus_allowed, &args);
	}
	if (bpf_ksym_exists(scx_bpf_select_cpu_and___v1))
		return scx_bpf_select_cpu_and___v1(p, prev_cpu, wake_flags, cpus_allowed, flags);
	if (prev_cpu >= 0 && bpf_cpumask_test_cpu(prev_cpu, cpus_allowed) &&
	    scx_bpf_test_and_clear_cpu_idle(prev_cpu))
		return prev_cpu;
	return scx_bpf_pick_idle_cpu(cpus_allowed, flags);
}`,
    },
  ),
  define(
    'void scx_bpf_kick_cpu(s32 cpu, u64 flags)',
    'Makes a CPU reschedule. Flags: SCX_KICK_IDLE, SCX_KICK_PREEMPT, SCX_KICK_WAIT.',
  ),
  define(
    'bool scx_bpf_test_and_clear_cpu_idle(s32 cpu)',
    'Reserves an idle CPU: true if it was idle and is now marked busy.',
  ),
  define(
    's32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, u64 flags)',
    'Reserves an idle CPU of a mask, or -EBUSY. Flags: SCX_PICK_IDLE_CORE.',
  ),
  define(
    's32 scx_bpf_pick_any_cpu(const struct cpumask *cpus_allowed, u64 flags)',
    'An idle CPU of a mask if there is one, otherwise any of it; -EBUSY for an empty mask.',
  ),
  define(
    's32 scx_bpf_pick_idle_cpu_node(const struct cpumask *cpus_allowed, s32 node, u64 flags)',
    'As scx_bpf_pick_idle_cpu, starting at a NUMA node.',
    { since: '6.16' },
  ),
  define(
    's32 scx_bpf_pick_any_cpu_node(const struct cpumask *cpus_allowed, s32 node, u64 flags)',
    'As scx_bpf_pick_any_cpu, starting at a NUMA node.',
    { since: '6.16' },
  ),
  define('const struct cpumask *scx_bpf_get_idle_cpumask()', 'The mask of idle CPUs.', {
    acquire: 'scx_bpf_put_idle_cpumask',
  }),
  define(
    'const struct cpumask *scx_bpf_get_idle_smtmask()',
    'The mask of CPUs whose whole core is idle.',
    { acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_cpumask_node(s32 node)',
    'The mask of idle CPUs of a NUMA node.',
    { since: '6.16', acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_smtmask_node(s32 node)',
    'The mask of CPUs of a NUMA node whose whole core is idle.',
    { since: '6.16', acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    'const struct cpumask *scx_bpf_get_possible_cpumask()',
    'The mask of CPUs that can ever be there.',
    { acquire: 'scx_bpf_put_cpumask' },
  ),
  define(
    'const struct cpumask *scx_bpf_get_online_cpumask()',
    'The mask of CPUs that are online.',
    { acquire: 'scx_bpf_put_cpumask' },
  ),
  define('u32 scx_bpf_nr_cpu_ids()', 'One more than the highest CPU number that is possible.'),
  define('u32 scx_bpf_nr_node_ids()', 'One more than the highest NUMA node that is possible.', {
    since: '6.16',
  }),
  define('s32 scx_bpf_cpu_node(s32 cpu)', 'NUMA node of a CPU.', { since: '6.16' }),
  define(
    'u32 scx_bpf_cpuperf_cap(s32 cpu)',
    'Highest relative performance of a CPU; SCX_CPUPERF_ONE is the most capable CPU.',
  ),
  define(
    'u32 scx_bpf_cpuperf_cur(s32 cpu)',
    'Current relative performance of a CPU, of SCX_CPUPERF_ONE.',
  ),
  define(
    'void scx_bpf_cpuperf_set(s32 cpu, u32 perf)',
    'Asks for a performance level of a CPU, of SCX_CPUPERF_ONE; needs the schedutil governor.',
  ),
  define(
    'struct rq *scx_bpf_cpu_rq(s32 cpu)',
    "A CPU's run queue. Not on 7.3 and later: use scx_bpf_cpu_curr or scx_bpf_locked_rq.",
    { until: '7.2', nullable: true, untrusted: true },
  ),
  define(
    'struct rq *scx_bpf_locked_rq()',
    'The run queue that this callback holds locked, or null.',
    { since: '6.18', nullable: true },
  ),
  define(
    'struct task_struct *scx_bpf_cpu_curr(s32 cpu)',
    'The task that a CPU runs now, valid inside an RCU section.',
    { since: '6.18', nullable: true, rcu: true },
  ),
  define(
    'u64 scx_bpf_now()',
    'Clock in ns, cheap and monotonic on one CPU; bpf_ktime_get_ns() on kernels before 6.14.',
    {
      wrapper: 'scxts_now',
      externs: ['u64 scx_bpf_now___compat(void) __ksym __weak;'],
      c: `static __always_inline u64 scxts_now(void)
{
	if (bpf_ksym_exists(scx_bpf_now___compat))
		return scx_bpf_now___compat();
	return bpf_ktime_get_ns();
}`,
    },
  ),
  define('s32 scx_bpf_cpu_to_cid(s32 cpu)', 'Topological CPU id of a CPU.', { since: '7.2' }),
  define('s32 scx_bpf_cid_to_cpu(s32 cid)', 'CPU of a topological CPU id.', { since: '7.2' }),
  define('u32 scx_bpf_nr_cids()', 'Number of topological CPU ids.', { since: '7.2' }),
  define('u32 scx_bpf_nr_online_cids()', 'Number of topological CPU ids that are online.', {
    since: '7.2',
  }),
  define('s32 scx_bpf_this_cid()', 'Topological id of this CPU.', { since: '7.2' }),
  define(
    's32 scx_bpf_task_cid(const struct task_struct *p)',
    'Topological id of the CPU that a task is on.',
    { since: '7.2' },
  ),
  define('void scx_bpf_kick_cid(s32 cid, u64 flags)', 'As scx_bpf_kick_cpu, by topological id.', {
    since: '7.2',
  }),
];

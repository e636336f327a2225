import { define } from './define.js';
import { ANY_BUT_KPROBE, OPS_AND_SYSCALL } from './programs.js';

const programs = ANY_BUT_KPROBE;
const SELECT = 'select_cpu unlocked@6.16';
const NODES = { since: '6.16', upstream: '6.15', programs };

/** Choosing a CPU and the kernel's tracking of idle CPUs: kernel/sched/ext/idle.c. */
export const IDLE = [
  define(
    's32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu, u64 wake_flags, bool *is_idle @out)',
    "The kernel's own choice of a CPU for a task that wakes up. `is_idle` says that the CPU was idle and is now reserved for the caller, who then inserts the task into SCX_DSQ_LOCAL.",
    { groups: SELECT, result: 'cpu', programs: OPS_AND_SYSCALL },
  ),
  define(
    's32 scx_bpf_select_cpu_and(struct task_struct *p, s32 prev_cpu, u64 wake_flags, const struct cpumask *cpus_allowed, u64 flags)',
    'Reserves an idle CPU that is both in a mask and allowed for the task, by the default policy; -EBUSY if there is none. `flags`: SCX_PICK_IDLE_*. Before 6.16 it tries `prev_cpu`, then any idle CPU of the mask.',
    {
      groups: SELECT,
      programs: OPS_AND_SYSCALL,
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
    'bool scx_bpf_test_and_clear_cpu_idle(s32 cpu)',
    'Reserves one CPU: true if it was idle and is now marked busy. Needs the built-in idle tracking.',
    { programs },
  ),
  define(
    's32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, u64 flags)',
    'Reserves an idle CPU of a mask, or -EBUSY. With SCX_PICK_IDLE_CORE its whole core has to be idle.',
    { programs },
  ),
  define(
    's32 scx_bpf_pick_any_cpu(const struct cpumask *cpus_allowed, u64 flags)',
    'Reserves an idle CPU of a mask if there is one, otherwise gives any CPU of it; -EBUSY for an empty mask.',
    { programs },
  ),
  define(
    's32 scx_bpf_pick_idle_cpu_node(const struct cpumask *cpus_allowed, s32 node, u64 flags)',
    'As scx_bpf_pick_idle_cpu, starting at a NUMA node; only in that node with SCX_PICK_IDLE_IN_NODE.',
    NODES,
  ),
  define(
    's32 scx_bpf_pick_any_cpu_node(const struct cpumask *cpus_allowed, s32 node, u64 flags)',
    'As scx_bpf_pick_any_cpu, starting at a NUMA node; only in that node with SCX_PICK_IDLE_IN_NODE.',
    NODES,
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_cpumask()',
    'The mask of idle CPUs; it changes while it is looked at. Not with SCX_OPS_BUILTIN_IDLE_PER_NODE.',
    { acquire: 'scx_bpf_put_idle_cpumask', programs },
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_smtmask()',
    'The mask of CPUs whose whole core is idle. Not with SCX_OPS_BUILTIN_IDLE_PER_NODE.',
    { acquire: 'scx_bpf_put_idle_cpumask', programs },
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_cpumask_node(s32 node)',
    'The mask of idle CPUs of a NUMA node. Needs SCX_OPS_BUILTIN_IDLE_PER_NODE.',
    { ...NODES, acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_smtmask_node(s32 node)',
    'The mask of CPUs of a NUMA node whose whole core is idle. Needs SCX_OPS_BUILTIN_IDLE_PER_NODE.',
    { ...NODES, acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    's32 scx_bpf_cpu_node(s32 cpu)',
    'NUMA node of a CPU; ends the scheduler for a CPU number that cannot be.',
    NODES,
  ),
];

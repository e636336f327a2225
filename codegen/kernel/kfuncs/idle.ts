import { define } from './define.js';
import { ANY_BUT_KPROBE, OPS_AND_SYSCALL } from './programs.js';

const programs = ANY_BUT_KPROBE;
const SELECT = 'select_cpu unlocked@6.16';
const NODES = { programs };

/** Choosing a CPU and the kernel's tracking of idle CPUs: kernel/sched/ext/idle.c. */
export const IDLE = [
  define(
    's32 scx_bpf_select_cpu_dfl(struct task_struct *p, s32 prev_cpu, u64 wake_flags, bool *is_idle @out)',
    "The kernel's own choice of a CPU for a task that wakes up. `is_idle` says that the CPU was idle and is now reserved for the caller, who then inserts the task into SCX_DSQ_LOCAL.",
    { groups: SELECT, result: 'cpu', programs: OPS_AND_SYSCALL },
  ),
  define(
    's32 scx_bpf_select_cpu_and(struct task_struct *p, s32 prev_cpu, u64 wake_flags, const struct cpumask *cpus_allowed, u64 flags)',
    'Reserves an idle CPU that is both in a mask and allowed for the task, by the default policy; -EBUSY if there is none. `flags`: SCX_PICK_IDLE_*. Before 6.16 it tries `prev_cpu`, then any idle CPU of both.',
    {
      groups: SELECT,
      emulatedBefore: '6.16',
      // Emulated, it reads the CPUs of the task.
      rcuProtected: true,
      programs: OPS_AND_SYSCALL,
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
    'As scx_bpf_pick_idle_cpu, starting at a NUMA node; only in that node with SCX_PICK_IDLE_IN_NODE. Before 6.15 nodes are not told apart.',
    NODES,
  ),
  define(
    's32 scx_bpf_pick_any_cpu_node(const struct cpumask *cpus_allowed, s32 node, u64 flags)',
    'As scx_bpf_pick_any_cpu, starting at a NUMA node; only in that node with SCX_PICK_IDLE_IN_NODE. Before 6.15 nodes are not told apart.',
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
    'The mask of idle CPUs of a NUMA node. Needs SCX_OPS_BUILTIN_IDLE_PER_NODE; before 6.15, which lacks it, that of all CPUs.',
    { ...NODES, acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    'const struct cpumask *scx_bpf_get_idle_smtmask_node(s32 node)',
    'The mask of CPUs of a NUMA node whose whole core is idle. Needs SCX_OPS_BUILTIN_IDLE_PER_NODE; before 6.15, which lacks it, that of all CPUs.',
    { ...NODES, acquire: 'scx_bpf_put_idle_cpumask' },
  ),
  define(
    's32 scx_bpf_cpu_node(s32 cpu)',
    'NUMA node of a CPU; ends the scheduler for a CPU number that cannot be. 0 before 6.15.',
    NODES,
  ),
];

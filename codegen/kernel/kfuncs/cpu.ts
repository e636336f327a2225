import { define } from './define.js';
import { ANY_BUT_KPROBE } from './programs.js';

const programs = ANY_BUT_KPROBE;

/** CPUs, their run queues and their speed: kernel/sched/ext/ext.c. */
export const CPU = [
  define(
    'void scx_bpf_kick_cpu(s32 cpu, u64 flags)',
    'Makes a CPU go through the scheduler. SCX_KICK_IDLE: only if it is idle; SCX_KICK_PREEMPT: ends the running slice; SCX_KICK_WAIT: waits until it has switched.',
    { programs },
  ),
  define(
    'const struct cpumask *scx_bpf_get_possible_cpumask()',
    'The mask of CPUs that can ever be there.',
    { acquire: 'scx_bpf_put_cpumask', programs },
  ),
  define(
    'const struct cpumask *scx_bpf_get_online_cpumask()',
    'The mask of CPUs that are online.',
    { acquire: 'scx_bpf_put_cpumask', programs },
  ),
  define('u32 scx_bpf_nr_cpu_ids()', 'One more than the highest CPU number that is possible.', {
    programs,
  }),
  define('u32 scx_bpf_nr_node_ids()', 'One more than the highest NUMA node that is possible.', {
    since: '6.16',
    upstream: '6.15',
    programs,
  }),
  define(
    'u32 scx_bpf_cpuperf_cap(s32 cpu)',
    'The most that a CPU can do, of SCX_CPUPERF_ONE, which is the fastest CPU of the machine.',
    { programs },
  ),
  define(
    'u32 scx_bpf_cpuperf_cur(s32 cpu)',
    "A CPU's speed now, of SCX_CPUPERF_ONE; times scx_bpf_cpuperf_cap() it compares CPUs.",
    { programs },
  ),
  define(
    'void scx_bpf_cpuperf_set(s32 cpu, u32 perf)',
    'Asks for a speed of a CPU, 0 to SCX_CPUPERF_ONE. Only the schedutil governor listens.',
    { programs },
  ),
  define(
    'void scx_bpf_events(struct scx_event_stats *events @out, u64 events__sz =size)',
    'How often things happened since the scheduler started (SCX_EV_*), summed over CPUs.',
    { since: '6.16', upstream: '6.15', programs },
  ),
  define(
    'struct rq *scx_bpf_cpu_rq(s32 cpu)',
    "A CPU's run queue, or null for a CPU number that cannot be. Gone in 7.3: use scx_bpf_cpu_curr() or scx_bpf_locked_rq().",
    { until: '7.2', nullable: true, untrusted: true, programs },
  ),
  define(
    'struct rq *scx_bpf_locked_rq()',
    'The run queue that this callback holds locked, or null where it holds none.',
    { since: '6.18', nullable: true, programs },
  ),
  define(
    'struct task_struct *scx_bpf_cpu_curr(s32 cpu)',
    'The task that a CPU runs now, valid while under RCU; null for a CPU number that cannot be. Before 6.18 its fields can be read, but kernel functions do not take it: hand it on inside if (exists(scx_bpf_cpu_curr)).',
    { nullable: true, rcu: true, rcuProtected: true, heldSince: '6.18', programs },
  ),
];

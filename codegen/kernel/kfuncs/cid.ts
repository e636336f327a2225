import { define } from './define.js';
import { ANY_BUT_KPROBE, OPS_ONLY } from './programs.js';

const CID = { since: '7.2', programs: ANY_BUT_KPROBE };

/**
 * CPUs numbered by topology (cids): kernel/sched/ext/cid.c, and sub-schedulers: sub.c. What works on
 * masks of cids in an arena is not offered: NOT_OFFERED in ../not-offered.ts.
 */
export const CIDS = [
  define(
    's32 scx_bpf_cpu_to_cid(s32 cpu)',
    'Topological id of a CPU: neighbours share caches. -EINVAL if the CPU has none.',
    CID,
  ),
  define('s32 scx_bpf_cid_to_cpu(s32 cid)', 'The CPU of a topological id, or -EINVAL.', CID),
  define('u32 scx_bpf_nr_cids()', 'Number of topological CPU ids.', CID),
  define('u32 scx_bpf_nr_online_cids()', 'Number of topological ids whose CPUs are online.', CID),
  define('s32 scx_bpf_this_cid()', 'Topological id of this CPU.', CID),
  define(
    's32 scx_bpf_task_cid(const struct task_struct *p)',
    'Topological id of the CPU that a task is on or was on last.',
    CID,
  ),
  define(
    'void scx_bpf_kick_cid(s32 cid, u64 flags)',
    'As scx_bpf_kick_cpu, by topological id.',
    CID,
  ),
  define(
    'struct task_struct *scx_bpf_cid_curr(s32 cid)',
    'As scx_bpf_cpu_curr, by topological id.',
    { ...CID, nullable: true, rcu: true, rcuProtected: true },
  ),
  define('u32 scx_bpf_cidperf_cap(s32 cid)', 'As scx_bpf_cpuperf_cap, by topological id.', CID),
  define('u32 scx_bpf_cidperf_cur(s32 cid)', 'As scx_bpf_cpuperf_cur, by topological id.', CID),
  define(
    's32 scx_bpf_cidperf_set(s32 cid, u32 perf)',
    'As scx_bpf_cpuperf_set, by topological id; 0 or -errno.',
    CID,
  ),
  define(
    'void scx_bpf_cid_topo(s32 cid, struct scx_cid_topo *out @out, u64 out__sz =size)',
    'Where a topological id is: its core, last-level cache and NUMA node.',
    CID,
  ),
  define(
    'bool scx_bpf_sub_dispatch(u64 cgroup_id)',
    "Lets the sub-scheduler of a cgroup fill this CPU's local queue; true if it put a task there.",
    { since: '7.1', groups: 'dispatch', programs: OPS_ONLY },
  ),
];

/** What generated programs may use, all of it imported. */
const NAMES = `
  array, atomicAdd, atomicAnd, atomicOr, atomicXchg, bloomFilter, bool, bpf_cpumask_create, bpf_cpumask_empty,
  bpf_cpumask_first, bpf_cpumask_intersects, bpf_cpumask_set_cpu, bpf_cpumask_test_cpu, bpf_cpumask_weight,
  bpf_cgroup_from_id, BPF_TASK_ITER_ALL_PROCS, bpf_get_prandom_u32, bpf_get_smp_processor_id, bpf_ktime_get_ns, bpf_printk, bpf_rcu_read_lock,
  bpf_task_from_pid, config, configArray, counter, each, exists, hash, kptrXchg, lruHash, lruPercpuHash,
  percpu, percpuArray, percpuHash, queue, range, ringbuf, scheduler, scx_bpf_cpu_curr, scx_bpf_cpuperf_cap,
  scx_bpf_cpuperf_set, scx_bpf_dispatch_nr_slots, scx_bpf_dsq_insert, scx_bpf_dsq_insert_vtime,
  scx_bpf_dsq_move, scx_bpf_dsq_move_to_local, scx_bpf_dsq_nr_queued, scx_bpf_dsq_peek,
  scx_bpf_get_idle_cpumask, scx_bpf_get_idle_smtmask, scx_bpf_get_online_cpumask, scx_bpf_kick_cpu,
  scx_bpf_now, scx_bpf_nr_cpu_ids, scx_bpf_pick_idle_cpu, scx_bpf_select_cpu_dfl, scx_bpf_task_cpu,
  scx_bpf_task_running, scx_bpf_test_and_clear_cpu_idle, stack, startsWith, streq, syscall, taskStorage,
  timer, tp_btf, zeroed, NSEC_PER_MSEC, NSEC_PER_SEC, SCX_DSQ_LOCAL, SCX_DSQ_LOCAL_ON, SCX_KICK_IDLE,
  SCX_KICK_PREEMPT, SCX_SLICE_DFL, SCX_SLICE_INF, s8, s16, s32, s64, u8, u16, u32, u64, type FixedArray, type
  Kptr, type SpinLock,
`;

/** The import of all that and of what a program's features need besides. */
export function importText(more: readonly string[]): string {
  const names = new Set(
    [...NAMES.split(','), ...more].map((n) => n.trim()).filter((n) => n !== ''),
  );
  return `import {\n  ${[...names].join(', ')},\n} from 'scxts';\nimport type { bpf_cpumask } from 'scxts/vmlinux';`;
}

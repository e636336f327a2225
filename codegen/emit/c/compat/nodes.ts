import type { Compat } from './types.js';

/** A function for one NUMA node; before 6.15 idle CPUs are not kept by node, and it is what the whole machine has. */
function byNode(name: string, head: string, args: string, whole: string, c: string): Compat {
  const symbol = `scx_bpf_${name}___compat`;
  return {
    wrapper: `scxts_${name}`,
    comment: 'Before 6.15 idle CPUs are not kept by node.',
    ways: [
      {
        symbol,
        externs: [`${head.replace(name, `${name}___compat`)} __ksym __weak;`],
        c: `return ${symbol}(${args});`,
      },
      { externs: [`${whole} __ksym __weak;`], c: `return ${c};` },
    ],
  };
}

const PICK = 'const struct cpumask *cpus_allowed';
/** SCX_PICK_IDLE_CORE, the only flag that old kernels know. */
const CORE = 'flags & 1';

/** Idle CPUs by NUMA node: kernel/sched/ext/idle.c. */
export const NODE_COMPAT: Readonly<Record<string, Compat>> = {
  scx_bpf_pick_idle_cpu_node: byNode(
    'pick_idle_cpu_node',
    `s32 scx_bpf_pick_idle_cpu_node(${PICK}, s32 node, u64 flags)`,
    'cpus_allowed, node, flags',
    `s32 scx_bpf_pick_idle_cpu(${PICK}, u64 flags)`,
    `scx_bpf_pick_idle_cpu(cpus_allowed, ${CORE})`,
  ),
  scx_bpf_pick_any_cpu_node: byNode(
    'pick_any_cpu_node',
    `s32 scx_bpf_pick_any_cpu_node(${PICK}, s32 node, u64 flags)`,
    'cpus_allowed, node, flags',
    `s32 scx_bpf_pick_any_cpu(${PICK}, u64 flags)`,
    `scx_bpf_pick_any_cpu(cpus_allowed, ${CORE})`,
  ),
  scx_bpf_get_idle_cpumask_node: byNode(
    'get_idle_cpumask_node',
    'struct cpumask *scx_bpf_get_idle_cpumask_node(s32 node)',
    'node',
    'struct cpumask *scx_bpf_get_idle_cpumask(void)',
    'scx_bpf_get_idle_cpumask()',
  ),
  scx_bpf_get_idle_smtmask_node: byNode(
    'get_idle_smtmask_node',
    'struct cpumask *scx_bpf_get_idle_smtmask_node(s32 node)',
    'node',
    'struct cpumask *scx_bpf_get_idle_smtmask(void)',
    'scx_bpf_get_idle_smtmask()',
  ),
  scx_bpf_cpu_node: {
    wrapper: 'scxts_cpu_node',
    comment: 'Before 6.15 all CPUs count as those of node 0.',
    ways: [
      {
        symbol: 'scx_bpf_cpu_node___compat',
        externs: ['s32 scx_bpf_cpu_node___compat(s32 cpu) __ksym __weak;'],
        c: 'return scx_bpf_cpu_node___compat(cpu);',
      },
      { externs: [], c: 'return 0;' },
    ],
  },
};

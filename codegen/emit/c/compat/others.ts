import type { Compat } from './types.js';

function written(field: 'slice' | 'dsq_vtime', value: string): Compat {
  const name = `scx_bpf_task_set_${field}___compat`;
  return {
    wrapper: `scxts_task_set_${field}`,
    comment: 'Before 6.19 the field is written directly.',
    ways: [
      {
        symbol: name,
        externs: [`bool ${name}(struct task_struct *p, u64 ${value}) __ksym __weak;`],
        c: `return ${name}(p, ${value});`,
      },
      {
        externs: [],
        structs: [`scx:task_struct.scx.${field}`],
        c: `p->scx.${field} = ${value};\nreturn true;`,
      },
    ],
  };
}

/** A function of the kernel that stands for a variable: the section that it opens ends with that. */
function section(kernel: string, wrapper: string): Compat {
  return {
    wrapper,
    ways: [{ externs: [`void ${kernel}(void) __ksym __weak;`], c: `${kernel}();\nreturn 0;` }],
  };
}

/** Choosing CPUs, tasks, clocks and sections. */
export const OTHER_COMPAT: Readonly<Record<string, Compat>> = {
  scx_bpf_select_cpu_and: {
    wrapper: 'scxts_select_cpu_and',
    comment: 'Arguments are packed from 6.19 on; before 6.16 there is no such policy.',
    head: `s32 scxts_select_cpu_and(struct task_struct *p, s32 prev_cpu, u64 wake_flags,
						const struct cpumask *cpus_allowed, u64 flags)`,
    ways: [
      {
        symbol: '__scx_bpf_select_cpu_and',
        structs: [
          'struct scx_bpf_select_cpu_and_args {\n\ts32 prev_cpu;\n\tu64 wake_flags;\n\tu64 flags;\n};',
        ],
        externs: [
          's32 __scx_bpf_select_cpu_and(struct task_struct *p, const struct cpumask *cpus_allowed, struct scx_bpf_select_cpu_and_args *args) __ksym __weak;',
        ],
        c: `struct scx_bpf_select_cpu_and_args args = {
	.prev_cpu = prev_cpu, .wake_flags = wake_flags, .flags = flags,
};

return __scx_bpf_select_cpu_and(p, cpus_allowed, &args);`,
      },
      {
        symbol: 'scx_bpf_select_cpu_and___v1',
        externs: [
          's32 scx_bpf_select_cpu_and___v1(struct task_struct *p, s32 prev_cpu, u64 wake_flags, const struct cpumask *cpus_allowed, u64 flags) __ksym __weak;',
        ],
        c: 'return scx_bpf_select_cpu_and___v1(p, prev_cpu, wake_flags, cpus_allowed, flags);',
      },
      {
        structs: [
          'struct task_struct___cpus {\n\tconst struct cpumask *cpus_ptr;\n} __attribute__((preserve_access_index));',
        ],
        externs: [
          'struct bpf_cpumask *bpf_cpumask_create(void) __ksym __weak;',
          'bool bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2) __ksym __weak;',
          'void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym __weak;',
          's32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, u64 flags) __ksym __weak;',
          'bool scx_bpf_test_and_clear_cpu_idle(s32 cpu) __ksym __weak;',
          'bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym __weak;',
        ],
        c: `const struct cpumask *own = ((struct task_struct___cpus *)p)->cpus_ptr;
struct bpf_cpumask *both;
s32 cpu = -16; /* EBUSY */

if (prev_cpu >= 0 && bpf_cpumask_test_cpu(prev_cpu, cpus_allowed) && bpf_cpumask_test_cpu(prev_cpu, own) &&
    scx_bpf_test_and_clear_cpu_idle(prev_cpu))
	return prev_cpu;
both = bpf_cpumask_create();
if (!both)
	return cpu;
if (bpf_cpumask_and(both, cpus_allowed, own))
	cpu = scx_bpf_pick_idle_cpu((const struct cpumask *)both, flags);
bpf_cpumask_release(both);
return cpu;`,
      },
    ],
  },
  scx_bpf_cpu_curr: {
    wrapper: 'scxts_cpu_curr',
    comment: "Before 6.18: what the CPU's run queue says, which the verifier does not trust.",
    ways: [
      {
        symbol: 'scx_bpf_cpu_curr___compat',
        externs: ['struct task_struct *scx_bpf_cpu_curr___compat(s32 cpu) __ksym __weak;'],
        c: 'return scx_bpf_cpu_curr___compat(cpu);',
      },
      {
        structs: [
          'struct rq___curr {\n\tstruct task_struct *curr;\n} __attribute__((preserve_access_index));',
        ],
        externs: ['struct rq *scx_bpf_cpu_rq(s32 cpu) __ksym __weak;'],
        c: `struct rq___curr *rq = (struct rq___curr *)scx_bpf_cpu_rq(cpu);

return rq ? rq->curr : NULL;`,
      },
    ],
  },
  scx_bpf_task_set_slice: written('slice', 'slice'),
  scx_bpf_task_set_dsq_vtime: written('dsq_vtime', 'vtime'),
  scx_bpf_now: {
    wrapper: 'scxts_now',
    ways: [
      {
        symbol: 'scx_bpf_now___compat',
        externs: ['u64 scx_bpf_now___compat(void) __ksym __weak;'],
        c: 'return scx_bpf_now___compat();',
      },
      { externs: [], c: 'return bpf_ktime_get_ns();' },
    ],
  },
  bpf_rcu_read_lock: section('bpf_rcu_read_lock', 'scxts_rcu_read_lock'),
  bpf_preempt_disable: section('bpf_preempt_disable', 'scxts_preempt_disable'),
  // The flags are the variable itself: the verifier follows its place on the stack.
  bpf_local_irq_save: {
    wrapper: 'bpf_local_irq_save',
    ways: [{ externs: ['void bpf_local_irq_save(u64 *flags) __ksym __weak;'], c: '' }],
  },
  ...inline(),
};

/** What the kernel's headers define: arithmetic on time stamps, wrap-around counted. */
function inline(): Record<string, Compat> {
  const difference = '(s64)(after - before)';
  const values: [name: string, value: string][] = [
    ['time_after', '(s64)(b - a) < 0'],
    ['time_before', '(s64)(a - b) < 0'],
    ['time_after_eq', '(s64)(a - b) >= 0'],
    ['time_before_eq', '(s64)(b - a) >= 0'],
    ['time_delta', `${difference} > 0 ? ${difference} : 0`],
    ['time_in_range', '(s64)(a - b) >= 0 && (s64)(c - a) >= 0'],
    ['time_in_range_open', '(s64)(a - b) >= 0 && (s64)(c - a) > 0'],
  ];
  return Object.fromEntries(
    values.map(([name, value]) => [
      name,
      { wrapper: name, ways: [{ externs: [], c: `return ${value};` }] },
    ]),
  );
}

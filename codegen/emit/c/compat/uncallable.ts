import type { KernelFunction } from '../../../kernel/types.js';
import { KERNELS_WITH_LOST_MARKS } from '../../../kernel/versions.js';
import { declaration } from './declaration.js';
import { DSQ_WALK } from './dsq.js';
import type { Compat } from './types.js';

/**
 * Functions that a kernel has and no program can call: they take an implicit argument
 * (KF_IMPLICIT_ARGS), and its BTF lacks the `NAME_impl` that says so. The verifier then refuses any
 * program with such a call in it, reached or not (find_kfunc_impl_proto() in kernel/bpf/verifier.c),
 * and libbpf leaves the weak symbol unresolved, since the prototype has a parameter too many.
 * docs/kernel-types.md tells how a kernel comes to that. Which functions it hits differs between the
 * builds of one version, so all of them with such an argument are tested for.
 *
 * What is called then instead; for functions that are not here the scheduler ends and says why.
 */
interface Instead {
  /** Statements in C; the parameters are there under their names. */
  c: string;
  /** Other functions of the table that `c` calls. */
  calls?: string[];
  externs?: string[];
  /** Declarations that come before all externs. */
  structs?: string[];
}

const TEST_CPU_EXTERNS = [
  'struct bpf_cpumask *bpf_cpumask_create(void) __ksym __weak;',
  'void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *cpumask) __ksym __weak;',
  'void bpf_cpumask_release(struct bpf_cpumask *cpumask) __ksym __weak;',
  's32 scx_bpf_pick_idle_cpu(const struct cpumask *cpus_allowed, u64 flags) __ksym __weak;',
];

const INSTEAD: Readonly<Record<string, Instead>> = {
  // What a machine that knows nothing of the speed of its CPUs has: SCX_CPUPERF_ONE.
  scx_bpf_cpuperf_cap: { c: 'return 1024;' },
  scx_bpf_cpuperf_cur: { c: 'return 1024;' },
  scx_bpf_cpuperf_set: { c: '/* A request that no governor has to follow. */' },
  // The same policy, held to the CPUs that the task may use anyway.
  scx_bpf_select_cpu_dfl: {
    structs: [
      'struct scx_bpf_select_cpu_and_args {\n\ts32 prev_cpu;\n\tu64 wake_flags;\n\tu64 flags;\n};',
      'struct task_struct___cpus {\n\tconst struct cpumask *cpus_ptr;\n} __attribute__((preserve_access_index));',
    ],
    externs: [
      's32 __scx_bpf_select_cpu_and(struct task_struct *p, const struct cpumask *cpus_allowed, struct scx_bpf_select_cpu_and_args *args) __ksym __weak;',
    ],
    c: `struct scx_bpf_select_cpu_and_args args = { .prev_cpu = prev_cpu, .wake_flags = wake_flags };
s32 cpu = -16; /* EBUSY */

if (bpf_ksym_exists(__scx_bpf_select_cpu_and))
	cpu = __scx_bpf_select_cpu_and(p, ((struct task_struct___cpus *)p)->cpus_ptr, &args);
*is_idle = cpu >= 0;
return cpu >= 0 ? cpu : prev_cpu;`,
  },
  // Queues of the program can be walked where RCU is held, as it is in all callbacks that do not sleep; a section of its
  // own would take the caller's pointers away at its end. Those of the kernel (bit 63) cannot be walked.
  scx_bpf_dsq_nr_queued: {
    ...DSQ_WALK,
    c: `if (!(dsq_id >> 63) && bpf_ksym_exists(bpf_iter_scx_dsq_new)) {
	struct bpf_iter_scx_dsq it;
	u64 now = bpf_ktime_get_ns(), same = now, nr = 0;
	s32 err;

	/* To the verifier now ^ same is unknown, and so is nr: it need not follow each round. */
	asm volatile("" : "+r"(same));
	err = bpf_iter_scx_dsq_new(&it, dsq_id, 0);
	while (bpf_iter_scx_dsq_next(&it))
		nr += 1 + (now ^ same);
	bpf_iter_scx_dsq_destroy(&it);
	return err ?: (s32)nr;
}`,
  },
  // All queues go with the scheduler.
  scx_bpf_destroy_dsq: { c: '/* The queue goes with the scheduler. */' },
  scx_bpf_test_and_clear_cpu_idle: {
    externs: TEST_CPU_EXTERNS,
    c: `if (bpf_ksym_exists(scx_bpf_pick_idle_cpu)) {
	struct bpf_cpumask *one = bpf_cpumask_create();
	bool idle = false;

	if (one) {
		bpf_cpumask_set_cpu(cpu, one);
		idle = scx_bpf_pick_idle_cpu((const struct cpumask *)one, 0) == cpu;
		bpf_cpumask_release(one);
	}
	return idle;
}`,
  },
  scx_bpf_pick_idle_cpu: {
    externs: [
      'struct cpumask *scx_bpf_get_idle_cpumask(void) __ksym __weak;',
      'void scx_bpf_put_idle_cpumask(const struct cpumask *idle_mask) __ksym __weak;',
      'bool scx_bpf_test_and_clear_cpu_idle(s32 cpu) __ksym __weak;',
      'u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1, const struct cpumask *src2) __ksym __weak;',
      'u32 scx_bpf_nr_cpu_ids(void) __ksym __weak;',
    ],
    c: `if (bpf_ksym_exists(scx_bpf_get_idle_cpumask) && bpf_ksym_exists(scx_bpf_test_and_clear_cpu_idle)) {
	struct cpumask *idle = scx_bpf_get_idle_cpumask();
	u32 cpu = bpf_cpumask_any_and_distribute(idle, cpus_allowed);

	scx_bpf_put_idle_cpumask(idle);
	/* SCX_PICK_IDLE_CORE asks for a mask that is not to be had either: no core counts as idle. */
	if (!(flags & 1) && cpu < scx_bpf_nr_cpu_ids() && scx_bpf_test_and_clear_cpu_idle(cpu))
		return cpu;
	return -16;
}`,
  },
  scx_bpf_pick_any_cpu: {
    calls: ['scx_bpf_pick_idle_cpu'],
    externs: [
      'u32 bpf_cpumask_any_distribute(const struct cpumask *cpumask) __ksym __weak;',
      'u32 scx_bpf_nr_cpu_ids(void) __ksym __weak;',
    ],
    c: `s32 idle = scxts_pick_idle_cpu(cpus_allowed, flags);
u32 cpu;

if (idle >= 0)
	return idle;
cpu = bpf_cpumask_any_distribute(cpus_allowed);
return cpu < scx_bpf_nr_cpu_ids() ? (s32)cpu : -16;`,
  },
};

/** Why a program that needs the function ends; the kernel's exit message takes 1024 bytes. */
export function complaint(name: string): string {
  return `scx_bpf_error("${name}() cannot be called on this kernel: its BTF lacks ${name}_impl, which KF_IMPLICIT_ARGS needs. Linux 7.3 and those before 7.1 are right.");`;
}

/**
 * Returned where the function could not be called: errors of s32 functions are errnos. The clock is
 * never 0, but the verifier does not know: from a constant it would conclude that what follows is not
 * reached, not see a callback of a timer being set there, and count its re-arming as a recursion
 * (check_max_stack_depth_subprog() in kernel/bpf/verifier.c).
 */
function nothing(fn: KernelFunction): string {
  const { ctype, acquire, nullable } = fn.returns;
  if (ctype === 'void') return '';
  if (ctype === 's32' || ctype === 's64')
    return 'return bpf_ktime_get_ns() ? -524 /* -ENOTSUPP */ : 0;';
  if (ctype.endsWith('*'))
    return acquire && !nullable && ctype.includes('cpumask')
      ? 'return scx_bpf_get_online_cpumask();'
      : 'return NULL;';
  return 'return bpf_ktime_get_ns() ? 0 : 1;';
}

/** A function that some kernels have but cannot call: behind a C function that tests for it. */
export function guarded(fn: KernelFunction): Compat {
  const instead = INSTEAD[fn.name];
  const call = `${fn.name}(${fn.params.map((p) => p.name).join(', ')});`;
  const rest = nothing(fn);
  // What `instead` ends on goes for the rest.
  const ends = instead && !instead.c.endsWith('}');
  const online = rest.includes('online_cpumask')
    ? ['struct cpumask *scx_bpf_get_online_cpumask(void) __ksym __weak;']
    : [];
  return {
    wrapper: `scxts_${fn.name.replace(/^(scx_)?bpf_/, '')}`,
    comment: `Linux ${KERNELS_WITH_LOST_MARKS.join(' and ')} can have it without a way to call it.`,
    ways: [
      {
        symbol: fn.name,
        externs: [`${declaration(fn, fn.name)} __ksym __weak;`],
        c: fn.returns.ctype === 'void' ? `${call}\nreturn;` : `return ${call}`,
      },
      {
        externs: [...(instead?.externs ?? []), ...online],
        ...(instead?.calls ? { calls: instead.calls } : {}),
        ...(instead?.structs ? { structs: instead.structs } : {}),
        ...(ends ? {} : { complains: true }),
        c: [...(instead ? [instead.c] : []), ...(ends ? [] : [complaint(fn.name), rest])]
          .filter(Boolean)
          .join('\n'),
      },
    ],
  };
}

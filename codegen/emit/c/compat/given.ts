import type { Compat, Way } from './types.js';

/** One way for all kernels. */
function one(wrapper: string, way: Omit<Way, 'externs'> & { externs?: string[] }): Compat {
  return { wrapper, ways: [{ externs: [], ...way }] };
}

/** The task's weight as the kernel counts it. */
const WEIGHT =
  'struct task_struct___weight {\n\tstruct {\n\t\tu32 weight;\n\t} scx;\n} __attribute__((preserve_access_index));';

/** Where in preempt_count() hardware interrupts are counted: 8 bits of disabled interrupts came before them in 7.3. */
const SHIFT = 'bpf_ksym_exists(&local_interrupt_disable_state) ? 24 : 16';
const SHIFTED = ['extern const unsigned long local_interrupt_disable_state __ksym __weak;'];

/** Bits of preempt_count() above those of disabled hardware interrupts. */
function counted(name: string, comment: string, mask: string): Compat {
  return {
    ...one(name, {
      structs: SHIFTED,
      calls: ['scxts_preempt_count'],
      c: `return (scxts_preempt_count() >> (${SHIFT})) & ${mask};`,
    }),
    comment,
  };
}

/** Highest bit and lowest bit go by what clang makes of its builtins: shifts, without a branch. */
export const GIVEN_COMPAT: Readonly<Record<string, Compat>> = {
  hweight32: one('hweight32', { c: 'return __builtin_popcount(w);' }),
  hweight64: one('hweight64', { c: 'return __builtin_popcountll(w);' }),
  fls: one('fls', { c: 'return x ? 32 - __builtin_clz(x) : 0;' }),
  fls64: one('fls64', { c: 'return x ? 64 - __builtin_clzll(x) : 0;' }),
  __ffs: one('__ffs', { c: 'return word ? __builtin_ctzll(word) : 0;' }),
  __ffs64: one('__ffs64', { c: 'return word ? __builtin_ctzll(word) : 0;' }),
  ilog2: one('ilog2', { c: 'return n ? 63 - __builtin_clzll(n) : 0;' }),
  int_sqrt: one('int_sqrt', {
    calls: ['fls64'],
    c: `/* Newton's method from above: five steps from less than twice the root are exact to the last bit but one. */
u64 root = 1ULL << ((fls64(x) + 1) / 2);

if (!x)
	return 0;
_Pragma("unroll") for (u32 i = 0; i < 5; i++)
	root = (root + x / root) / 2;
return root - (root > x / root);`,
  }),
  scale_by_task_weight: one('scale_by_task_weight', {
    structs: [WEIGHT],
    c: 'return value * ((struct task_struct___weight *)p)->scx.weight / 100;',
  }),
  scale_by_task_weight_inverse: one('scale_by_task_weight_inverse', {
    structs: [WEIGHT],
    c: 'u64 weight = ((struct task_struct___weight *)p)->scx.weight;\n\nreturn weight ? value * 100 / weight : 0;',
  }),
  is_migration_disabled: {
    ...one('is_migration_disabled', {
      structs: [
        'struct task_struct___migration {\n\tunsigned short migration_disabled;\n\tint rcu_read_lock_nesting;\n} __attribute__((preserve_access_index));',
        'extern int LINUX_KERNEL_VERSION __kconfig;',
      ],
      c: `struct task_struct___migration *t = (void *)p;
u32 count;

if (!bpf_core_field_exists(t->migration_disabled))
	return false;
count = t->migration_disabled;
if (count != 1 || (void *)bpf_get_current_task_btf() != (void *)p)
	return count != 0;
return !bpf_core_field_exists(t->rcu_read_lock_nesting) && LINUX_KERNEL_VERSION >= KERNEL_VERSION(6, 18, 0);`,
    }),
    comment:
      'The kernel disables migration of the current task around every program: since 6.18 only where RCU can be preempted.',
  },
  scxts_preempt_count: {
    ...one('scxts_preempt_count', {
      structs: [
        'struct pcpu_hot___scxts {\n\tint preempt_count;\n} __attribute__((preserve_access_index));',
        'struct task_struct___arm64 {\n\tstruct {\n\t\tstruct {\n\t\t\tu32 count;\n\t\t} preempt;\n\t} thread_info;\n} __attribute__((preserve_access_index));',
        'extern const int __preempt_count __ksym __weak;\nextern const struct pcpu_hot___scxts pcpu_hot __ksym __weak;',
      ],
      c: `struct task_struct___arm64 *task = (void *)bpf_get_current_task_btf();

if (bpf_core_field_exists(task->thread_info.preempt.count))
	return task->thread_info.preempt.count;
if (bpf_ksym_exists(&__preempt_count))
	return *(const u32 *)bpf_this_cpu_ptr(&__preempt_count);
if (bpf_ksym_exists(&pcpu_hot))
	return ((const struct pcpu_hot___scxts *)bpf_this_cpu_ptr(&pcpu_hot))->preempt_count;
return 0;`,
    }),
    comment: 'arm64 has it in the task; x86 in a variable of each CPU, up to 6.14 within another.',
  },
  in_hardirq: counted(
    'in_hardirq',
    'Linux 7.3 counts disabled interrupts below the interrupts themselves.',
    '0xf',
  ),
  in_nmi: {
    ...one('in_nmi', {
      structs: SHIFTED,
      calls: ['scxts_preempt_count'],
      c: `return (scxts_preempt_count() >> ((${SHIFT}) + 4)) & (bpf_ksym_exists(&local_interrupt_disable_state) ? 0x7 : 0xf);`,
    }),
  },
  in_serving_softirq: {
    ...one('in_serving_softirq', {
      structs: [
        'struct task_struct___softirq {\n\tint softirq_disable_cnt;\n} __attribute__((preserve_access_index));',
      ],
      calls: ['scxts_preempt_count'],
      c: `struct task_struct___softirq *task = (void *)bpf_get_current_task_btf();

if (bpf_core_field_exists(task->softirq_disable_cnt))
	return task->softirq_disable_cnt >> 8 & 1;
return scxts_preempt_count() >> 8 & 1;`,
    }),
    comment: 'Kernels with PREEMPT_RT count it for each task.',
  },
  kernelVersion: one('scxts_kernel_version', {
    structs: ['extern int LINUX_KERNEL_VERSION __kconfig;'],
    c: 'return LINUX_KERNEL_VERSION;',
  }),
  KERNEL_VERSION: one('KERNEL_VERSION', { c: '' }),
};

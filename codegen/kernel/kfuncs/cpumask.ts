import { define } from './define.js';
import { ANY_BUT_KPROBE } from './programs.js';

const programs = ANY_BUT_KPROBE;

const BINARY = [
  ['equal', 'Whether two masks have the same CPUs.'],
  ['intersects', 'Whether two masks share a CPU.'],
  ['subset', 'Whether every CPU of src1 is in src2.'],
] as const;
const PICK = [
  ['first', 'Lowest CPU of a mask; scx_bpf_nr_cpu_ids() or more if it is empty.'],
  ['first_zero', 'Lowest CPU that is not in a mask; scx_bpf_nr_cpu_ids() or more if it is full.'],
  ['any_distribute', 'A CPU of a mask, another one each time; nr_cpu_ids or more if it is empty.'],
  ['weight', 'Number of CPUs in a mask.'],
] as const;

/** CPU masks: kernel/bpf/cpumask.c. A bpf_cpumask does wherever a cpumask is only read. */
export const CPUMASK = [
  define(
    'struct bpf_cpumask *bpf_cpumask_create()',
    'A new, empty CPU mask, or null without memory.',
    { nullable: true, acquire: 'bpf_cpumask_release', programs },
  ),
  define(
    'struct bpf_cpumask *bpf_cpumask_acquire(struct bpf_cpumask *cpumask @held)',
    'Takes a reference on a CPU mask.',
    { acquire: 'bpf_cpumask_release', programs },
  ),
  define(
    'void bpf_cpumask_set_cpu(u32 cpu, struct bpf_cpumask *cpumask)',
    'Adds a CPU to a mask.',
    {
      programs,
    },
  ),
  define(
    'void bpf_cpumask_clear_cpu(u32 cpu, struct bpf_cpumask *cpumask)',
    'Removes a CPU from a mask.',
    { programs },
  ),
  define(
    'bool bpf_cpumask_test_and_set_cpu(u32 cpu, struct bpf_cpumask *cpumask)',
    'Adds a CPU to a mask; says whether it was in it.',
    { programs },
  ),
  define(
    'bool bpf_cpumask_test_and_clear_cpu(u32 cpu, struct bpf_cpumask *cpumask)',
    'Removes a CPU from a mask; says whether it was in it.',
    { programs },
  ),
  define(
    'bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask)',
    'Whether a CPU is in a mask.',
    { programs },
  ),
  define('void bpf_cpumask_setall(struct bpf_cpumask *cpumask)', 'Puts every CPU into a mask.', {
    programs,
  }),
  define('void bpf_cpumask_clear(struct bpf_cpumask *cpumask)', 'Empties a mask.', { programs }),
  define(
    'bool bpf_cpumask_and(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)',
    'dst = src1 & src2; says whether any CPU is left.',
    { programs },
  ),
  define(
    'void bpf_cpumask_or(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)',
    'dst = src1 | src2.',
    { programs },
  ),
  define(
    'void bpf_cpumask_xor(struct bpf_cpumask *dst, const struct cpumask *src1, const struct cpumask *src2)',
    'dst = src1 ^ src2.',
    { programs },
  ),
  define(
    'void bpf_cpumask_copy(struct bpf_cpumask *dst, const struct cpumask *src)',
    'dst = src.',
    { programs },
  ),
  ...BINARY.map(([name, doc]) =>
    define(
      `bool bpf_cpumask_${name}(const struct cpumask *src1, const struct cpumask *src2)`,
      doc,
      {
        programs,
      },
    ),
  ),
  define('bool bpf_cpumask_empty(const struct cpumask *cpumask)', 'Whether a mask has no CPU.', {
    programs,
  }),
  define('bool bpf_cpumask_full(const struct cpumask *cpumask)', 'Whether a mask has every CPU.', {
    programs,
  }),
  ...PICK.map(([name, doc]) =>
    define(`u32 bpf_cpumask_${name}(const struct cpumask *cpumask)`, doc, { programs }),
  ),
  define(
    'u32 bpf_cpumask_first_and(const struct cpumask *src1, const struct cpumask *src2)',
    'Lowest CPU that is in both masks; scx_bpf_nr_cpu_ids() or more if there is none.',
    { programs },
  ),
  define(
    'u32 bpf_cpumask_any_and_distribute(const struct cpumask *src1, const struct cpumask *src2)',
    'A CPU that is in both masks, another one each time; nr_cpu_ids or more if there is none.',
    { programs },
  ),
];

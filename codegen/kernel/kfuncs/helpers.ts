import { define } from './define.js';
import { ANY_BUT_KPROBE, TRACED_FUNCTION, TRACING_ONLY } from './programs.js';

const helper = { kind: 'helper' as const };

const COMPARE = [
  ['time_after', 'Whether a is later than b, wrap-around counted.'],
  ['time_before', 'Whether a is earlier than b, wrap-around counted.'],
  ['time_after_eq', 'Whether a is b or later, wrap-around counted.'],
  ['time_before_eq', 'Whether a is b or earlier, wrap-around counted.'],
] as const;
const RANGES = [
  ['time_in_range', 'Whether a is from b to c, both counted.'],
  ['time_in_range_open', 'Whether a is from b to c, c not counted.'],
] as const;

/** Clocks and arithmetic on time stamps. */
export const TIME = [
  define(
    'u64 scx_bpf_now()',
    'Clock in ns that costs next to nothing and never goes back on one CPU; clocks of two CPUs can differ a little. bpf_ktime_get_ns() on kernels before 6.14.',
    {
      programs: ANY_BUT_KPROBE,
    },
  ),
  define('u64 bpf_ktime_get_ns()', 'Monotonic clock in ns, stops in suspend.', helper),
  define('u64 bpf_ktime_get_boot_ns()', 'Monotonic clock in ns, runs on in suspend.', helper),
  define('u64 bpf_ktime_get_tai_ns()', 'International atomic time in ns.', helper),
  define('u64 bpf_jiffies64()', 'Ticks (1/HZ s) since boot.', helper),
  ...COMPARE.map(([name, doc]) =>
    define(`bool ${name}(u64 a, u64 b)`, doc, {
      kind: 'inline',
    }),
  ),
  define('s64 time_delta(u64 after, u64 before)', 'after - before, or 0 if that is negative.', {
    kind: 'inline',
  }),
  ...RANGES.map(([name, doc]) =>
    define(`bool ${name}(u64 a, u64 b, u64 c)`, doc, {
      kind: 'inline',
    }),
  ),
];

/** RCU sections and BPF helpers (include/uapi/linux/bpf.h). */
export const HELPERS = [
  define(
    's32 bpf_rcu_read_lock()',
    'Opens an RCU read section to the end of the block: what was reached under RCU stays valid in it. Callbacks that do not sleep are in one already.',
    {
      acquire: 'bpf_rcu_read_unlock',
      dslReturns: 'Disposable',
    },
  ),
  define(
    's32 bpf_preempt_disable()',
    'Keeps this task on its CPU, and others off it, to the end of the block: per-CPU values change together. Nothing in the block may sleep.',
    {
      acquire: 'bpf_preempt_enable',
      dslReturns: 'Disposable',
    },
  ),
  define(
    'u64 bpf_local_irq_save()',
    'Keeps interrupts off this CPU to the end of the block, what tracing programs in them would do included. Nothing in the block may sleep.',
    {
      since: '6.16',
      upstream: '6.14',
      acquire: 'bpf_local_irq_restore',
      dslReturns: 'Disposable',
      // The flags are the variable itself: the verifier follows its place on the stack.
    },
  ),
  define('u32 bpf_get_smp_processor_id()', 'This CPU.', helper),
  define('u32 bpf_get_numa_node_id()', 'NUMA node of this CPU.', helper),
  define('u32 bpf_get_prandom_u32()', 'A pseudo-random number.', helper),
  define('u64 bpf_get_current_pid_tgid()', 'tgid << 32 | pid of the current task.', helper),
  define('u64 bpf_get_current_uid_gid()', 'gid << 32 | uid of the current task.', helper),
  define(
    'struct task_struct *bpf_get_current_task_btf()',
    'The task that runs on this CPU; in a callback often not the one that it is about.',
    helper,
  ),
  define('u64 bpf_get_current_cgroup_id()', "Id of the current task's cgroup (v2).", helper),
  define(
    'u64 bpf_get_current_ancestor_cgroup_id(s32 ancestor_level)',
    "Id of the ancestor at a level (0 is the root) of the current task's cgroup (v2).",
    helper,
  ),
  define(
    'u64 bpf_get_attach_cookie(void *ctx =ctx)',
    'The cookie given when this tracing program was attached.',
    { ...helper, programs: TRACING_ONLY },
  ),
  define('u64 bpf_get_func_ip(void *ctx =ctx)', 'Address of the traced function.', {
    ...helper,
    programs: TRACED_FUNCTION,
  }),
  define('s64 bpf_perf_event_read_value()', 'What a PMU counter says.', {
    ...helper,
    label: 'of() of a PMU counter',
    programs: TRACING_ONLY,
  }),
  define(
    'void *bpf_arena_alloc_pages(void *p__map, void *addr__ign, u32 page_cnt, s32 node_id, u64 flags)',
    'Pages of an arena.',
    { label: 'populate() of an arena', sleepable: true, since: '6.12' },
  ),
];

import { define } from './define.js';

const helper = { kind: 'helper' as const };

/** BPF helpers (include/uapi/linux/bpf.h) and small inline functions of sched_ext's C headers. */
export const HELPERS = [
  define('u64 bpf_ktime_get_ns()', 'Monotonic clock in ns, stops in suspend.', helper),
  define('u64 bpf_ktime_get_boot_ns()', 'Monotonic clock in ns, runs on in suspend.', helper),
  define('u64 bpf_ktime_get_tai_ns()', 'TAI clock in ns.', helper),
  define('u64 bpf_ktime_get_coarse_ns()', 'Monotonic clock in ns, of the last tick.', helper),
  define('u64 bpf_jiffies64()', 'Ticks since boot.', helper),
  define('u32 bpf_get_smp_processor_id()', 'This CPU.', helper),
  define('u32 bpf_get_numa_node_id()', 'NUMA node of this CPU.', helper),
  define('u32 bpf_get_prandom_u32()', 'A pseudo-random number.', helper),
  define('u64 bpf_get_current_pid_tgid()', 'tgid << 32 | pid of the current task.', helper),
  define('u64 bpf_get_current_uid_gid()', 'gid << 32 | uid of the current task.', helper),
  define('struct task_struct *bpf_get_current_task_btf()', 'The current task.', helper),
  define('u64 bpf_get_current_cgroup_id()', "Id of the current task's cgroup (v2).", helper),
  define(
    'u64 bpf_get_attach_cookie(void *ctx =ctx)',
    'The cookie given when this tracing program was attached.',
    helper,
  ),
  define('u64 bpf_get_func_ip(void *ctx =ctx)', 'Address of the traced function.', helper),
  ...(
    [
      ['time_after', 'Whether a is later than b, wrap-around counted.', '(s64)(b - a) < 0'],
      ['time_before', 'Whether a is earlier than b, wrap-around counted.', '(s64)(a - b) < 0'],
      ['time_after_eq', 'Whether a is b or later, wrap-around counted.', '(s64)(a - b) >= 0'],
      ['time_before_eq', 'Whether a is b or earlier, wrap-around counted.', '(s64)(b - a) >= 0'],
    ] as const
  ).map(([name, doc, c]) =>
    define(`bool ${name}(u64 a, u64 b)`, doc, {
      kind: 'inline',
      c: `static __always_inline bool ${name}(u64 a, u64 b)\n{\n\treturn ${c};\n}`,
    }),
  ),
  define('s64 time_delta(u64 after, u64 before)', 'after - before, or 0 if that is negative.', {
    kind: 'inline',
    c: 'static __always_inline s64 time_delta(u64 after, u64 before)\n{\n\treturn (s64)(after - before) > 0 ? (s64)(after - before) : 0;\n}',
  }),
  define('bool time_in_range(u64 a, u64 b, u64 c)', 'Whether a is between b and c.', {
    kind: 'inline',
    c: 'static __always_inline bool time_in_range(u64 a, u64 b, u64 c)\n{\n\treturn (s64)(a - b) >= 0 && (s64)(c - a) >= 0;\n}',
  }),
];

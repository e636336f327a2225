import type { KernelTypes } from './vmlinux.js';
import { syscallArguments, syscallsWithNames } from '../syscalls.js';
import { scalarName, strip } from './c-names.js';

/** Tracepoints that schedulers listen to; each kernel's BTF says what they carry. */
const WANTED =
  /^(sched_(switch|wakeup|wakeup_new|waking|migrate_task|process_fork|process_exec|process_exit|process_free|process_wait|process_hang|prepare_exec|stat_\w+|pi_setprio|wait_task|wake_idle_without_ipi|move_numa|swap_numa|stick_numa|ext_\w+|kthread_stop|update_nr_running_tp|util_est_\w+|cpu_capacity_tp|overutilized_tp)|cpu_frequency|cpu_frequency_limits|cpu_idle|irq_handler_(entry|exit)|softirq_(entry|exit|raise)|tasklet_(entry|exit)|task_newtask|task_rename|cgroup_(mkdir|rmdir|release|rename|freeze|unfreeze|attach_task|transfer_tasks)|sys_(enter|exit)|h?rtimer_\w+|timer_\w+|tick_stop|contention_(begin|end)|signal_(generate|deliver)|workqueue_(queue_work|activate_work|execute_start|execute_end)|block_rq_(insert|issue|complete)|pstate_sample|suspend_resume|oom_score_adj_update)$/;

function argument(kernel: KernelTypes, id: number): string {
  const scalar = scalarName(kernel.types, id);
  if (scalar) return scalar;
  const type = strip(kernel.types, id);
  const target = type.kind === 'ptr' ? strip(kernel.types, type.type) : undefined;
  if (target && (target.kind === 'struct' || target.kind === 'union') && target.name)
    return `vm.${target.name}`;
  return "Opaque<'void *'>";
}

/** Names of an event's arguments: its prototype has none, but the function that calls who listens has. */
function namesOf(kernel: KernelTypes, event: string): string[] {
  const caller = kernel.types.find((t) => t?.kind === 'func' && t.name === `__traceiter_${event}`);
  const params = caller ? (kernel.types[caller.type]?.params ?? []) : [];
  // A word of TypeScript cannot name a parameter.
  return params.slice(1).map((p) => (/^(new|delete|in|this|function)$/.test(p.name) ? '' : p.name));
}

/** `TpBtf` and `Tracepoints`, and the structs that they need. */
export function tracepointDeclarations(
  kernel: KernelTypes,
  has: (struct: string) => boolean,
): string {
  const typed: string[] = [];
  const contexts: string[] = [];
  for (const type of kernel.types) {
    if (type.kind === 'typedef' && type.name.startsWith('btf_trace_')) {
      const name = type.name.slice('btf_trace_'.length);
      if (!WANTED.test(name)) continue;
      const proto = strip(kernel.types, strip(kernel.types, type.type).type);
      const names = namesOf(kernel, name);
      const args = (proto.params ?? []).slice(1).map((p, i) => {
        const text = argument(kernel, p.type);
        const known = !text.startsWith('vm.') || has(text.slice(3));
        return `${names[i] || p.name || `arg${i}`}: ${known ? text : "Opaque<'void *'>"}`;
      });
      typed.push(`  ${name}: [${args.join(', ')}];`);
    }
    if (type.kind === 'struct' && type.name.startsWith('trace_event_raw_')) {
      const name = type.name.slice('trace_event_raw_'.length);
      if (!CLASSES.has(name)) continue;
      const fields = (type.members ?? [])
        .filter((m) => m.name && m.name !== 'ent' && !m.name.startsWith('__'))
        .flatMap((m) => {
          const scalar = scalarName(kernel.types, m.type);
          if (scalar) return [`readonly ${m.name}: ${scalar}`];
          const array = strip(kernel.types, m.type);
          if (array.kind !== 'array' || !array.count) return [];
          const of = scalarName(kernel.types, array.type);
          if (of === 's8') return [`readonly ${m.name}: CString<${array.count}>`];
          return of ? [`readonly ${m.name}: FixedArray<${of}, ${array.count}>`] : [];
        });
      contexts.push(`export interface trace_event_raw_${name} { ${fields.join('; ')} }`);
    }
  }
  const declared = new Set(contexts.map((c) => /trace_event_raw_(\w+)/.exec(c)![1]!));
  for (const [name, args] of EVENTS_OF_OTHER_MACHINES)
    if (!typed.some((t) => t.startsWith(`  ${name}:`))) typed.push(`  ${name}: [${args}];`);
  const points: string[] = [];
  for (const [path, record] of POINTS)
    if (declared.has(record)) points.push(`  '${path}': trace_event_raw_${record};`);
  for (const name of syscallsWithNames()) {
    const args = syscallArguments(name) ?? [];
    if (args.length > 0)
      points.push(
        `  'syscalls/sys_enter_${name}': SyscallEntry<${args.map((a) => `'${a}'`).join(' | ')}>;`,
      );
  }
  for (const [at, record] of SYSCALLS)
    points.push(`  [call: \`syscalls/sys_${at}_\${string}\`]: trace_event_raw_${record};`);
  return [
    "import type { CString, FixedArray } from '../types.js';",
    '/** Arguments of BTF-typed tracepoints (tp_btf). */',
    'export interface TpBtf {',
    ...typed,
    '}',
    ...contexts,
    '/** The record of a system call with its arguments under their names; the same as `args`, in order. */',
    'export type SyscallEntry<N extends string> = trace_event_raw_sys_enter & { readonly [K in N]: u64 };',
    '/** Contexts of tracepoints by category/name. */',
    'export interface Tracepoints {',
    ...points,
    '}',
  ].join('\n');
}

/** Events that schedulers listen to and x86 has not. */
const EVENTS_OF_OTHER_MACHINES: readonly [name: string, args: string][] = [
  ['hw_pressure_update', 'cpu: s32, hw_pressure: u64'],
];

/**
 * Events by category, and the record that each has where that is not one of its own name: those that every
 * supported kernel has, in the kernels scxts is tested with.
 */
const EVENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  power: {
    cpu_frequency: 'cpu',
    cpu_idle: 'cpu',
    cpu_frequency_limits: '',
    cpu_idle_miss: '',
    pstate_sample: '',
    suspend_resume: '',
  },
  sched: {
    sched_switch: '',
    sched_wakeup: 'sched_wakeup_template',
    sched_waking: 'sched_wakeup_template',
    sched_wakeup_new: 'sched_wakeup_template',
    sched_migrate_task: '',
    sched_process_fork: '',
    sched_process_exit: 'sched_process_template',
    sched_process_free: 'sched_process_template',
    sched_wait_task: 'sched_process_template',
    sched_process_wait: '',
    sched_process_exec: '',
    sched_prepare_exec: '',
    sched_stat_runtime: '',
    sched_pi_setprio: '',
    sched_move_numa: '',
    sched_wake_idle_without_ipi: '',
    sched_kthread_stop: '',
  },
  sched_ext: { sched_ext_dump: '' },
  irq: {
    irq_handler_entry: '',
    irq_handler_exit: '',
    softirq_entry: 'softirq',
    softirq_exit: 'softirq',
    softirq_raise: 'softirq',
    tasklet_entry: 'tasklet',
    tasklet_exit: 'tasklet',
  },
  timer: {
    timer_start: '',
    timer_expire_entry: '',
    timer_cancel: 'timer_class',
    timer_expire_exit: 'timer_class',
    hrtimer_start: '',
    hrtimer_expire_entry: '',
    hrtimer_cancel: 'hrtimer_class',
    hrtimer_expire_exit: 'hrtimer_class',
    tick_stop: '',
  },
  workqueue: {
    workqueue_queue_work: '',
    workqueue_activate_work: '',
    workqueue_execute_start: '',
    workqueue_execute_end: '',
  },
  signal: { signal_generate: '', signal_deliver: '' },
  task: { task_newtask: '', task_rename: '' },
  lock: { contention_begin: '', contention_end: '' },
  cgroup: {
    cgroup_mkdir: 'cgroup',
    cgroup_rmdir: 'cgroup',
    cgroup_release: 'cgroup',
    cgroup_rename: 'cgroup',
    cgroup_freeze: 'cgroup',
    cgroup_unfreeze: 'cgroup',
    cgroup_attach_task: 'cgroup_migrate',
    cgroup_transfer_tasks: 'cgroup_migrate',
  },
  block: {
    block_rq_insert: 'block_rq',
    block_rq_issue: 'block_rq',
    block_rq_complete: 'block_rq_completion',
  },
  oom: { oom_score_adj_update: '' },
  raw_syscalls: { sys_enter: '', sys_exit: '' },
};

/** `category/name` and its record. */
const POINTS = Object.entries(EVENTS).flatMap(([category, events]) =>
  Object.entries(events).map(([name, record]) => [`${category}/${name}`, record || name] as const),
);
const CLASSES = new Set(POINTS.map(([, record]) => record));

/** Every system call has the same record at its entry, and at its exit. */
const SYSCALLS = [
  ['enter', 'sys_enter'],
  ['exit', 'sys_exit'],
] as const;

import type { KernelTypes } from './vmlinux.js';
import { scalarName, strip } from './c-names.js';

/** Tracepoints that schedulers listen to; each kernel's BTF says what they carry. */
const WANTED =
  /^(sched_(switch|wakeup|wakeup_new|waking|migrate_task|process_fork|process_exec|process_exit|process_free|stat_\w+|pi_setprio|wait_task|update_nr_running_tp|util_est_\w+|cpu_capacity_tp|overutilized_tp)|cpu_frequency|cpu_frequency_limits|cpu_idle|irq_handler_(entry|exit)|softirq_(entry|exit|raise)|task_newtask|task_rename|cgroup_(mkdir|rmdir|attach_task)|sys_(enter|exit)|hrtimer_\w+|contention_(begin|end)|signal_generate)$/;

function argument(kernel: KernelTypes, id: number): string {
  const scalar = scalarName(kernel.types, id);
  if (scalar) return scalar;
  const type = strip(kernel.types, id);
  const target = type.kind === 'ptr' ? strip(kernel.types, type.type) : undefined;
  if (target && (target.kind === 'struct' || target.kind === 'union') && target.name)
    return `vm.${target.name}`;
  return "Opaque<'void *'>";
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
      const args = (proto.params ?? []).slice(1).map((p, i) => {
        const text = argument(kernel, p.type);
        const known = !text.startsWith('vm.') || has(text.slice(3));
        return `${p.name || `arg${i}`}: ${known ? text : "Opaque<'void *'>"}`;
      });
      typed.push(`  ${name}: [${args.join(', ')}];`);
    }
    if (type.kind === 'struct' && type.name.startsWith('trace_event_raw_')) {
      const name = type.name.slice('trace_event_raw_'.length);
      if (
        !WANTED.test(name) &&
        !['cpu', 'sched_wakeup_template', 'sched_process_template'].includes(name)
      )
        continue;
      const fields = (type.members ?? [])
        .filter((m) => m.name && m.name !== 'ent' && !m.name.startsWith('__'))
        .flatMap((m) => {
          const scalar = scalarName(kernel.types, m.type);
          if (scalar) return [`readonly ${m.name}: ${scalar}`];
          const array = strip(kernel.types, m.type);
          return array.kind === 'array' && strip(kernel.types, array.type).size === 1 && array.count
            ? [`readonly ${m.name}: CString<${array.count}>`]
            : [];
        });
      contexts.push(`export interface trace_event_raw_${name} { ${fields.join('; ')} }`);
    }
  }
  const declared = new Set(contexts.map((c) => /trace_event_raw_(\w+)/.exec(c)![1]!));
  const points: string[] = [];
  for (const [path, struct] of POINTS) {
    if (declared.has(struct)) points.push(`  '${path}': trace_event_raw_${struct};`);
  }
  return [
    "import type { CString } from '../types.js';",
    '/** Arguments of BTF-typed tracepoints (tp_btf). */',
    'export interface TpBtf {',
    ...typed,
    '}',
    ...contexts,
    '/** Contexts of tracepoints by category/name. */',
    'export interface Tracepoints {',
    ...points,
    '}',
  ].join('\n');
}

const POINTS: [string, string][] = [
  ['power/cpu_frequency', 'cpu'],
  ['power/cpu_idle', 'cpu'],
  ['sched/sched_switch', 'sched_switch'],
  ['sched/sched_wakeup', 'sched_wakeup_template'],
  ['sched/sched_waking', 'sched_wakeup_template'],
  ['sched/sched_wakeup_new', 'sched_wakeup_template'],
  ['sched/sched_migrate_task', 'sched_migrate_task'],
  ['sched/sched_process_fork', 'sched_process_fork'],
  ['sched/sched_process_exit', 'sched_process_template'],
  ['sched/sched_process_exec', 'sched_process_exec'],
  ['irq/irq_handler_entry', 'irq_handler_entry'],
  ['irq/irq_handler_exit', 'irq_handler_exit'],
  ['task/task_newtask', 'task_newtask'],
  ['raw_syscalls/sys_enter', 'sys_enter'],
  ['raw_syscalls/sys_exit', 'sys_exit'],
];

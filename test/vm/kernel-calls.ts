import { refusal, type Place } from '../../codegen/kernel/contexts.js';
import { kernelFunctions } from '../../codegen/kernel/index.js';
import { opsMember } from '../../codegen/kernel/ops.js';
import type { KernelFunction, KernelParam } from '../../codegen/kernel/types.js';
import { OLDEST_KERNEL } from '../../codegen/kernel/versions.js';

/**
 * Writes DSL programs that together call every function of the kernel table, each from every kind of
 * place that the table allows.
 */

/** Functions that no program of this test calls, and why. */
export const SKIPPED: Readonly<Record<string, string>> = {};

/** Calls that a place cannot have although the table allows the function there, and why. */
const SKIPPED_AT: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

interface Spot extends Place {
  name: string;
  /** DSL expression of a task that the place has; none where it has none. */
  task?: string;
  /** Opens and closes the function that the calls are in. */
  open: string;
  close: string;
}

function callback(name: string, params: string, task?: string): Spot {
  const op = opsMember(name);
  const sleepable = op?.kind === 'callback' && op.sleepable;
  const returns = op?.kind === 'callback' && op.returns !== 'void';
  return {
    name,
    program: 'struct_ops',
    callback: name,
    sleepable,
    ...(task ? { task } : {}),
    open: `${name}(${params}) {`,
    close: returns ? 'return 0; },' : '},',
  };
}

export const SPOTS: readonly Spot[] = [
  callback('select_cpu', 'p, prev_cpu, wake_flags', 'p'),
  callback('enqueue', 'p, enq_flags', 'p'),
  callback('dispatch', 'cpu, prev', 'bpf_get_current_task_btf()'),
  callback('running', 'p', 'p'),
  callback('stopping', 'p, runnable', 'p'),
  callback('cpu_release', 'cpu, args', 'bpf_get_current_task_btf()'),
  callback('init', '', 'bpf_get_current_task_btf()'),
  callback('init_task', 'p, args', 'p'),
  {
    name: 'tp_btf',
    program: 'tracing',
    sleepable: false,
    task: 'next',
    open: "export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {",
    close: '});',
  },
  {
    name: 'syscall',
    program: 'syscall',
    sleepable: true,
    task: 'bpf_get_current_task_btf()',
    open: 'export const on_call = syscall((args: Args) => {',
    close: 'return 0; });',
  },
  {
    name: 'kprobe',
    program: 'kprobe',
    sleepable: false,
    task: 'bpf_get_current_task_btf()',
    open: "export const on_probe = kprobe('do_exit', (regs) => {",
    close: '});',
  },
  {
    name: 'timer',
    program: 'struct_ops',
    sleepable: false,
    timer: true,
    task: 'bpf_get_current_task_btf()',
    open: 'export const later = timer(() => {',
    close: '});',
  },
];

const NUMBERS: Readonly<Record<string, string>> = {
  dsq_id: 'queue',
  slice: 'SCX_SLICE_DFL',
  node: '0',
  cgid: '1',
  cgroup_id: '1',
  pid: '1',
  vpid: '1',
  perf: '512',
};

/** What a statement needs around it: `using` bindings and tests, innermost last. */
interface Built {
  before: string[];
  args: string[];
  imports: Set<string>;
  loop?: string;
}

function argument(param: KernelParam, spot: Spot, built: Built, n: number): void {
  const { ctype, name } = param;
  const bind = (fn: string, call: string): string => {
    const local = `${name}_${n}`;
    built.imports.add(fn);
    built.before.push(`using ${local} = ${call}; if (${local}) {`);
    return local;
  };
  if (/struct task_struct \*/.test(ctype)) built.args.push(built.loop ? 'q' : spot.task!);
  else if (/struct bpf_cpumask \*/.test(ctype))
    built.args.push(bind('bpf_cpumask_create', 'bpf_cpumask_create()'));
  else if (/struct cpumask \*/.test(ctype))
    built.args.push(bind('bpf_cpumask_create', 'bpf_cpumask_create()'));
  else if (/struct cgroup \*/.test(ctype))
    built.args.push(bind('bpf_cgroup_from_id', 'bpf_cgroup_from_id(1)'));
  else if (/struct bpf_iter_scx_dsq \*/.test(ctype)) built.args.push('it');
  else if (/\*/.test(ctype)) throw new Error(`no value for a parameter of type ${ctype}`);
  else built.args.push(NUMBERS[name] ?? '1');
}

/** The statements that call a function once and look at what it gives. */
function statements(
  fn: KernelFunction,
  spot: Spot,
  n: number,
): { text: string; imports: Set<string> } {
  const built: Built = { before: [], args: [], imports: new Set([fn.name]) };
  const looped = fn.params.some((p) => p.ctype.includes('bpf_iter_scx_dsq'));
  if (looped) built.loop = 'q';
  for (const param of fn.params)
    if (!param.out && param.hidden === undefined) argument(param, spot, built, n);
  for (const a of built.args) if (/^SCX_/.test(a)) built.imports.add(a);
  const call = `${fn.name}(${built.args.join(', ')})`;
  const { ctype, acquire, nullable } = fn.returns;
  const outs = fn.params.filter((p) => p.out);
  let use: string;
  if (fn.dslReturns === 'Disposable') use = `using r = ${call}; seen += 1;`;
  else if (acquire) use = `using r = ${call}; ${nullable ? 'if (r) ' : ''}seen += 1;`;
  else if (outs.length) use = `const r = ${call}; seen += r.${outs[0]!.name} ? 1 : 0;`;
  else if (ctype === 'void') use = `${call};`;
  else if (ctype.endsWith('*')) use = `const r = ${call}; if (r) seen += 1;`;
  else use = `if (${call}) seen += 1;`;
  if ((fn.rcuProtected || looped) && (spot.sleepable || spot.timer)) {
    built.before.push('{ using rcu = bpf_rcu_read_lock();');
    built.imports.add('bpf_rcu_read_lock');
  }
  const inner = looped
    ? `const it = each.scx_dsq(queue); for (const q of it) { ${use} break; }`
    : use;
  const text = `{ ${built.before.join(' ')} ${inner} ${'}'.repeat(built.before.length)} }`;
  const newer = fn.since !== OLDEST_KERNEL || fn.until;
  return {
    text: newer ? `if (exists(${fn.name})) ${text}` : text,
    imports: built.imports,
  };
}

/** Whether the table lets a place call a function on every kernel that has it. */
export function allowed(fn: KernelFunction, spot: Spot): boolean {
  if (SKIPPED[fn.name] || SKIPPED_AT[spot.name]?.[fn.name]) return false;
  return refusal(fn, spot, fn.since) === undefined;
}

export interface CallProgram {
  spot: string;
  /** Functions that it calls. */
  functions: string[];
  source: string;
}

/** One program a place, with a call of each function that the place may call. */
export function callPrograms(): CallProgram[] {
  return SPOTS.map((spot) => {
    const functions = [...kernelFunctions()].filter((fn) => allowed(fn, spot));
    const imports = new Set([
      'scheduler',
      'counter',
      'exists',
      'each',
      'SCX_DSQ_GLOBAL',
      'SCX_SLICE_DFL',
      'scx_bpf_dsq_insert',
      'tp_btf',
      'syscall',
      'kprobe',
      'timer',
      'bpf_get_current_task_btf',
    ]);
    // A function a call: kernels limit the stack and the length of one function's jumps.
    const calls = functions.map((fn, n) => {
      const made = statements(fn, spot, n);
      made.imports.forEach((i) => imports.add(i));
      // A task is inserted once on a path.
      const end = spot.close.startsWith('return 0') ? 'return 0;' : 'return;';
      return fn.name.startsWith('scx_bpf_dsq_insert')
        ? `    if (seen === ${n}) { ${made.text} ${end} }`
        : `    ${made.text}`;
    });
    const body = `${spot.open}\n${calls.join('\n')}\n  ${spot.close}`;
    const inOps = spot.callback !== undefined;
    const source = [
      `import { ${[...imports].join(', ')}, type u64, type u32 } from 'scxts';`,
      'interface Args { id: u32 }',
      'let seen: u64 = 0;',
      'let queue: u64 = 7;',
      inOps ? '' : body,
      `export default scheduler({ name: 'calls_${spot.name}',`,
      spot.name === 'enqueue'
        ? ''
        : '  enqueue(p, enq_flags) { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags); },',
      spot.name === 'timer' ? '  init() { later.start(1_000_000_000); return 0; },' : '',
      inOps ? `  ${body}` : '',
      '});',
      '',
    ].join('\n');
    return { spot: spot.name, functions: functions.map((f) => f.name), source };
  });
}

import { sleepableOnly, wrongContext } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { programLabel } from '../ir/functions.js';
import type { FunctionIr, ModuleIr, ProgramIr } from '../ir/module.js';
import type { Span } from '../ir/span.js';
import { kernelFunction } from '../kernel/index.js';
import type { KernelFunction, ProgramKind } from '../kernel/types.js';
import { isNewer, OLDEST_KERNEL } from '../kernel/versions.js';

/** What a program may call besides what is allowed anywhere: scx_kf_allowed() in kernel/sched/ext.c. */
function contextOf(program: ProgramIr): string {
  if (program.kind === 'syscall') return 'unlocked';
  if (program.kind !== 'struct_ops') return 'tracing';
  const callback = program.callback ?? '';
  if (program.sleepable) return 'unlocked';
  return callback.startsWith('dump') ? 'dump' : callback;
}

/** Checks each kernel call of a program, through all functions that it calls. */
export function checkContexts(module: ModuleIr, minKernel: string): Diagnostic[] {
  const bag = new DiagnosticBag();
  const check = (root: FunctionIr, caller: Omit<Caller, 'floor'>): void => {
    const seen = new Set<FunctionIr>();
    const visit = (fn: FunctionIr, via: Span | undefined): void => {
      for (const call of fn.calls) {
        if (call.target.kind === 'function') {
          if (seen.has(call.target.fn)) continue;
          seen.add(call.target.fn);
          visit(call.target.fn, via ?? call.span);
          continue;
        }
        const target = kernelFunction(call.target.name);
        if (!target) continue;
        const floor = call.guarded && isNewer(target.since, minKernel) ? target.since : minKernel;
        checkCall(bag, { ...caller, floor }, target, call.span, via);
      }
    };
    visit(root, undefined);
  };
  for (const program of module.programs) check(program.fn, callerOf(program));
  // A timer's callback holds no lock, and does not sleep: it runs in an interrupt.
  for (const fn of module.functions)
    if (fn.timer)
      check(fn, { where: `the timer '${fn.timer}'`, context: 'unlocked', sleepable: false });
  return bag.all;
}

/** What the kernel admits functions by: bpf_prog_type_to_kfunc_hook() in kernel/bpf/btf.c. */
function kindOf({ kind, section }: ProgramIr): ProgramKind {
  if (kind === 'struct_ops' || kind === 'syscall') return kind;
  if (/^f(entry|exit)\//.test(section)) return 'trampoline';
  if (section.startsWith('raw_tp/')) return 'raw_tp';
  // Plain tracepoints and perf events count as tracing programs.
  return /^k(ret)?probe\//.test(section) ? 'kprobe' : 'tracing';
}

const KIND_NAMES: Record<ProgramKind, string> = {
  struct_ops: "a scheduler's callbacks",
  tracing: 'tp_btf, fentry, fexit, tracepoint and perf_event programs',
  trampoline: 'fentry and fexit programs',
  syscall: 'syscall programs',
  kprobe: 'kprobe and kretprobe programs',
  raw_tp: 'raw_tp programs',
};

const TRACED = 'programs that trace a place in the kernel';

function callerOf(program: ProgramIr): Omit<Caller, 'floor'> {
  return {
    where: programLabel(program),
    kind: kindOf(program),
    iterator: program.kind === 'iterator',
    context: contextOf(program),
    sleepable: program.sleepable,
  };
}

interface Caller {
  /** As messages name it. */
  where: string;
  /** Undefined for what runs on behalf of any program. */
  kind?: ProgramKind;
  /** What asks about the place that is traced has no answer there: bpf_tracing_func_proto(). */
  iterator?: boolean;
  context: string;
  sleepable: boolean;
  /** Oldest kernel on which the call is made. */
  floor: string;
}

/** Kinds of programs that may call a function, where this program is of none of them. */
function otherKinds(fn: KernelFunction, { kind, floor }: Caller): string | undefined {
  if (!fn.programs || !kind) return undefined;
  const since = fn.programs[kind] ?? (kind === 'trampoline' ? fn.programs.tracing : undefined);
  if (since !== undefined && !isNewer(since, floor)) return undefined;
  return Object.entries(fn.programs)
    .map(([other, from]) => {
      const name = KIND_NAMES[other as ProgramKind];
      return isNewer(from, OLDEST_KERNEL) ? `${name} (with --min-kernel ${from})` : name;
    })
    .join('; ');
}

function checkCall(
  bag: DiagnosticBag,
  caller: Caller,
  fn: KernelFunction,
  span: Span,
  via: Span | undefined,
): void {
  const { where, context, sleepable } = caller;
  const related = via
    ? { related: [{ message: `reached from ${where} by this call`, span: via }] }
    : {};
  if (fn.sleepable && !sleepable) {
    bag.add({ ...sleepableOnly(span, fn.name, where), ...related });
    return;
  }
  const kinds = otherKinds(fn, caller);
  if (kinds) {
    bag.add({ ...wrongContext(span, fn.label ?? fn.name, where, kinds), ...related });
    return;
  }
  if (caller.iterator && fn.params.some((p) => p.hidden === 'ctx')) {
    bag.add({ ...wrongContext(span, fn.name, where, TRACED), ...related });
    return;
  }
  const allowed = fn.contexts?.map((c) => c.replace(/@.*/, ''));
  if (!allowed || allowed.includes(context)) return;
  if (fn.anywhereSince && !isNewer(fn.anywhereSince, caller.floor)) return;
  const names = allowed
    .map((c) => (c === 'unlocked' ? 'sleepable callbacks, syscall programs' : `${c}()`))
    .join(', ');
  bag.add({ ...wrongContext(span, fn.label ?? fn.name, where, names), ...related });
}

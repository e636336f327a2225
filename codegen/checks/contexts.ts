import { sleepableOnly, wrongContext } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { calledFunction, programLabel, timerLabel } from '../ir/functions.js';
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
    // A timer's callback is verified as a part of the program that starts it, but holds no lock of that.
    const seen = { now: new Set<FunctionIr>(), later: new Set<FunctionIr>() };
    const visit = (fn: FunctionIr, by: typeof caller, via: Span | undefined): void => {
      for (const call of fn.calls) {
        const { target } = call;
        if (target.kind === 'kernel') {
          const row = kernelFunction(target.name);
          if (!row) continue;
          const floor = call.guarded && isNewer(row.since, minKernel) ? row.since : minKernel;
          checkCall(bag, { ...by, floor }, row, call.span, via);
          continue;
        }
        const called = calledFunction(target, 'ever');
        const later = by.later === true || target.kind === 'timer';
        const done = seen[later ? 'later' : 'now'];
        if (!called || done.has(called)) continue;
        done.add(called);
        visit(called, later ? { ...by, later } : by, via ?? call.span);
      }
    };
    visit(root, caller, undefined);
  };
  for (const program of module.programs) check(program.fn, callerOf(program));
  // It does not sleep either: it runs in an interrupt.
  for (const fn of module.functions) {
    const where = timerLabel(fn);
    if (where) check(fn, { where, context: 'unlocked', sleepable: false });
  }
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
  /** In the callback of a timer: whether that sleeps is asked once, for the timer. */
  later?: boolean;
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
  if (fn.sleepable && !sleepable && !caller.later) {
    bag.add({ ...sleepableOnly(span, fn.label ?? fn.name, where), ...related });
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
  const allowed = fn.contexts?.map(parseContext);
  if (!allowed || allowed.some((c) => c.place === context && holds(fn, c, caller.floor))) return;
  if (fn.anywhereSince && !isNewer(fn.anywhereSince, caller.floor)) return;
  const names = allowed.map((c) => {
    const name = c.place === 'unlocked' ? 'sleepable callbacks, syscall programs' : `${c.place}()`;
    return holds(fn, c, caller.floor) ? name : `${name} (with --min-kernel ${c.since})`;
  });
  bag.add({ ...wrongContext(span, fn.label ?? fn.name, where, names.join(', ')), ...related });
}

interface Context {
  place: string;
  since?: string;
}

function parseContext(text: string): Context {
  const [place = '', since] = text.split('@');
  return since === undefined ? { place } : { place, since };
}

/** Whether all kernels from `floor` on allow a call there: those that emulate the function do so anywhere. */
function holds(fn: KernelFunction, { since }: Context, floor: string): boolean {
  if (since === undefined || !isNewer(since, floor)) return true;
  return fn.emulatedBefore !== undefined && !isNewer(since, fn.emulatedBefore);
}

import { sleepableOnly, wrongContext } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { FunctionIr, ModuleIr, ProgramIr } from '../ir/module.js';
import type { Span } from '../ir/span.js';
import { kernelFunction } from '../kernel/index.js';
import type { KernelFunction } from '../kernel/types.js';

/** What a program may call besides what is allowed anywhere: scx_kf_allowed() in kernel/sched/ext.c. */
function contextOf(program: ProgramIr): string {
  if (program.kind === 'syscall') return 'unlocked';
  if (program.kind !== 'struct_ops') return 'tracing';
  const callback = program.callback ?? '';
  if (program.sleepable) return 'unlocked';
  return callback.startsWith('dump') ? 'dump' : callback;
}

/** Checks each kernel call of a program, through all functions that it calls. */
export function checkContexts(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  for (const program of module.programs) {
    const context = contextOf(program);
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
        if (target) checkCall(bag, program, context, target, call.span, via);
      }
    };
    visit(program.fn, undefined);
  }
  return bag.all;
}

function checkCall(
  bag: DiagnosticBag,
  program: ProgramIr,
  context: string,
  fn: KernelFunction,
  span: Span,
  via: Span | undefined,
): void {
  const where = program.kind === 'struct_ops' ? `${program.callback}()` : `'${program.tsName}'`;
  const related = via
    ? { related: [{ message: `reached from ${where} by this call`, span: via }] }
    : {};
  if (fn.sleepable && !program.sleepable) {
    bag.add({ ...sleepableOnly(span, fn.name, where), ...related });
    return;
  }
  const allowed = fn.contexts?.map((c) => c.replace(/@.*/, ''));
  if (!allowed || allowed.includes(context)) return;
  const names = allowed
    .map((c) => (c === 'unlocked' ? 'sleepable callbacks, syscall programs' : `${c}()`))
    .join(', ');
  bag.add({ ...wrongContext(span, fn.name, where, names), ...related });
}

import { constantPassedToWriter } from '../diagnostics/catalogue/types.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { captureIn, capturedBy, capturesOf, contextsIn } from '../ir/captures.js';
import { runs } from '../ir/effects.js';
import { allFunctions } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Local } from '../ir/nodes.js';
import { effectsOf } from '../ir/operations.js';
import type { Field } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/** Tables of constants, and what is set before load, lie in memory that nothing may write: not by way of a parameter either. */
export function checkRodataWrites(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const written = new Map<FunctionIr, Set<Root>>();
  for (const fn of allFunctions(module)) {
    for (const call of callsIn(fn)) {
      call.args.forEach((arg, i) => {
        const param = call.fn.params[i];
        if (!param || arg.type.kind !== 'ptr' || arg.type.region !== 'rodata') return;
        if (writtenParams(call.fn, written).has(param))
          bag.add(constantPassedToWriter(arg.span, call.fn.name, param.name));
      });
    }
  }
  return bag.all;
}

interface Call {
  fn: FunctionIr;
  args: Expr[];
}

function callsIn(fn: FunctionIr): Call[] {
  const calls: Call[] = [];
  const expr = (e: Expr): void => {
    if (e.kind === 'call' && e.callee.kind === 'function')
      calls.push({ fn: e.callee.fn, args: e.args });
  };
  for (const stmt of fn.body) walkStmt(stmt, { expr });
  return calls;
}

/** A variable, or the field by which a callback reaches one of the function around it. */
type Root = Local | Field;

/** Parameters and captured variables through which a function, or one that it runs, stores. */
function writtenParams(fn: FunctionIr, known: Map<FunctionIr, Set<Root>>): Set<Root> {
  const found = known.get(fn);
  if (found) return found;
  const written = new Set<Root>();
  known.set(fn, written);
  const contexts = contextsIn(fn);
  // Names for a parameter, or for something in what it refers to.
  const of = new Map<Root, Root>([...fn.params, ...capturesOf(fn)].map((p) => [p, p]));
  const note = (place: Expr | undefined): void => {
    for (const root of place ? rootsOf(place) : []) {
      const param = of.get(root);
      if (param) written.add(param);
    }
  };
  const called = (e: Expr): void => {
    const fn = runs(e);
    if (!fn || (e.kind !== 'call' && e.kind !== 'op')) return;
    const inner = writtenParams(fn, known);
    if (e.kind === 'call') fn.params.forEach((p, i) => inner.has(p) && note(e.args[i]));
    else
      for (const { field, place } of capturedBy(fn, e.args[0], contexts))
        if (inner.has(field)) note(place);
  };
  for (const stmt of fn.body)
    walkStmt(stmt, {
      stmt: (s) => {
        if (s.kind !== 'decl' || !s.init || s.local.type.kind !== 'ptr') return;
        for (const root of rootsOf(s.init)) {
          const param = of.get(root);
          if (param) of.set(s.local, param);
        }
      },
      expr: (e) => {
        if ((e.kind === 'assign' || e.kind === 'step') && !isVariable(e.target)) note(e.target);
        if (e.kind === 'op') for (const i of effectsOf(e.op).writes ?? []) note(e.args[i]);
        called(e);
      },
    });
  return written;
}

/** A variable itself can be assigned: its target is elsewhere then. */
function isVariable(place: Expr): boolean {
  return place.kind === 'var' || captureIn(place) !== undefined;
}

/** The variables by way of which a place is reached. */
function rootsOf(e: Expr): Root[] {
  const captured = captureIn(e);
  if (captured) return [captured];
  switch (e.kind) {
    case 'var':
      return [e.local];
    case 'member':
    case 'index':
      return rootsOf(e.base);
    case 'deref':
      return rootsOf(e.pointer);
    case 'addr':
      return rootsOf(e.of);
    case 'cast':
      return rootsOf(e.value);
    case 'block':
      return rootsOf(e.result);
    case 'cond':
      return [...rootsOf(e.then), ...rootsOf(e.else)];
    case 'elvis':
      return [...rootsOf(e.left), ...rootsOf(e.right)];
    case 'op':
      return (effectsOf(e.op).within ?? []).flatMap((i) => {
        const whole = e.args[i];
        return whole ? rootsOf(whole) : [];
      });
    default:
      return [];
  }
}

import { constantPassedToWriter } from '../diagnostics/catalogue/types.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { allFunctions } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Local } from '../ir/nodes.js';
import { effectsOf } from '../ir/operations.js';
import { walkStmt } from '../ir/walk.js';

/** Tables of constants, and what is set before load, lie in memory that nothing may write: not by way of a parameter either. */
export function checkRodataWrites(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const written = new Map<FunctionIr, Set<Local>>();
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

/** Parameters through which a function, or one that it calls, stores. */
function writtenParams(fn: FunctionIr, known: Map<FunctionIr, Set<Local>>): Set<Local> {
  const found = known.get(fn);
  if (found) return found;
  const written = new Set<Local>();
  known.set(fn, written);
  // Names for a parameter, or for something in what it refers to.
  const of = new Map<Local, Local>(fn.params.map((p) => [p, p]));
  const note = (place: Expr | undefined): void => {
    const root = place && rootOf(place);
    const param = root && of.get(root);
    if (param) written.add(param);
  };
  for (const stmt of fn.body)
    walkStmt(stmt, {
      stmt: (s) => {
        if (s.kind !== 'decl' || !s.init || s.local.type.kind !== 'ptr') return;
        const root = rootOf(s.init);
        const param = root && of.get(root);
        if (param) of.set(s.local, param);
      },
      expr: (e) => {
        // A variable itself can be assigned; its target is elsewhere then.
        if ((e.kind === 'assign' || e.kind === 'step') && e.target.kind !== 'var') note(e.target);
        if (e.kind === 'op') for (const i of effectsOf(e.op).writes ?? []) note(e.args[i]);
        if (e.kind === 'call' && e.callee.kind === 'function') {
          const inner = writtenParams(e.callee.fn, known);
          e.callee.fn.params.forEach((p, i) => inner.has(p) && note(e.args[i]));
        }
      },
    });
  return written;
}

/** The variable by way of which a place is reached. */
function rootOf(e: Expr): Local | undefined {
  switch (e.kind) {
    case 'var':
      return e.local;
    case 'member':
    case 'index':
      return rootOf(e.base);
    case 'deref':
      return rootOf(e.pointer);
    case 'addr':
      return rootOf(e.of);
    case 'cast':
      return rootOf(e.value);
    case 'block':
      return rootOf(e.result);
    case 'cond':
      return rootOf(e.then) ?? rootOf(e.else);
    case 'elvis':
      return rootOf(e.left) ?? rootOf(e.right);
    case 'op': {
      const [part] = effectsOf(e.op).within ?? [];
      const whole = part === undefined ? undefined : e.args[part];
      return whole && rootOf(whole);
    }
    default:
      return undefined;
  }
}

import { stateInProbe } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { effectsOfNode } from '../ir/effects.js';
import { reachedBy } from '../ir/functions.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr, Stmt } from '../ir/nodes.js';
import { isSection } from '../ir/releases.js';
import type { CType } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/** Programs that is_tracing_prog_type() in kernel/bpf/verifier.c names; tp_btf, fentry and fexit are not of them. */
const PROBE = /^(k(ret)?probe\/|raw_tp\/|tp\/|perf_event)/;
const WHAT: Readonly<Record<string, string>> = {
  bpf_spin_lock: 'spin lock',
  bpf_timer: 'timer',
  bpf_list_head: 'list',
  bpf_rb_root: 'red-black tree',
};

/** What check_map_prog_compatibility() refuses such programs in the values of their maps. */
function special(type: CType | undefined): string | undefined {
  if (type?.kind !== 'struct') return undefined;
  const own = WHAT[type.struct.name];
  if (own) return own;
  if (type.struct.kernel) return undefined;
  for (const field of type.struct.fields()) {
    const found = special(field.type);
    if (found) return found;
  }
  return undefined;
}

/** Probes can use no map with locks or timers in it, whether they use those or not. */
export function checkProbeMaps(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const probes = module.programs.filter((p) => PROBE.test(p.section));
  if (probes.length === 0) return [];
  for (const program of probes) {
    const visit = (node: Expr | Stmt): void => {
      if (node.kind === 'decl' && isSection(node.local.cleanup, 'lock'))
        bag.add(stateInProbe(node.span, 'a spin lock', program.tsName));
      const what = specialState(node);
      if (what) bag.add(stateInProbe(node.span, what, program.tsName));
    };
    for (const fn of reachedBy(program.fn))
      for (const stmt of fn.body) walkStmt(stmt, { stmt: visit, expr: visit });
  }
  return bag.all;
}

/** The lock, timer, list or tree that a node uses or that is in the values of the map that it uses. */
function specialState(node: Expr | Stmt): string | undefined {
  const { state } = effectsOfNode(node);
  if (!state) return undefined;
  if ('timer' in state) return `the timer '${state.timer.tsName}'`;
  if ('collection' in state) {
    const { shape, tsName } = state.collection;
    return `the ${shape === 'list' ? 'list' : 'red-black tree'} '${tsName}'`;
  }
  const what = special(state.map.value);
  return what && `the ${what} of '${state.map.tsName}'`;
}

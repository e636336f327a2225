import { stateInProbe } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { reachedBy } from '../ir/functions.js';
import type { ModuleIr } from '../ir/module.js';
import { LOCK_SECTION } from '../ir/sections.js';
import type { CType } from '../ir/types.js';
import { walkStmt } from '../ir/walk.js';

/** Programs that is_tracing_prog_type() in kernel/bpf/verifier.c names; tp_btf, fentry and fexit are not of them. */
const PROBE = /^(k(ret)?probe\/|raw_tp\/|tp\/|perf_event)/;
const WHAT: Readonly<Record<string, string>> = {
  bpf_spin_lock: 'spin lock',
  bpf_timer: 'timer',
  scxts_timer: 'timer',
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
  const operations = new Map<string, string>();
  for (const map of module.maps) {
    const what = special(map.value);
    if (!what) continue;
    const uses = map.uses.has('timer') ? ['start', 'restart', 'cancel'] : map.uses;
    const name = map.uses.has('timer') ? `'${map.tsName}'` : `of '${map.tsName}'`;
    for (const use of uses) operations.set(`${map.name}_${use}`, `the ${what} ${name}`);
  }
  for (const c of module.collections) {
    const what = c.shape === 'list' ? 'list' : 'red-black tree';
    for (const use of c.uses) operations.set(`${c.name}_${use}`, `the ${what} '${c.tsName}'`);
  }
  for (const program of probes) {
    for (const fn of reachedBy(program.fn)) {
      for (const stmt of fn.body) {
        walkStmt(stmt, {
          stmt: (s) => {
            if (s.kind === 'decl' && s.local.cleanup === LOCK_SECTION)
              bag.add(stateInProbe(s.span, 'a spin lock', program.tsName));
          },
          expr: (e) => {
            const what =
              e.kind === 'call' && e.callee.kind === 'support' && operations.get(e.callee.c);
            if (what) bag.add(stateInProbe(e.span, what, program.tsName));
          },
        });
      }
    }
  }
  return bag.all;
}

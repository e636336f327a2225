import { needsRcu, outsideRcu } from '../diagnostics/catalogue/kernel.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import { programLabel } from '../ir/functions.js';
import type { FunctionIr, ModuleIr, ProgramIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import type { CType } from '../ir/types.js';
import { partsOf } from '../ir/walk.js';
import { kernelFunction } from '../kernel/index.js';

const SECTIONS = new Set(['scxts_cleanup_bpf_rcu_read_unlock', 'scxts_cleanup_lock']);

/** bpf_iter_*_new() with KF_RCU_PROTECTED; that of queues since 6.18 (kernel/sched/ext.c). */
const PROTECTED_WALKS: Readonly<Record<string, string>> = {
  scxts_each_scx_dsq: 'each.scx_dsq()',
  scxts_each_task: 'each.task()',
  scxts_each_css: 'each.css()',
};

/**
 * In a sleepable program the verifier (check_ptr_to_btf_access() in kernel/bpf/verifier.c) trusts a pointer
 * that is read from memory only inside of an RCU section. Other programs are one as a whole.
 */
export function checkSleepableReads(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  const storage = new Map<string, string>();
  for (const map of module.maps) {
    if (map.kind !== 'taskStorage' && map.kind !== 'cgroupStorage') continue;
    for (const use of map.uses) storage.set(`${map.name}_${use}`, `${map.tsName}.${use}()`);
  }
  for (const program of module.programs)
    if (program.sleepable) new Reader(bag, storage, program).run(program.fn);
  return bag.all;
}

class Reader {
  /** Functions done, by name and by what they were called with. */
  private readonly done = new Set<string>();

  constructor(
    private readonly bag: DiagnosticBag,
    private readonly storage: ReadonlyMap<string, string>,
    private readonly program: ProgramIr,
  ) {}

  run(fn: FunctionIr): void {
    this.function(fn, false, new Set());
  }

  private function(fn: FunctionIr, rcu: boolean, loose: Set<Local>): void {
    const key = `${fn.name} ${rcu} ${[...loose].map((l) => l.name).join()}`;
    if (this.done.has(key)) return;
    this.done.add(key);
    this.block(fn.body, rcu, loose);
  }

  private block(body: Stmt[], outer: boolean, loose: Set<Local>): void {
    let rcu = outer;
    for (const stmt of body) {
      if (stmt.kind === 'seq') {
        this.block(stmt.body, rcu, loose);
        continue;
      }
      this.statement(stmt, rcu, loose);
      if (stmt.kind !== 'decl') continue;
      if (stmt.local.cleanup && SECTIONS.has(stmt.local.cleanup)) rcu = true;
      else if (stmt.init && !rcu && isLoose(stmt.init, loose)) loose.add(stmt.local);
    }
  }

  private statement(stmt: Stmt, rcu: boolean, loose: Set<Local>): void {
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.expr(e, rcu, loose);
    const walk = stmt.kind === 'iterate' && PROTECTED_WALKS[stmt.head];
    if (walk && !rcu) this.bag.add(outsideRcu(stmt.span, walk, programLabel(this.program)));
    if (stmt.kind === 'block') return this.block(stmt.body, rcu, loose);
    for (const s of stmts) this.block(s.kind === 'block' ? s.body : [s], rcu, loose);
  }

  private expr(e: Expr, rcu: boolean, loose: Set<Local>): void {
    const { exprs, stmts } = partsOf(e);
    this.block(stmts, rcu, loose);
    for (const part of exprs) this.expr(part, rcu, loose);
    if (e.kind === 'call') this.call(e, rcu, loose);
  }

  private call(e: Extract<Expr, { kind: 'call' }>, rcu: boolean, loose: Set<Local>): void {
    const bad = e.args.map((a) => !(rcu && !mentionsLoose(a, loose)) && isLoose(a, loose));
    const { callee } = e;
    if (callee.kind === 'function') {
      const params = callee.fn.params.filter((_, i) => bad[i]);
      return this.function(callee.fn, rcu, new Set(params));
    }
    const fn = callee.kind === 'kernel' ? kernelFunction(callee.name) : undefined;
    const what = fn ? `${fn.name}()` : callee.kind === 'support' && this.storage.get(callee.c);
    if (fn?.rcuProtected && !rcu)
      this.bag.add(outsideRcu(e.span, `${fn.name}()`, programLabel(this.program)));
    if (!what) return;
    e.args.forEach((argument, i) => {
      const wantsHeld = fn ? fn.params[i]?.trusted : i === 0;
      if (!bad[i] || !wantsHeld) return;
      this.bag.add(needsRcu(argument.span, what, programLabel(this.program)));
    });
  }
}

function isKernelObject(type: CType): boolean {
  return type.kind === 'ptr' && type.region === 'kernel' && type.to.kind === 'struct';
}

/** Whether the value is a pointer to a kernel object that comes out of memory, or of a variable that has one. */
function isLoose(e: Expr, loose: ReadonlySet<Local>): boolean {
  switch (e.kind) {
    case 'member':
    case 'index':
    case 'deref':
      return isKernelObject(e.type);
    case 'var':
      return e.local ? loose.has(e.local) : isKernelObject(e.type);
    case 'cast':
      return isLoose(e.value, loose);
    case 'cond':
      return isLoose(e.then, loose) || isLoose(e.else, loose);
    case 'elvis':
      return isLoose(e.left, loose) || isLoose(e.right, loose);
    case 'block':
      return isLoose(e.result, loose);
    // The address of an embedded struct is as good as the pointer that leads to it.
    case 'addr':
      return e.of.kind === 'member' && mentionsLoose(e.of.base, loose);
    default:
      return false;
  }
}

/** Whether a variable that holds such a pointer already, from outside of the RCU section, is in it. */
function mentionsLoose(e: Expr, loose: ReadonlySet<Local>): boolean {
  if (e.kind === 'var') return e.local !== undefined && loose.has(e.local);
  return partsOf(e).exprs.some((part) => mentionsLoose(part, loose));
}

import { programLabel } from '../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import { SECTIONS } from '../ir/sections.js';
import type { Span } from '../ir/span.js';
import type { CType } from '../ir/types.js';
import { partsOf } from '../ir/walk.js';
import { kernelFunction } from '../kernel/index.js';

/** bpf_iter_*_new() with KF_RCU_PROTECTED; that of queues since 6.18 (kernel/sched/ext.c). */
export const PROTECTED_WALKS: Readonly<Record<string, string>> = {
  scxts_each_scx_dsq: 'each.scx_dsq()',
  scxts_each_task: 'each.task()',
  scxts_each_css: 'each.css()',
};

type Call = Extract<Expr, { kind: 'call' }>;
type Walk = Extract<Stmt, { kind: 'iterate' }>;

/** A place at which the verifier asks whether RCU is held, as one program reaches it. */
export interface RcuNeed {
  /** The walk or call, or its argument that is a pointer read from memory. */
  span: Span;
  /** It is such an argument. */
  isPointer: boolean;
  /** The walk or function, as messages name it. */
  what: string;
  /** The program, as messages name it. */
  where: string;
  /** What has to be under RCU: one of these, from the innermost out, or all from the variable's declaration on. */
  remedy: { around: (Walk | Call)[] } | { from: Local };
}

/** A call of a function on the way to a place, and the variables of the caller that hold loose pointers there. */
interface Frame {
  call: Call;
  loose: ReadonlySet<Local>;
}

/** A sleepable kernel function that is called while RCU is held. */
export interface SleepUnderRcu {
  name: string;
  span: Span;
}

export interface RcuFindings {
  /** Places that lack RCU. */
  needs: RcuNeed[];
  /** Statements and calls that some program reaches while it holds RCU by a section of its own. */
  held: Set<Stmt | Expr>;
  sleeps: SleepUnderRcu[];
}

/**
 * In a sleepable program the verifier (check_ptr_to_btf_access() in kernel/bpf/verifier.c) trusts a pointer
 * that is read from memory only inside of an RCU section. Other programs are one as a whole, except for a
 * timer's callback: it counts as part of the program that starts it, which is a sleepable one as a rule.
 */
export function findRcuNeeds(module: ModuleIr): RcuFindings {
  const findings: RcuFindings = { needs: [], held: new Set(), sleeps: [] };
  const storage = new Map<string, string>();
  for (const map of module.maps) {
    if (map.kind !== 'taskStorage' && map.kind !== 'cgroupStorage') continue;
    for (const use of map.uses) storage.set(`${map.name}_${use}`, `${map.tsName}.${use}()`);
  }
  for (const program of module.programs)
    new Reader(findings, storage, programLabel(program), program.sleepable).run(program.fn);
  for (const fn of module.functions)
    if (fn.timer) new Reader(findings, storage, `the timer '${fn.timer}'`, true).run(fn);
  return findings;
}

class Reader {
  /** Functions done, by name and by what they were called with. */
  private readonly done = new Set<string>();
  /** How the place was reached, the last call first. */
  private readonly frames: Frame[] = [];

  constructor(
    private readonly findings: RcuFindings,
    private readonly storage: ReadonlyMap<string, string>,
    private readonly where: string,
    private readonly sleepable: boolean,
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

  /** Whether RCU is held at its end. */
  private block(body: Stmt[], outer: boolean, loose: Set<Local>): boolean {
    let rcu = outer;
    for (const stmt of body) {
      if (stmt.kind === 'seq') {
        rcu = this.block(stmt.body, rcu, loose);
        continue;
      }
      this.statement(stmt, rcu, loose);
      if (stmt.kind !== 'decl') continue;
      if (stmt.local.cleanup && SECTIONS.has(stmt.local.cleanup)) rcu = true;
      else if (stmt.init && !rcu && isLoose(stmt.init, loose)) loose.add(stmt.local);
    }
    return rcu;
  }

  private statement(stmt: Stmt, outer: boolean, loose: Set<Local>): void {
    let rcu = outer;
    const what = stmt.kind === 'iterate' ? PROTECTED_WALKS[stmt.head] : undefined;
    if (stmt.kind === 'iterate' && what) {
      if (rcu) this.findings.held.add(stmt);
      else this.need({ span: stmt.span, isPointer: false, what, remedy: this.around(stmt) });
      // Whoever puts this right does so for all that is in it.
      rcu = true;
    }
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.expr(e, rcu, loose);
    if (stmt.kind === 'block') {
      this.block(stmt.body, rcu, loose);
      return;
    }
    for (const s of stmts) this.block(s.kind === 'block' ? s.body : [s], rcu, loose);
  }

  private expr(e: Expr, outer: boolean, loose: Set<Local>): void {
    const rcu = e.kind === 'call' ? this.call(e, outer, loose) : outer;
    const { exprs, stmts } = partsOf(e);
    const inside = this.block(stmts, rcu, loose);
    for (const part of exprs) this.expr(part, inside, loose);
  }

  /** Notes what a call lacks. True if RCU is held around it, or is to be. */
  private call(e: Call, rcu: boolean, loose: Set<Local>): boolean {
    const bad = e.args.map((a) => !(rcu && !looseIn(a, loose)) && isLoose(a, loose));
    const { callee } = e;
    if (callee.kind === 'function') {
      const params = callee.fn.params.filter((_, i) => bad[i]);
      if (rcu) this.findings.held.add(e);
      this.frames.unshift({ call: e, loose: new Set(loose) });
      this.function(callee.fn, rcu, new Set(params));
      this.frames.shift();
      return rcu;
    }
    const fn = callee.kind === 'kernel' ? kernelFunction(callee.name) : undefined;
    const what = fn ? `${fn.name}()` : callee.kind === 'support' && this.storage.get(callee.c);
    if (rcu && fn?.sleepable) this.findings.sleeps.push({ name: fn.name, span: e.span });
    if (rcu) this.findings.held.add(e);
    if (!what) return rcu;
    let lacks = false;
    if (fn?.rcuProtected && !rcu) {
      this.need({ span: e.span, isPointer: false, what, remedy: this.around(e) });
      lacks = true;
    }
    e.args.forEach((argument, i) => {
      const wantsHeld = fn ? fn.params[i]?.trusted : i === 0;
      if (!bad[i] || !wantsHeld) return;
      this.need({
        span: argument.span,
        isPointer: true,
        what,
        remedy: this.remedy(e, i, loose, 0),
      });
      lacks = true;
    });
    return rcu || lacks;
  }

  private around(place: Walk | Call, depth = 0): { around: (Walk | Call)[] } {
    return { around: [place, ...this.frames.slice(depth).map((f) => f.call)] };
  }

  /** Where the pointer that a call is given was read: in the call itself, before it, or by a caller. */
  private remedy(
    call: Call,
    index: number,
    loose: ReadonlySet<Local>,
    depth: number,
  ): RcuNeed['remedy'] {
    const argument = call.args[index];
    const held = argument && looseIn(argument, loose);
    if (!held) return this.around(call, depth);
    const frame = this.frames[depth];
    const params = frame?.call.callee.kind === 'function' ? frame.call.callee.fn.params : [];
    const given = params.indexOf(held);
    if (!frame || given < 0) return { from: held };
    return this.remedy(frame.call, given, frame.loose, depth + 1);
  }

  private need(need: Omit<RcuNeed, 'where'>): void {
    if (this.sleepable) this.findings.needs.push({ ...need, where: this.where });
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
      return e.of.kind === 'member' && looseIn(e.of.base, loose) !== undefined;
    default:
      return false;
  }
}

/** A variable that holds such a pointer already, from outside of the RCU section. */
function looseIn(e: Expr, loose: ReadonlySet<Local>): Local | undefined {
  if (e.kind === 'var') return e.local && loose.has(e.local) ? e.local : undefined;
  for (const part of partsOf(e).exprs) {
    const found = looseIn(part, loose);
    if (found) return found;
  }
  return undefined;
}

import { captureIn, capturedBy } from '../ir/captures.js';
import { effectsOfNode, runs } from '../ir/effects.js';
import { programLabel, timerLabel } from '../ir/functions.js';
import { MAP_KINDS } from '../ir/map-kinds.js';
import type { FunctionIr, ModuleIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import type { Op } from '../ir/operations.js';
import { holdsRcu } from '../ir/releases.js';
import type { Span } from '../ir/span.js';
import type { CType, Field } from '../ir/types.js';
import { partsOf } from '../ir/walk.js';
import { kernelFunction } from '../kernel/index.js';
import { isKernelWalk } from '../kernel/iterators.js';

/** A call of a function of the kernel or of the program, or an operation that runs one. */
type Call = Extract<Expr, { kind: 'call' | 'op' }>;
type Walk = Extract<Stmt, { kind: 'iterate' }>;

/** A variable with a pointer read from memory, or the field by which a callback reaches one. */
type Loose = Local | Field;

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
  loose: ReadonlySet<Loose>;
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
  for (const program of module.programs)
    new Reader(findings, programLabel(program), program.sleepable).run(program.fn);
  for (const fn of module.functions) {
    const timer = timerLabel(fn);
    if (timer) new Reader(findings, timer, true).run(fn);
  }
  return findings;
}

class Reader {
  /** Functions done, by name and by what they were called with. */
  private readonly done = new Set<string>();
  /** What the structs with the captures of callbacks are made of. */
  private readonly contexts = new Map<Local, Expr>();
  /** How the place was reached, the last call first. */
  private readonly frames: Frame[] = [];

  constructor(
    private readonly findings: RcuFindings,
    private readonly where: string,
    private readonly sleepable: boolean,
  ) {}

  run(fn: FunctionIr): void {
    this.function(fn, false, new Set());
  }

  private function(fn: FunctionIr, rcu: boolean, loose: Set<Loose>): void {
    const key = `${fn.name} ${rcu} ${[...loose].map((l) => l.name).join()}`;
    if (this.done.has(key)) return;
    this.done.add(key);
    this.block(fn.body, rcu, loose);
  }

  /** Whether RCU is held at its end. */
  private block(body: Stmt[], outer: boolean, loose: Set<Loose>): boolean {
    let rcu = outer;
    for (const stmt of body) {
      if (stmt.kind === 'seq') {
        rcu = this.block(stmt.body, rcu, loose);
        continue;
      }
      this.statement(stmt, rcu, loose);
      if (stmt.kind !== 'decl') continue;
      if (stmt.init?.kind === 'init') this.contexts.set(stmt.local, stmt.init);
      if (holdsRcu(stmt.local.cleanup)) rcu = true;
      else if (stmt.init && !rcu && isLoose(stmt.init, loose)) loose.add(stmt.local);
    }
    return rcu;
  }

  private statement(stmt: Stmt, outer: boolean, loose: Set<Loose>): void {
    let rcu = outer;
    if (stmt.kind === 'iterate' && isKernelWalk(stmt.iterator)) {
      const what = `each.${stmt.iterator}()`;
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

  private expr(e: Expr, outer: boolean, loose: Set<Loose>): void {
    const rcu = e.kind === 'call' || e.kind === 'op' ? this.call(e, outer, loose) : outer;
    const { exprs, stmts } = partsOf(e);
    const inside = this.block(stmts, rcu, loose);
    for (const part of exprs) this.expr(part, inside, loose);
  }

  /** Notes what a call lacks. True if RCU is held around it, or is to be. */
  private call(e: Call, rcu: boolean, loose: Set<Loose>): boolean {
    const bad = e.args.map((a) => !(rcu && !looseIn(a, loose)) && isLoose(a, loose));
    const callee = runs(e);
    if (callee) {
      const given: Loose[] =
        e.kind === 'call'
          ? callee.params.filter((_, i) => bad[i])
          : capturedBy(callee, e.args[0], this.contexts).flatMap(({ field, place }) =>
              looseIn(place, loose) ? [field] : [],
            );
      if (rcu) this.findings.held.add(e);
      this.frames.unshift({ call: e, loose: new Set(loose) });
      this.function(callee, rcu, new Set(given));
      this.frames.shift();
      return rcu;
    }
    const { sleeps, call } = effectsOfNode(e);
    const fn =
      e.kind === 'call' && e.callee.kind === 'kernel' ? kernelFunction(e.callee.name) : undefined;
    const owner = e.kind === 'op' && ownerOf(e.op);
    const what = fn || owner !== false ? call : undefined;
    if (rcu && sleeps && call) this.findings.sleeps.push({ name: call, span: e.span });
    if (rcu) this.findings.held.add(e);
    if (!what) return rcu;
    let lacks = false;
    if (fn?.rcuProtected && !rcu) {
      this.need({ span: e.span, isPointer: false, what, remedy: this.around(e) });
      lacks = true;
    }
    e.args.forEach((argument, i) => {
      const wantsHeld = fn ? fn.params[i]?.trusted : i === owner;
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
    loose: ReadonlySet<Loose>,
    depth: number,
  ): RcuNeed['remedy'] {
    const argument = call.args[index];
    const held = argument && looseIn(argument, loose);
    if (!held) return this.around(call, depth);
    const frame = this.frames[depth];
    const params = frame?.call.kind === 'call' ? (runs(frame.call)?.params ?? []) : [];
    const given = params.findIndex((p) => p === held);
    if (!frame || given < 0) return 'span' in held ? { from: held } : this.around(call, depth);
    return this.remedy(frame.call, given, frame.loose, depth + 1);
  }

  private need(need: Omit<RcuNeed, 'where'>): void {
    if (this.sleepable) this.findings.needs.push({ ...need, where: this.where });
  }
}

/** The operand that is a kernel object whose storage an operation looks up. */
function ownerOf(op: Op): number | false {
  if (op.kind !== 'map') return false;
  const { key } = MAP_KINDS[op.map.kind];
  return key === 'task_struct' || key === 'cgroup' ? (op.found ? 1 : 0) : false;
}

function isKernelObject(type: CType): boolean {
  return type.kind === 'ptr' && type.region === 'kernel' && type.to.kind === 'struct';
}

/** Whether the value is a pointer to a kernel object that comes out of memory, or of a variable that has one. */
function isLoose(e: Expr, loose: ReadonlySet<Loose>): boolean {
  switch (e.kind) {
    case 'deref': {
      const captured = captureIn(e);
      return captured ? loose.has(captured) : isKernelObject(e.type);
    }
    case 'member':
    case 'index':
    case 'global':
      return isKernelObject(e.type);
    case 'var':
      return loose.has(e.local);
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
function looseIn(e: Expr, loose: ReadonlySet<Loose>): Loose | undefined {
  if (e.kind === 'var') return loose.has(e.local) ? e.local : undefined;
  const captured = captureIn(e);
  if (captured) return loose.has(captured) ? captured : undefined;
  for (const part of partsOf(e).exprs) {
    const found = looseIn(part, loose);
    if (found) return found;
  }
  return undefined;
}

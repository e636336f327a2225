import { insertedTwiceOnPath, taskLost } from '../../diagnostics/catalogue/queues.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { runs } from '../../ir/effects.js';
import { reachedBy } from '../../ir/functions.js';
import type { FunctionIr, ModuleIr } from '../../ir/module.js';
import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { effectsOf } from '../../ir/operations.js';
import type { Span } from '../../ir/span.js';
import { partsOf } from '../../ir/walk.js';
import { factOf, mayBeNull } from './facts.js';

/**
 * What has become of the task of a callback on one way through it. `unsure`: a way that may not exist, or on which something
 * that is not followed may have taken the task.
 */
type Fate = 'none' | 'kept' | 'inserted' | 'unsure';

interface Way {
  fate: Fate;
  /** Conditions whose outcome is known on it. */
  facts: ReadonlyMap<string, boolean>;
  /** The last condition that led past an insertion. */
  past?: Span | undefined;
}

/** More ways than that through a function are not followed. */
const MOST = 64;

/** Finds ways through enqueue() that lose the task, and ways through it and select_cpu() that insert it twice. */
export function checkTaskPaths(module: ModuleIr, bag: DiagnosticBag): void {
  for (const { fn, callback } of module.programs) {
    if (callback !== 'enqueue' && callback !== 'select_cpu') continue;
    const follower = new Follower(bag);
    const ends = follower.through(fn, fn.params[0], [{ fate: 'none', facts: new Map() }]);
    // Where nothing is ever inserted or kept, the task has another way that is not seen here, or the author has yet to write it.
    if (callback !== 'enqueue' || !inserts(fn)) continue;
    for (const { way, at } of ends)
      if (way.fate === 'none') bag.add(taskLost(way.past ?? at ?? fn.span));
  }
}

const known = new WeakMap<FunctionIr, boolean>();

/** Whether a function may insert a task, itself or in what it calls. */
function inserts(fn: FunctionIr): boolean {
  const found =
    known.get(fn) ??
    [...reachedBy(fn, 'now')].some(({ calls }) =>
      calls.some(({ target }) => target.kind === 'kernel' && isInsert(target.name)),
    );
  known.set(fn, found);
  return found;
}

function isInsert(name: string): boolean {
  return name === 'scx_bpf_dsq_insert' || name === 'scx_bpf_dsq_insert_vtime';
}

interface End {
  way: Way;
  at: Span | undefined;
}

/** Follows the ways through a function. */
class Follower {
  private ways: Way[] = [];
  private ends: End[] = [];
  private task: Local | undefined;
  private depth = 0;
  /** Ways that leave the innermost loop or switch. */
  private breaks: Way[][] = [];

  constructor(private readonly bag: DiagnosticBag) {}

  /** The ways out of a function that is given the task. */
  through(fn: FunctionIr, task: Local | undefined, ways: Way[]): End[] {
    const outer = { ways: this.ways, ends: this.ends, task: this.task, breaks: this.breaks };
    Object.assign(this, { ways, ends: [], task, breaks: [] });
    this.depth++;
    this.list(fn.body);
    const ends = [...this.ends, ...this.ways.map((way) => ({ way, at: undefined }))];
    this.depth--;
    Object.assign(this, outer);
    return ends;
  }

  private list(body: readonly Stmt[]): void {
    for (const stmt of body) this.stmt(stmt);
  }

  private stmt(stmt: Stmt): void {
    if (this.ways.length === 0) return;
    if (this.ways.length > MOST) this.doubt();
    switch (stmt.kind) {
      case 'decl':
        if (stmt.init) this.value(stmt.init);
        return;
      case 'expr':
        return this.expression(stmt.expr);
      case 'block':
      case 'seq':
        return this.list(stmt.body);
      case 'if':
        return this.choose(stmt);
      case 'for':
      case 'while':
      case 'do':
      case 'iterate':
        return this.loop(stmt);
      case 'switch':
        return this.switch(stmt);
      case 'break':
      case 'continue':
        // A labelled one leads where this does not look.
        if (stmt.label) this.doubt();
        this.breaks.at(-1)?.push(...this.ways);
        this.ways = [];
        return;
      case 'return':
        if (stmt.value) this.value(stmt.value);
        this.ends.push(...this.ways.map((way) => ({ way, at: stmt.span })));
        this.ways = [];
    }
  }

  /** What stands as a statement: the ways through a function that it calls are ways of this one. */
  private expression(expr: Expr): void {
    if (expr.kind !== 'call' || expr.callee.kind !== 'function') return this.value(expr);
    expr.args.forEach((a) => this.value(a));
    this.enter(expr.callee.fn, expr.args, false);
  }

  private enter(fn: FunctionIr, args: readonly Expr[], used: boolean): void {
    const at = args.findIndex((a) => this.isTask(a));
    if (this.depth > 8) return this.doubt();
    if (at < 0) {
      // It may insert another task, or find this one.
      if (inserts(fn)) this.doubt();
      else this.enterPlain(fn);
      return;
    }
    const ends = this.through(fn, fn.params[at], this.ways).map(({ way }) => way);
    const fates = new Set(ends.map((w) => w.fate));
    this.ways = ends;
    // Which of them it was the value tells, which is not followed.
    if (used && fates.size > 1) this.doubt();
  }

  /** A function without the task: it may keep what it is given of it, or end the scheduler. */
  private enterPlain(fn: FunctionIr): void {
    this.ways = this.through(fn, undefined, this.ways).map(({ way }) => way);
    this.ways = unique(this.ways);
  }

  private choose(stmt: Extract<Stmt, { kind: 'if' }>): void {
    const [yes, no] = this.condition(stmt.test);
    const leadsPast = mayInsert(stmt.then) || (stmt.else !== undefined && mayInsert(stmt.else));
    const past = (ways: Way[]): Way[] =>
      leadsPast ? ways.map((w) => (w.fate === 'none' ? { ...w, past: stmt.test.span } : w)) : ways;
    this.ways = yes;
    this.stmt(stmt.then);
    const after = this.ways;
    this.ways = past(no);
    if (stmt.else) this.stmt(stmt.else);
    this.ways = unique([...past(after), ...this.ways]);
  }

  /** The ways on which a condition holds, and those on which it does not. */
  private condition(test: Expr): [Way[], Way[]] {
    if (test.kind === 'unary' && test.op === '!') {
      const [yes, no] = this.condition(test.operand);
      return [no, yes];
    }
    if (test.kind === 'convert' && test.type.kind === 'bool') return this.condition(test.value);
    if (test.kind === 'logical') {
      const [yes, no] = this.condition(test.left);
      const isAnd = test.op === '&&';
      this.ways = isAnd ? yes : no;
      const [rightYes, rightNo] = this.condition(test.right);
      return isAnd
        ? [rightYes, unique([...no, ...rightNo])]
        : [unique([...yes, ...rightYes]), rightNo];
    }
    this.value(test);
    const missing = mayBeNull(test);
    const fact = factOf(test);
    const side = (holds: boolean): Way[] =>
      this.ways.flatMap((way) => {
        if (fact === 'unsure') return [{ ...way, fate: unsure(way.fate) }];
        if (fact === undefined) return [way];
        const is = holds !== fact.negated;
        const before = way.facts.get(fact.key);
        if (before !== undefined && before !== is) return [];
        return [{ ...way, facts: new Map(way.facts).set(fact.key, is) }];
      });
    const doubted = (ways: Way[]): Way[] => ways.map((w) => ({ ...w, fate: unsure(w.fate) }));
    const [yes, no] = [side(true), side(false)];
    return [missing === true ? doubted(yes) : yes, missing === false ? doubted(no) : no];
  }

  private loop(stmt: Extract<Stmt, { kind: 'for' | 'while' | 'do' | 'iterate' }>): void {
    for (const e of partsOf(stmt).exprs) this.value(e);
    const entry = this.ways;
    const decides = mayInsert(stmt.body);
    this.breaks.push([]);
    this.stmt(stmt.body);
    const left = this.breaks.pop() ?? [];
    this.ways = unique([...entry, ...this.ways, ...left]);
    // How many rounds there are is not followed.
    if (decides) this.doubt();
  }

  private switch(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    this.value(stmt.value);
    const entry = this.ways;
    const decides = stmt.cases.some((c) => c.body.some(mayInsert));
    this.breaks.push([]);
    let falling: Way[] = [];
    for (const { body } of stmt.cases) {
      this.ways = unique([...entry, ...falling]);
      this.list(body);
      falling = this.ways;
    }
    const left = [...(this.breaks.pop() ?? []), ...falling];
    const isWhole = stmt.cases.some((c) => c.tests.includes('default'));
    // The cases may be all that there are.
    const others = isWhole
      ? []
      : decides
        ? entry.map((w) => ({ ...w, fate: unsure(w.fate) }))
        : entry;
    this.ways = unique([...left, ...others]);
  }

  /** What is done while a value is found. */
  private value(expr: Expr): void {
    if (expr.kind === 'cond' || expr.kind === 'logical' || expr.kind === 'elvis') {
      const { exprs } = partsOf(expr);
      const decides = exprs.some(mayInsertIn);
      for (const e of exprs) this.value(e);
      if (decides) this.doubt();
      return;
    }
    if (expr.kind === 'block') {
      this.list(expr.body);
      return this.value(expr.result);
    }
    for (const e of partsOf(expr).exprs) this.value(e);
    if (expr.kind === 'call') {
      const { callee, args } = expr;
      if (callee.kind === 'function') this.enter(callee.fn, args, true);
      else if (isInsert(callee.name)) this.insert(args[0], expr.span);
      return;
    }
    if (expr.kind === 'assign' && isElsewhere(expr.target) && saysWhich(expr.value)) this.keep();
    if (expr.kind !== 'op') return;
    const { op } = expr;
    if (op.kind === 'format' && (op.sink === 'scx_bpf_error' || op.sink === 'scx_bpf_exit'))
      this.ways = [];
    const { looks, state, callsBack } = effectsOf(op);
    const called = runs(expr);
    if (called && inserts(called)) return this.doubt();
    const changes = (state !== undefined && !looks) || callsBack !== undefined;
    if (changes || KEEPS.has(op.kind)) this.keep();
  }

  private insert(task: Expr | undefined, span: Span): void {
    // By another name it may be this one.
    if (!task || !this.isTask(task)) return this.doubt();
    if (this.ways.some((w) => w.fate === 'inserted')) this.bag.add(insertedTwiceOnPath(span));
    this.ways = unique(this.ways.map((w) => ({ ...w, fate: 'inserted' as const })));
  }

  private keep(): void {
    this.ways = this.ways.map((w) => (w.fate === 'none' ? { ...w, fate: 'kept' as const } : w));
  }

  private doubt(): void {
    this.ways = unique(this.ways.map((w) => ({ fate: 'unsure' as const, facts: w.facts }))).slice(
      0,
      MOST,
    );
  }

  private isTask(e: Expr): boolean {
    return e.kind === 'var' && this.task !== undefined && e.local === this.task;
  }
}

function unsure(fate: Fate): Fate {
  return fate === 'kept' ? fate : 'unsure';
}

/** Operations that may leave the task with someone. */
const KEEPS: ReadonlySet<string> = new Set(['exchange', 'atomic', 'submit', 'probeRead']);

/** A place that outlives the call. */
function isElsewhere(target: Expr): boolean {
  if (target.kind === 'var') return false;
  if (target.kind === 'member' && target.base.type.kind !== 'ptr') return isElsewhere(target.base);
  if (target.kind === 'index') return isElsewhere(target.base);
  return true;
}

/** A value that can say which task it was: more than a number in the text. */
function saysWhich(value: Expr): boolean {
  if (value.kind === 'var' || value.kind === 'member' || value.kind === 'call') return true;
  return partsOf(value).exprs.some(saysWhich);
}

function mayInsert(stmt: Stmt): boolean {
  const { exprs, stmts } = partsOf(stmt);
  return exprs.some(mayInsertIn) || stmts.some(mayInsert);
}

function mayInsertIn(expr: Expr): boolean {
  if (expr.kind === 'call')
    if (expr.callee.kind === 'kernel' ? isInsert(expr.callee.name) : inserts(expr.callee.fn))
      return true;
  const called = runs(expr);
  if (called && called !== undefined && inserts(called)) return true;
  const { exprs, stmts } = partsOf(expr);
  return exprs.some(mayInsertIn) || stmts.some(mayInsert);
}

/** Each way once: those that end alike and know the same are one. */
function unique(ways: readonly Way[]): Way[] {
  const seen = new Map<string, Way>();
  for (const way of ways) {
    const key = `${way.fate} ${[...way.facts]
      .map(([k, v]) => `${k}=${v}`)
      .sort()
      .join('&')}`;
    if (!seen.has(key)) seen.set(key, way);
  }
  return [...seen.values()];
}

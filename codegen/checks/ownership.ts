import { movedAway, overwritten, releaseMissing } from '../diagnostics/catalogue/ownership.js';
import { usingNeeded } from '../diagnostics/catalogue/state.js';
import { DiagnosticBag, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr, Local, LoopLabels, Stmt } from '../ir/nodes.js';
import type { Span } from '../ir/span.js';
import { effectsOf } from '../ir/operations.js';
import { allFunctions } from '../ir/functions.js';
import { partsOf } from '../ir/walk.js';

/**
 * held: owns an object, or null that has not been told apart. none: null. moved: given away. maybe: given
 * away on some of the paths that lead here.
 */
type Owned = 'held' | 'none' | 'moved' | 'maybe';
/** What each owning local is known to be; undefined where control does not get. */
type State = ReadonlyMap<Local, Owned> | undefined;

function join(a: State, b: State): State {
  if (!a || !b) return a ?? b;
  const out = new Map<Local, Owned>();
  for (const [local, x] of a) {
    const y = b.get(local);
    if (y === undefined) continue;
    if (x === y) out.set(local, x);
    else if (x === 'none' || y === 'none') {
      const other = x === 'none' ? y : x;
      out.set(local, other);
    } else out.set(local, 'maybe');
  }
  return out;
}

function same(a: State, b: State): boolean {
  if (!a || !b) return a === b;
  return a.size === b.size && [...a].every(([local, owned]) => b.get(local) === owned);
}

interface Target {
  labels: LoopLabels;
  isLoop: boolean;
  /** How many owning locals were in scope around it. */
  depth: number;
  breaks: State;
  continues: State;
}

/** Follows who owns what through each function: missing releases, uses of what was given away. */
export function checkOwnership(module: ModuleIr): Diagnostic[] {
  const bag = new DiagnosticBag();
  for (const fn of allFunctions(module)) new Owners(bag).run(fn.body);
  return bag.all;
}

class Owners {
  private state: State = new Map();
  private readonly scope: Local[] = [];
  private readonly targets: Target[] = [];

  /** Locals that still own something where a path ends, and where that is. */
  private readonly kept = new Map<Local, Span | undefined>();
  /** Locals that give their object away somewhere, and what they got it from. */
  private readonly given = new Set<Local>();
  private readonly made = new Map<Local, Expr>();

  constructor(private readonly bag: DiagnosticBag) {}

  run(body: Stmt[]): void {
    this.statements(body);
    this.leave(0, undefined);
    for (const [local, at] of this.kept) {
      const made = this.made.get(local);
      const related = at ? { related: [{ message: 'the path that ends here', span: at }] } : {};
      this.bag.add(
        this.given.has(local) || !made
          ? { ...releaseMissing(local.span, local.name), ...related }
          : usingNeeded(made.span, describe(made)),
      );
    }
  }

  private set(local: Local, owned: Owned): void {
    if (!this.state) return;
    this.state = new Map(this.state).set(local, owned);
  }

  /** Control leaves the scopes of all owning locals above `depth`. */
  private leave(depth: number, at: Span | undefined): void {
    if (!this.state) return;
    for (const local of this.scope.slice(depth)) {
      const owned = this.state.get(local);
      if (local.cleanup || !local.owns || (owned !== 'held' && owned !== 'maybe')) continue;
      if (!this.kept.has(local)) this.kept.set(local, at);
    }
  }

  private block(body: Stmt[], at?: Span): void {
    const depth = this.scope.length;
    this.statements(body);
    this.leave(depth, at);
    this.scope.length = depth;
  }

  private statements(body: Stmt[]): void {
    for (const stmt of body) this.statement(stmt);
  }

  private statement(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'decl':
        if (stmt.init)
          this.value(stmt.init, stmt.local.owns !== undefined || isSection(stmt.local));
        if (!stmt.local.owns) return;
        this.scope.push(stmt.local);
        if (stmt.init?.release) this.made.set(stmt.local, stmt.init);
        this.set(stmt.local, stmt.init && stmt.init.kind !== 'null' ? 'held' : 'none');
        return;
      case 'expr':
        return this.value(stmt.expr, false);
      case 'block':
        return this.block(stmt.body);
      case 'seq':
        return this.statements(stmt.body);
      case 'if': {
        const [yes, no] = this.condition(stmt.test);
        this.state = yes;
        this.block([stmt.then]);
        const after = this.state;
        this.state = no;
        if (stmt.else) this.block([stmt.else]);
        this.state = join(after, this.state);
        return;
      }
      case 'for': {
        const depth = this.scope.length;
        if (stmt.init) this.statement(stmt.init);
        this.loop(stmt.labels, stmt.test, stmt.body, stmt.step, false);
        this.leave(depth, undefined);
        this.scope.length = depth;
        return;
      }
      case 'while':
        return this.loop(stmt.labels, stmt.test, stmt.body, undefined, false);
      case 'do':
        return this.loop(stmt.labels, stmt.test, stmt.body, undefined, true);
      case 'iterate':
        stmt.args.forEach((a) => this.value(a, false));
        return this.loop(stmt.labels, undefined, stmt.body, undefined, false, true);
      case 'switch':
        return this.switch(stmt);
      case 'break':
      case 'continue':
        return this.jump(stmt);
      case 'return':
        if (stmt.value) this.value(stmt.value, true);
        this.leave(0, stmt.span);
        this.state = undefined;
    }
  }

  private jump(stmt: Extract<Stmt, { kind: 'break' | 'continue' }>): void {
    const found = [...this.targets]
      .reverse()
      .find((t) =>
        stmt.label
          ? t.labels.breakLabel === stmt.label || t.labels.continueLabel === stmt.label
          : stmt.kind === 'break' || t.isLoop,
      );
    if (found) {
      this.leave(found.depth, stmt.span);
      if (stmt.kind === 'break') found.breaks = join(found.breaks, this.state);
      else found.continues = join(found.continues, this.state);
    }
    this.state = undefined;
  }

  private loop(
    labels: LoopLabels,
    test: Expr | undefined,
    body: Stmt,
    step: Expr | undefined,
    bodyFirst: boolean,
    mayEnd = false,
  ): void {
    const depth = this.scope.length;
    let entry = this.state;
    // Twice where it matters: what the first round gives away is gone in the second.
    for (let round = 0; round < 2; round++) {
      const target: Target = {
        labels,
        isLoop: true,
        depth,
        breaks: undefined,
        continues: undefined,
      };
      this.targets.push(target);
      this.state = entry;
      let done: State = mayEnd ? entry : undefined;
      if (!bodyFirst && test) {
        const [yes, no] = this.condition(test);
        done = no;
        this.state = yes;
      }
      this.block([body]);
      this.targets.pop();
      this.state = join(this.state, target.continues);
      if (step) this.value(step, false);
      if (bodyFirst && test) {
        const [yes, no] = this.condition(test);
        done = no;
        this.state = yes;
      }
      if (mayEnd) done = join(done, this.state);
      const again = join(entry, this.state);
      this.state = join(done, target.breaks);
      if (same(entry, again)) return;
      entry = again;
    }
  }

  private switch(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    this.value(stmt.value, false);
    const entry = this.state;
    const target: Target = {
      labels: stmt.labels,
      isLoop: false,
      depth: this.scope.length,
      breaks: undefined,
      continues: undefined,
    };
    this.targets.push(target);
    this.state = undefined;
    let hasDefault = false;
    for (const { tests, body } of stmt.cases) {
      if (tests.includes('default')) hasDefault = true;
      this.state = join(this.state, entry);
      this.block(body);
    }
    this.targets.pop();
    this.state = join(this.state, target.breaks);
    if (!hasDefault) this.state = join(this.state, entry);
  }

  /** The states where a condition holds and where it does not. */
  private condition(test: Expr): [State, State] {
    if (test.kind === 'unary' && test.op === '!') {
      const [yes, no] = this.condition(test.operand);
      return [no, yes];
    }
    if (test.kind === 'logical') {
      const [yes, no] = this.condition(test.left);
      this.state = test.op === '&&' ? yes : no;
      const [yes2, no2] = this.condition(test.right);
      return test.op === '&&' ? [yes2, join(no, no2)] : [join(yes, yes2), no2];
    }
    if (test.kind === 'binary' && (test.op === '==' || test.op === '!=')) {
      const pointer = isNull(test.right) ? test.left : isNull(test.left) ? test.right : undefined;
      if (pointer) {
        const [yes, no] = this.condition(pointer);
        return test.op === '!=' ? [yes, no] : [no, yes];
      }
    }
    this.value(test, false);
    const { state } = this;
    if (test.kind !== 'var' || !test.local.owns || state?.get(test.local) !== 'held')
      return [state, state];
    return [state, new Map(state).set(test.local, 'none')];
  }

  /** `kept`: whether something becomes the owner of what the expression acquires. */
  private value(e: Expr, kept: boolean): void {
    if (e.release && !kept) this.bag.add(usingNeeded(e.span, describe(e)));
    switch (e.kind) {
      case 'var':
        this.use(e);
        break;
      case 'logical': {
        const [yes, no] = this.condition(e);
        this.state = join(yes, no);
        break;
      }
      case 'cond': {
        const [yes, no] = this.condition(e.test);
        this.state = yes;
        this.value(e.then, kept);
        const after = this.state;
        this.state = no;
        this.value(e.else, kept);
        this.state = join(after, this.state);
        break;
      }
      case 'elvis':
        this.value(e.left, kept);
        this.value(e.right, kept);
        break;
      case 'block': {
        const depth = this.scope.length;
        this.statements(e.body);
        this.value(e.result, kept || e.release !== undefined);
        this.scope.length = depth;
        break;
      }
      case 'assign':
        this.assign(e);
        break;
      case 'record':
        this.statements(e.setup);
        e.values.forEach((v) => this.value(v, false));
        break;
      default:
        for (const part of partsOf(e).exprs) this.value(part, false);
    }
    if (!e.moves) return;
    this.given.add(e.moves);
    this.set(e.moves, 'moved');
  }

  private use(e: Extract<Expr, { kind: 'var' }>): void {
    if (!e.local.owns || !this.state) return;
    const owned = this.state.get(e.local);
    if (owned === 'moved' || owned === 'maybe')
      this.bag.add(movedAway(e.span, e.local.name, owned === 'moved'));
  }

  private assign(e: Extract<Expr, { kind: 'assign' }>): void {
    const local = e.target.kind === 'var' ? e.target.local : undefined;
    if (!local?.owns) {
      this.value(e.target, false);
      return this.value(e.value, false);
    }
    this.value(e.value, true);
    // The clearing of a name whose object moves is scxts's own.
    if (local.cleanup && isNull(e.value)) return;
    const owned = this.state?.get(local);
    if (owned === 'held' || owned === 'maybe') this.bag.add(overwritten(e.span, local.name));
    this.set(local, isNull(e.value) ? 'none' : 'held');
  }
}

function isSection(local: Local): boolean {
  return local.cleanup !== undefined;
}

function isNull(e: Expr): boolean {
  return e.kind === 'null' || (e.kind === 'cast' && isNull(e.value));
}

function describe(e: Expr): string {
  const call = e.kind === 'block' ? e.result : e;
  if (call.kind === 'call')
    return `${call.callee.kind === 'kernel' ? call.callee.name : call.callee.fn.name}()`;
  if (call.kind !== 'op') return 'this call';
  return call.op.kind === 'alloc' || call.op.kind === 'exchange'
    ? (effectsOf(call.op).call ?? 'this call')
    : 'this call';
}

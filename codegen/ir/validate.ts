import { allFunctions } from './functions.js';
import type { FunctionIr, ModuleIr } from './module.js';
import type { Expr, Local, LoopLabels, Stmt } from './nodes.js';
import { isWanted, wantedBy, wantedByStatement, type Wanted } from './operands.js';
import { describeType } from './types.js';
import { partsOf } from './walk.js';

/**
 * What is wrong with the IR of a program that has no errors: it would be a fault of the compiler. Each is one line
 * with the function and the line of the source.
 */
export function faultsOf(module: ModuleIr): string[] {
  return allFunctions(module).flatMap((fn) => new Validator(fn).run());
}

class Validator {
  private readonly faults: string[] = [];
  private readonly scopes: Set<Local>[] = [];
  private readonly targets: { labels: LoopLabels; isLoop: boolean }[] = [];

  constructor(private readonly fn: FunctionIr) {}

  run(): string[] {
    this.scoped(() => {
      for (const param of this.fn.params) this.declare(param);
      this.statements(this.fn.body);
    });
    return this.faults;
  }

  private fault(node: Expr | Stmt, what: string): void {
    this.faults.push(`${this.fn.name}, line ${node.span.line}: ${what}`);
  }

  private scoped(inside: () => void): void {
    this.scopes.push(new Set());
    inside();
    this.scopes.pop();
  }

  private declare(local: Local): void {
    this.scopes[this.scopes.length - 1]?.add(local);
  }

  private statements(body: Stmt[]): void {
    for (const stmt of body) this.statement(stmt);
  }

  private statement(stmt: Stmt): void {
    this.operands(stmt, wantedByStatement(stmt, this.fn.returns));
    switch (stmt.kind) {
      case 'decl':
        if (stmt.init) this.expr(stmt.init);
        if (this.scopes[this.scopes.length - 1]?.has(stmt.local))
          this.fault(stmt, `'${stmt.local.name}' is declared twice`);
        return this.declare(stmt.local);
      case 'seq':
        return this.statements(stmt.body);
      case 'block':
        return this.scoped(() => this.statements(stmt.body));
      case 'expr':
        return this.expr(stmt.expr);
      case 'if':
        this.expr(stmt.test);
        this.scoped(() => this.statement(stmt.then));
        return this.scoped(() => stmt.else && this.statement(stmt.else));
      case 'for':
        return this.scoped(() => {
          if (stmt.init) this.statement(stmt.init);
          if (stmt.test) this.expr(stmt.test);
          if (stmt.step) this.expr(stmt.step);
          this.loop(stmt.labels, stmt.body);
        });
      case 'while':
      case 'do':
        this.expr(stmt.test);
        return this.loop(stmt.labels, stmt.body);
      case 'iterate':
        stmt.args.forEach((a) => this.expr(a));
        return this.scoped(() => {
          this.declare(stmt.local);
          this.loop(stmt.labels, stmt.body);
        });
      case 'switch':
        this.expr(stmt.value);
        this.targets.push({ labels: stmt.labels, isLoop: false });
        for (const { tests, body } of stmt.cases) {
          for (const test of tests) if (test !== 'default') this.expr(test);
          this.scoped(() => this.statements(body));
        }
        this.targets.pop();
        return;
      case 'break':
      case 'continue':
        return this.jump(stmt);
      case 'return':
        if (stmt.value) this.expr(stmt.value);
        if (this.fn.returns.kind === 'void' && stmt.value)
          this.fault(stmt, 'a value is returned by a function that gives none');
    }
  }

  private loop(labels: LoopLabels, body: Stmt): void {
    this.targets.push({ labels, isLoop: true });
    this.scoped(() => this.statement(body));
    this.targets.pop();
  }

  private jump(stmt: Extract<Stmt, { kind: 'break' | 'continue' }>): void {
    const { kind, label } = stmt;
    const found = this.targets.some(({ labels, isLoop }) =>
      label
        ? label === (kind === 'break' ? labels.breakLabel : labels.continueLabel)
        : kind === 'break' || isLoop,
    );
    if (!found) this.fault(stmt, `'${kind}' goes nowhere`);
  }

  private expr(e: Expr): void {
    this.node(e);
    this.operands(e, wantedBy(e));
    if (e.kind === 'block') {
      return this.scoped(() => {
        this.statements(e.body);
        this.expr(e.result);
      });
    }
    const { exprs, stmts } = partsOf(e);
    this.statements(stmts);
    for (const part of exprs) this.expr(part);
  }

  /** Conversions are nodes: an operand is what is wanted where it stands. */
  private operands(node: Expr | Stmt, wanted: readonly Wanted[]): void {
    partsOf(node).exprs.forEach((operand, i) => {
      const want = wanted[i];
      if (isWanted(operand, want)) return;
      const to = want === undefined || want === 'test' ? 'a condition' : describeType(want);
      this.fault(
        operand,
        `${describeType(operand.type)} (${operand.kind}) stands where ${to} does`,
      );
    });
  }

  /** What has to hold of a node by itself. */
  private node(e: Expr): void {
    switch (e.kind) {
      case 'error':
        return this.fault(e, 'something was not compiled');
      case 'record':
        return this.fault(e, 'several results stand where one value does');
      case 'var':
        if (!this.scopes.some((s) => s.has(e.local)))
          this.fault(e, `'${e.local.name}' is used outside of its scope`);
        return;
      case 'deref':
        if (e.pointer.type.kind !== 'ptr') this.fault(e, `${e.pointer.type.kind} is followed`);
        return;
      case 'call': {
        const { callee, args } = e;
        if (callee.kind === 'function' && callee.fn.params.length !== args.length)
          this.fault(e, `${callee.fn.name} is given ${args.length} arguments`);
        return;
      }
      case 'op': {
        const { op } = e;
        const back = 'callback' in op ? op.callback : undefined;
        if (back && !back.role) this.fault(e, `${back.name} has no role`);
        return;
      }
      default:
    }
  }
}

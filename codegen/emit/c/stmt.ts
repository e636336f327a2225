import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import type { Span } from '../../ir/span.js';
import { declareC } from './c-type.js';
import { bareInit, printExpr, unconverted, type ExprContext } from './expr.js';
import { loopMacro } from './iterators.js';
import { CONTINUE, type LineWriter } from './lines.js';
import type { Requests } from './requests.js';

/** Its flags are in the variable that stands for the section, of which it gets the address. */
const IRQ_SAVE = 'bpf_local_irq_save';

/** Prints statements; expression statements that hold blocks are laid out over several lines. */
export class StatementPrinter implements ExprContext {
  private result: { name: string; label: string } | undefined;

  constructor(
    private readonly out: LineWriter,
    readonly requests: Requests,
  ) {}

  /** Prints with `return x` as an assignment and a jump. */
  withResult(name: string, label: string, print: () => void): void {
    this.result = { name, label };
    try {
      print();
    } finally {
      this.result = undefined;
    }
  }

  statements(stmts: Stmt[]): void {
    for (const stmt of stmts) this.statement(stmt);
  }

  /** What a statement is about: C converts it to what is wanted there. */
  expr(expr: Expr): string {
    return printExpr(unconverted(expr), this);
  }

  /** `({ ...; result; })` on one line: such blocks are short. */
  block(expr: Extract<Expr, { kind: 'block' }>): string {
    const body = expr.body.map((s) => this.inline(s)).join(' ');
    return `({ ${body}${this.blockResult(expr)} })`;
  }

  private blockResult(expr: Extract<Expr, { kind: 'block' }>): string {
    // A block without value ends in a constant of type void, which is nothing in C.
    return expr.result.kind === 'const' && expr.result.type.kind === 'void'
      ? ''
      : ` ${this.expr(expr.result)};`;
  }

  private inline(stmt: Stmt): string {
    switch (stmt.kind) {
      case 'decl':
        return this.declaration(stmt.local, stmt.init);
      case 'expr':
        return `${this.expr(stmt.expr)};`;
      case 'if':
        return `if (${this.test(stmt.test)}) { ${this.inline(stmt.then)} }${stmt.else ? ` else { ${this.inline(stmt.else)} }` : ''}`;
      case 'block':
        return stmt.body.map((s) => this.inline(s)).join(' ');
      default:
        throw new Error(`statement '${stmt.kind}' inside an expression`);
    }
  }

  private declaration(local: Local, init: Expr | undefined): string {
    const cleanup = local.cleanup ? ` __cleanup(${this.requests.release(local.cleanup)})` : '';
    if (init?.kind === 'call' && init.callee.kind === 'kernel' && init.callee.name === IRQ_SAVE)
      return `${declareC(local.type, local.name)}${cleanup}; ${IRQ_SAVE}(&${local.name});`;
    const value = init
      ? ` = ${init.kind === 'init' ? bareInit(init, this) : this.expr(init)}`
      : local.type.kind === 'struct' || local.type.kind === 'array' || local.type.kind === 'chars'
        ? ' = {}'
        : '';
    return `${declareC(local.type, local.name)}${cleanup}${value};`;
  }

  private statement(stmt: Stmt): void {
    const { out } = this;
    switch (stmt.kind) {
      case 'decl':
        return out.user(stmt.span, this.declaration(stmt.local, stmt.init));
      case 'expr':
        return this.expressionStatement(stmt.expr, stmt.span);
      case 'if':
        return this.ifStatement(stmt, '');
      case 'for': {
        const init = stmt.init ? this.inline(stmt.init) : ';';
        const test = this.loopTest(stmt.test, stmt.guard === 'can_loop');
        const step = stmt.step ? ` ${this.expr(stmt.step)}` : '';
        return this.loop(stmt, `for (${init} ${test};${step})`);
      }
      case 'while':
        return this.loop(stmt, `while (${this.loopTest(stmt.test, stmt.guard === 'can_loop')})`);
      case 'do':
        out.user(stmt.span, 'do {');
        this.loopBody(stmt);
        out.user(
          stmt.test.span,
          `} while (${this.loopTest(stmt.test, stmt.guard === 'can_loop')});`,
        );
        return this.label(stmt.labels.breakLabel, stmt.span);
      case 'iterate':
        return this.loop(stmt, this.iterateHead(stmt));
      case 'switch':
        return this.switchStatement(stmt);
      case 'break':
        return out.user(stmt.span, stmt.label ? `goto ${stmt.label};` : 'break;');
      case 'continue':
        return out.user(stmt.span, stmt.label ? `goto ${stmt.label};` : 'continue;');
      case 'return':
        if (this.result && stmt.value)
          return out.user(
            stmt.span,
            `{ ${this.result.name} = ${this.expr(stmt.value)}; goto ${this.result.label}; }`,
          );
        return out.user(stmt.span, stmt.value ? `return ${this.expr(stmt.value)};` : 'return;');
      case 'block':
        out.user(stmt.span, '{');
        out.nest(() => this.statements(stmt.body));
        return out.user(endOf(stmt.span), '}');
      case 'seq':
        return this.statements(stmt.body);
    }
  }

  private expressionStatement(expr: Expr, span: Span): void {
    if (expr.kind === 'block' && expr.type.kind === 'void') {
      this.out.user(
        span,
        `{ ${expr.body.map((s) => this.inline(s)).join(' ')}${this.blockResult(expr)} }`,
      );
      return;
    }
    const unused =
      expr.kind === 'cond' ||
      expr.kind === 'elvis' ||
      expr.kind === 'logical' ||
      expr.kind === 'binary' ||
      expr.kind === 'block' ||
      expr.kind === 'deref' ||
      expr.kind === 'var' ||
      expr.kind === 'global' ||
      expr.kind === 'constant' ||
      expr.kind === 'const' ||
      expr.kind === 'member' ||
      expr.kind === 'unary' ||
      expr.kind === 'cast' ||
      expr.kind === 'convert';
    const text = this.expr(expr);
    this.out.user(span, unused && expr.type.kind !== 'void' ? `(void)(${text});` : `${text};`);
  }

  /** A condition; an assignment is in parentheses, lest it be taken for a comparison. */
  private test(given: Expr): string {
    const expr = unconverted(given);
    return expr.kind === 'assign' ? `(${this.expr(expr)})` : this.expr(expr);
  }

  private ifStatement(stmt: Extract<Stmt, { kind: 'if' }>, lead: string): void {
    const { out } = this;
    out.user(stmt.test.span, `${lead}if (${this.test(stmt.test)}) {`);
    out.nest(() => this.statements(bodyOf(stmt.then)));
    if (!stmt.else) return out.user(endOf(stmt.then.span), '}');
    if (stmt.else.kind === 'if') return this.ifStatement(stmt.else, '} else ');
    out.user(endOf(stmt.then.span), '} else {');
    const other = stmt.else;
    out.nest(() => this.statements(bodyOf(other)));
    out.user(endOf(other.span), '}');
  }

  private loopTest(given: Expr | undefined, guarded: boolean): string {
    const test = given && unconverted(given);
    if (guarded) this.requests.features.add('can_loop');
    if (!test) return guarded ? 'can_loop' : '';
    const always = test.kind === 'const' && test.value !== 0n;
    // `do {} while (false)`: the exit of may_goto would be the next instruction, which 6.12 refuses.
    const never = test.kind === 'const' && test.value === 0n;
    if (!guarded || never) return this.test(test);
    if (always) return 'can_loop';
    const text = this.expr(test);
    return `can_loop && ${test.kind === 'logical' || test.kind === 'cond' || test.kind === 'elvis' || test.kind === 'assign' ? `(${text})` : text}`;
  }

  private loop(stmt: Extract<Stmt, { kind: 'for' | 'while' | 'iterate' }>, head: string): void {
    this.out.user(stmt.span, `${head} {`);
    this.loopBody(stmt);
    this.out.user(endOf(stmt.body.span), '}');
    this.label(stmt.labels.breakLabel, stmt.span);
  }

  private loopBody(stmt: Extract<Stmt, { kind: 'for' | 'while' | 'do' | 'iterate' }>): void {
    this.out.nest(() => {
      const { continueLabel } = stmt.labels;
      if (!continueLabel) return this.statements(bodyOf(stmt.body));
      // Variables of the body end before the label: a jump may not enter their scope.
      this.out.user(stmt.body.span, '{');
      this.out.nest(() => this.statements(bodyOf(stmt.body)));
      this.out.user(endOf(stmt.body.span), '}');
      this.label(continueLabel, stmt.span);
    });
  }

  private label(name: string | undefined, span: Span): void {
    if (name) this.out.user(endOf(span), `${name}:;`);
  }

  private iterateHead(stmt: Extract<Stmt, { kind: 'iterate' }>): string {
    const args = stmt.args.map((a) => this.expr(a)).join(', ');
    return `${loopMacro(stmt.iterator, this.requests)}(${stmt.local.name}, ${args})`;
  }

  private switchStatement(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    const { out } = this;
    out.user(stmt.span, `switch (${this.expr(stmt.value)}) {`);
    for (const { tests, body } of stmt.cases) {
      for (const test of tests) {
        out.user(
          test === 'default' ? stmt.span : test.span,
          test === 'default' ? 'default:' : `case ${this.expr(test)}:`,
        );
      }
      out.nest(() => {
        out.user(body[0]?.span ?? stmt.span, '{');
        out.nest(() => this.statements(body));
        out.user(body[body.length - 1]?.span ?? stmt.span, body.length ? '}' : 'break; }');
      });
    }
    out.user(endOf(stmt.span), '}');
    this.label(stmt.labels.breakLabel, stmt.span);
  }
}

function bodyOf(stmt: Stmt): Stmt[] {
  return stmt.kind === 'block' ? stmt.body : [stmt];
}

/** Closing braces carry no code: they keep the line of what they close. */
function endOf(span: Span): Span {
  return { ...span, line: CONTINUE };
}

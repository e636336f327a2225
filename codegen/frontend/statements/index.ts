import { ts } from 'ts-morph';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import * as syntax from '../../diagnostics/catalogue/syntax.js';
import type { Stmt } from '../../ir/nodes.js';
import { truth } from '../convert.js';
import { existsFacts } from '../exists.js';
import { lowerExpr } from '../expressions/index.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerForOf } from './for-of.js';
import { lowerBreak, lowerContinue, lowerLabeled } from './jumps.js';
import { lowerForEffects } from './effects.js';
import { lowerDo, lowerFor, lowerWhile } from './loops.js';
import { lowerReturn } from './return.js';
import { lowerSwitch } from './switch.js';
import { lowerVariables } from './variables.js';

type StmtVisitor<N extends ts.Node = ts.Node> = (fx: FunctionScope, node: N) => Stmt[];

const visitors = new Map<ts.SyntaxKind, StmtVisitor>();
function on<N extends ts.Node>(kind: ts.SyntaxKind, visitor: StmtVisitor<N>): void {
  visitors.set(kind, visitor as StmtVisitor);
}

on<ts.Block>(ts.SyntaxKind.Block, (fx, node) => [lowerBlock(fx, node.statements, node)]);
on<ts.ExpressionStatement>(ts.SyntaxKind.ExpressionStatement, (fx, node) =>
  lowerForEffects(fx, node.expression),
);
on(ts.SyntaxKind.VariableStatement, lowerVariables);
on(ts.SyntaxKind.IfStatement, lowerIf);
on(ts.SyntaxKind.ForStatement, lowerFor);
on(ts.SyntaxKind.WhileStatement, lowerWhile);
on(ts.SyntaxKind.DoStatement, lowerDo);
on(ts.SyntaxKind.ForOfStatement, lowerForOf);
on(ts.SyntaxKind.SwitchStatement, lowerSwitch);
on(ts.SyntaxKind.ReturnStatement, lowerReturn);
on(ts.SyntaxKind.BreakStatement, lowerBreak);
on(ts.SyntaxKind.ContinueStatement, lowerContinue);
on(ts.SyntaxKind.LabeledStatement, lowerLabeled);
on(ts.SyntaxKind.EmptyStatement, () => []);
// Types may be declared anywhere; they become C where they are used.
on(ts.SyntaxKind.InterfaceDeclaration, () => []);
on(ts.SyntaxKind.TypeAliasDeclaration, () => []);
on(ts.SyntaxKind.EnumDeclaration, () => []);

function reject(kind: ts.SyntaxKind, make: (node: ts.Node) => Diagnostic): void {
  on(kind, (fx, node) => {
    fx.fe.report(make(node));
    return [];
  });
}
reject(ts.SyntaxKind.ThrowStatement, (n) => syntax.exceptions(spanOf(n), 'throw'));
reject(ts.SyntaxKind.TryStatement, (n) => syntax.exceptions(spanOf(n), 'try'));
reject(ts.SyntaxKind.ClassDeclaration, (n) => syntax.classes(spanOf(n), 'class'));
reject(ts.SyntaxKind.FunctionDeclaration, (n) => syntax.closures(spanOf(n), 'a nested function'));
reject(ts.SyntaxKind.ForInStatement, (n) =>
  syntax.notInLanguage(
    spanOf(n),
    'for...in',
    'loop with for (const i of range(n)), or m.forEach((k, v) => ...)',
  ),
);
reject(ts.SyntaxKind.WithStatement, (n) => syntax.notInLanguage(spanOf(n), 'with'));
reject(ts.SyntaxKind.DebuggerStatement, (n) =>
  syntax.notInLanguage(spanOf(n), 'debugger', 'print with bpf_printk(`...`)'),
);

export function lowerStatement(fx: FunctionScope, node: ts.Statement): Stmt[] {
  const visitor = visitors.get(node.kind);
  if (visitor) return visitor(fx, node);
  fx.fe.report(syntax.internalNode(spanOf(node), ts.SyntaxKind[node.kind]));
  return [];
}

export function lowerBlock(fx: FunctionScope, nodes: readonly ts.Statement[], at: ts.Node): Stmt {
  const locks = fx.locks.length;
  const body = fx.withKnown([], () => nodes.flatMap((n) => lowerStatement(fx, n)));
  fx.locks.length = locks;
  return { kind: 'block', body, span: spanOf(at) };
}

/** A statement as the body of another: always a block, so that its scope is its own. */
export function lowerBody(fx: FunctionScope, node: ts.Statement): Stmt {
  return ts.isBlock(node) ? lowerBlock(fx, node.statements, node) : lowerBlock(fx, [node], node);
}

function lowerIf(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isIfStatement(node)) return [];
  const test = truth(lowerExpr(fx, node.expression));
  const facts = existsFacts(fx, node.expression);
  const then = fx.withKnown(facts.whenTrue, () => lowerBody(fx, node.thenStatement));
  const other = node.elseStatement;
  const otherwise = other && fx.withKnown(facts.whenFalse, () => lowerBody(fx, other));
  // `if (!exists(x)) return;`: what follows runs only where x exists.
  if (leaves(node.thenStatement)) fx.assume(facts.whenFalse);
  if (other && leaves(other)) fx.assume(facts.whenTrue);
  return [
    {
      kind: 'if',
      test,
      then,
      ...(otherwise ? { else: unwrapElseIf(otherwise) } : {}),
      span: spanOf(node.expression),
    },
  ];
}

/** `else if` stays flat in C. */
function unwrapElseIf(stmt: Stmt): Stmt {
  const only = stmt.kind === 'block' && stmt.body.length === 1 ? stmt.body[0] : undefined;
  return only?.kind === 'if' ? only : stmt;
}

/** Whether a statement never lets control reach what follows it. */
export function leaves(node: ts.Statement): boolean {
  if (ts.isBlock(node)) {
    const last = node.statements[node.statements.length - 1];
    return last !== undefined && leaves(last);
  }
  if (ts.isIfStatement(node)) {
    return (
      node.elseStatement !== undefined && leaves(node.thenStatement) && leaves(node.elseStatement)
    );
  }
  return (
    ts.isReturnStatement(node) ||
    ts.isBreakStatement(node) ||
    ts.isContinueStatement(node) ||
    ts.isThrowStatement(node)
  );
}

import { ts } from 'ts-morph';
import { notInLanguage } from '../../diagnostics/catalogue/syntax.js';
import type { Local, Stmt } from '../../ir/nodes.js';
import { S32, describeType, isAggregate, type CType } from '../../ir/types.js';
import { findIterator, iteratorObject, type IteratorCall } from '../builtins/iterators.js';
import { asReference } from '../convert.js';
import { element, readElement } from '../expressions/elements.js';
import { lowerExpr } from '../expressions/index.js';
import { arrayLiteral, lowerList } from '../expressions/lists.js';
import { constant, declStmt, isPure, useLocal } from '../make.js';
import { spanOf } from '../program.js';
import type { FunctionScope } from '../scope.js';
import { lowerBody } from './index.js';
import { inLoop } from './jumps.js';
import { lowerRange } from './range.js';
import { bindPattern } from './variables.js';

/** `x`, or `{ a, b }`. */
type LoopVariable = ts.Identifier | ts.ObjectBindingPattern;

/** The variable of `for (const x of ...)`. */
function loopVariable(fx: FunctionScope, node: ts.ForOfStatement): LoopVariable | undefined {
  const list = node.initializer;
  const variable = ts.isVariableDeclarationList(list) ? list.declarations[0] : undefined;
  if (variable && !ts.isArrayBindingPattern(variable.name)) return variable.name;
  fx.fe.report(notInLanguage(spanOf(list), 'this loop variable', 'write for (const x of ...)'));
  return undefined;
}

export function lowerForOf(fx: FunctionScope, node: ts.Node): Stmt[] {
  if (!ts.isForOfStatement(node)) return [];
  const variable = loopVariable(fx, node);
  if (!variable) return [];
  if (fx.fe.calledBuiltin(node.expression) === 'range')
    return ts.isIdentifier(variable) ? lowerRange(fx, node, variable) : [];
  const iterator = findIterator(fx, node.expression);
  if (iterator) {
    return lowerIteration(fx, node, variable, iterator);
  }
  return lowerArrayLoop(fx, node, variable);
}

/** The variable of a loop; `taken` gives names to the fields of what a pattern takes apart. */
function declareVariable(
  fx: FunctionScope,
  variable: LoopVariable,
  type: CType,
  more: Partial<Local> = {},
): { local: Local; taken: () => Stmt[] } {
  const span = spanOf(variable);
  if (!ts.isIdentifier(variable)) {
    const local = fx.temp('item', type, span);
    return { local, taken: () => bindPattern(fx, variable, useLocal(local, span)) };
  }
  const local = fx.declare(variable.text, type, span, more);
  fx.bind(fx.fe.checker.getSymbolAtLocation(variable), { kind: 'local', local });
  return { local, taken: () => [] };
}

/** Makes the loop, with the body lowered after the variable is bound. */
function lowerIteration(
  fx: FunctionScope,
  node: ts.ForOfStatement,
  variable: LoopVariable,
  { iterator, args, type, nonNegative, setup }: IteratorCall,
): Stmt[] {
  const span = spanOf(node);
  const { local, taken } = declareVariable(fx, variable, type, nonNegative ? { nonNegative } : {});
  const object = iteratorObject(fx, local, node.expression);
  const bound = object && fx.fe.symbolOf(node.expression);
  if (object) fx.bind(bound, { kind: 'value', value: object });
  const stmt = inLoop<Extract<Stmt, { kind: 'iterate' }>>(fx, node, false, (loop) => {
    const before = taken();
    const lowered = lowerBody(fx, node.statement);
    const body: Stmt = before.length
      ? { kind: 'block', body: [...before, lowered], span }
      : lowered;
    return { kind: 'iterate', iterator, args, local, body, labels: loop.labels, span };
  });
  // The kernel's iterator lives as long as its loop.
  fx.unbind(bound);
  return wrap([...setup, stmt], span);
}

function wrap(stmts: Stmt[], span: Stmt['span']): Stmt[] {
  return stmts.length === 1 ? stmts : [{ kind: 'block', body: stmts, span }];
}

/** `for (const x of array)`. */
function lowerArrayLoop(
  fx: FunctionScope,
  node: ts.ForOfStatement,
  variable: LoopVariable,
): Stmt[] {
  const span = spanOf(node);
  const list = arrayLiteral(node.expression);
  const lowered = list
    ? lowerList(fx, list, undefined)
    : asReference(lowerExpr(fx, node.expression));
  if (lowered.type.kind === 'error') return [];
  const setup: Stmt[] = [];
  let array = lowered;
  if (!isPure(array)) {
    const local = fx.temp('array', array.type, span);
    setup.push(declStmt(local, array, span));
    array = useLocal(local, span);
  }
  const arrayType = array.type.kind === 'ptr' ? array.type.to : array.type;
  const length =
    arrayType.kind === 'array' || arrayType.kind === 'chars' ? arrayType.length : undefined;
  if (length === undefined) {
    fx.fe.report(
      notInLanguage(
        spanOf(node.expression),
        `looping over ${describeType(lowered.type)}`,
        'loop over range(n), each.*(...) or a FixedArray',
      ),
    );
    return [];
  }
  const counter = fx.temp('i', S32, span);
  const found = element(fx, array, useLocal(counter, span), span);
  if (!found) return [];
  // The index is always in range here, but the verifier wants the test.
  const value =
    found.kind === 'checked' && isAggregate(found.type)
      ? found.pointer
      : readElement(fx, found, span);
  const { local, taken } = declareVariable(fx, variable, value.type);
  const stmt = inLoop<Extract<Stmt, { kind: 'iterate' }>>(fx, node, false, (loop) => {
    const fields = taken();
    const inner = lowerBody(fx, node.statement);
    const skip: Stmt[] =
      value.type.kind === 'ptr'
        ? [
            {
              kind: 'if',
              test: {
                kind: 'unary',
                op: '!',
                operand: useLocal(local, span),
                type: { kind: 'bool' },
                span,
              },
              then: { kind: 'break', span },
              span,
            },
          ]
        : [];
    const body: Stmt = {
      kind: 'block',
      body: [declStmt(local, value, span), ...skip, ...fields, inner],
      span,
    };
    const args = [constant(0, S32, span), constant(length, S32, span)];
    return {
      kind: 'iterate',
      iterator: 'range',
      args,
      local: counter,
      body,
      labels: loop.labels,
      span,
    };
  });
  return wrap([...setup, stmt], span);
}

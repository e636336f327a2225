import { ts } from 'ts-morph';
import {
  unsupportedState,
  nameTooLong,
  unknownOps,
  notConstant,
} from '../../diagnostics/catalogue/state.js';
import { closures } from '../../diagnostics/catalogue/syntax.js';
import { INT_TYPES, type CType } from '../../ir/types.js';
import { OPS, opsMember, type OpsCallback } from '../../kernel/ops.js';
import { parseCType } from '../builtins/c-types.js';
import type { Frontend } from '../context.js';
import { coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { functionDeclaration, lowerFunction, type FunctionNode } from '../functions.js';
import { spanOf } from '../program.js';
import { closest } from '../suggest.js';
import { isConstantExpr, moduleScope } from './globals.js';

/** Compiles the `scheduler({...})` of the entry file. */
export function compileScheduler(fe: Frontend, call: ts.CallExpression): void {
  const literal = call.arguments[0];
  if (!literal || !ts.isObjectLiteralExpression(literal)) {
    fe.report(
      unsupportedState(
        spanOf(call),
        'scheduler() without an object literal',
        "scheduler({ name: 'x', ... })",
      ),
    );
    return;
  }
  const name = schedulerName(fe, literal);
  fe.scheduler = { name, members: [], span: spanOf(call) };
  for (const property of literal.properties) compileMember(fe, name, property);
}

function schedulerName(fe: Frontend, literal: ts.ObjectLiteralExpression): string {
  for (const property of literal.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== 'name') continue;
    const value = property.initializer;
    const text = ts.isStringLiteralLike(value) ? value.text : '';
    if (/^[A-Za-z_]\w{0,126}$/.test(text)) return text;
    fe.report(nameTooLong(spanOf(value), text));
    return 'scheduler';
  }
  return 'scheduler';
}

function compileMember(
  fe: Frontend,
  scheduler: string,
  property: ts.ObjectLiteralElementLike,
): void {
  const nameNode = property.name;
  if (!nameNode || !(ts.isIdentifier(nameNode) || ts.isStringLiteral(nameNode))) {
    fe.report(
      unsupportedState(
        spanOf(property),
        'this member',
        'name callbacks: enqueue(p, flags) { ... }',
      ),
    );
    return;
  }
  const name = nameNode.text;
  if (name === 'name') return;
  if (name === 'use') {
    fe.report(
      unsupportedState(
        spanOf(property),
        'components',
        'this version of scxts has no code for them yet',
      ),
    );
    return;
  }
  const op = opsMember(name);
  if (!op) {
    fe.report(
      unknownOps(
        spanOf(nameNode),
        name,
        closest(
          name,
          OPS.map((o) => o.name),
        ),
      ),
    );
    return;
  }
  if (op.kind === 'callback') {
    const decl = callbackOf(fe, property);
    if (decl) compileCallback(fe, scheduler, op, decl);
    else fe.report(closures(spanOf(property), `'${name}'`));
    return;
  }
  const value = ts.isPropertyAssignment(property)
    ? property.initializer
    : ts.isShorthandPropertyAssignment(property)
      ? property.name
      : undefined;
  const type = INT_TYPES[op.type];
  if (!value || !type) return;
  const lowered = coerce(fe, lowerExpr(moduleScope(fe, property), value, type), type);
  if (lowered.type.kind === 'error') return;
  if (!isConstantExpr(lowered)) fe.report(notConstant(spanOf(value), `'${name}'`));
  fe.scheduler?.members.push({ name, value: lowered });
}

function callbackOf(fe: Frontend, property: ts.ObjectLiteralElementLike): FunctionNode | undefined {
  if (ts.isMethodDeclaration(property)) return property;
  if (ts.isShorthandPropertyAssignment(property)) {
    const symbol = fe.symbolOf(property.name);
    return symbol && functionDeclaration(fe, symbol);
  }
  if (!ts.isPropertyAssignment(property)) return undefined;
  const value = property.initializer;
  if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return value;
  const symbol = ts.isIdentifier(value) ? fe.symbolOf(value) : undefined;
  return symbol && functionDeclaration(fe, symbol);
}

function compileCallback(
  fe: Frontend,
  scheduler: string,
  op: OpsCallback,
  decl: FunctionNode,
): void {
  const types = op.params.map((p): CType => {
    const type = parseCType({ fe }, p.ctype);
    return type.kind === 'ptr' && p.nullable ? { ...type, nullable: true } : type;
  });
  const returns = parseCType({ fe }, op.returns);
  const fn = lowerFunction(fe, decl, {
    name: `${scheduler}_${op.name}`,
    paramTypes: types,
    returns,
  });
  const kind = op.sleepable ? 'struct_ops.s' : 'struct_ops';
  fe.programs.push({
    section: `${kind}/${op.name}`,
    fn,
    callback: op.name,
    kind: 'struct_ops',
    sleepable: op.sleepable,
    tsName: op.name,
    span: fn.span,
  });
}

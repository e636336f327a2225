import { ts } from 'ts-morph';
import { notConstant, tooManyCapture } from '../../diagnostics/catalogue/state.js';
import type { MapIr, ProgramIr, TimerIr } from '../../ir/module.js';
import { S32, U32, structOf, type StructDef } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { lowerFunction, type FunctionNode } from '../functions.js';
import { BUILTIN_STRUCTS } from '../structs.js';
import { spanOf } from '../program.js';
import { asValue, resolveType } from '../types.js';
import { moduleScope } from './globals.js';
import { later } from './later.js';
import { callbackNode } from '../builtins/callbacks.js';
import { planProgram, TRACING_KINDS } from './program-kinds.js';

export const PROGRAM_KINDS: ReadonlySet<string> = new Set(['timer', ...TRACING_KINDS]);

export function declareProgram(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  kind: string,
  call: ts.CallExpression,
): void {
  const scope = moduleScope(fe, call);
  const named = call.arguments[0] && ts.isStringLiteralLike(call.arguments[0]);
  const decl = callbackNode(scope, call.arguments[named ? 1 : 0]);
  if (!decl) {
    fe.report(tooManyCapture(spanOf(call)));
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  if (kind === 'timer') return declareTimer(fe, symbol, name, call, decl);
  fe.entities.set(symbol, { kind: 'error' });
  const owned = fe.owned();
  later(fe, () => {
    const before = fe.programs.length;
    compileProgram(fe, name, kind, call, decl);
    for (const program of fe.programs.slice(before)) Object.assign(program, owned);
  });
}

function declareTimer(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
  decl: FunctionNode,
): void {
  const span = spanOf(call);
  const timerStruct: StructDef = {
    name: 'scxts_timer',
    keyword: 'struct',
    kernel: false,
    builtin: true,
    field: () => undefined,
    fields: () => [
      {
        name: 'timer',
        type: { kind: 'struct', struct: BUILTIN_STRUCTS['Timer']! },
        readonly: true,
      },
    ],
  };
  const map: MapIr = {
    name: fe.claimState(name, span),
    tsName: name,
    ...fe.owned(),
    kind: 'timer',
    key: U32,
    value: { kind: 'struct', struct: timerStruct },
    maxEntries: 1n,
    perCpuSized: false,
    span,
  };
  fe.maps.push(map);
  const timer: TimerIr = { tsName: name, map };
  fe.timers.push(timer);
  fe.entities.set(symbol, { kind: 'timer', timer });
  later(fe, () => {
    const fn = lowerFunction(fe, decl, { name: `${map.name}_fired`, returns: { kind: 'void' } });
    fn.role = { kind: 'timer', timer };
    timer.fired = fn;
    fe.functions.push(fn);
  });
}

/** `{ optional: true, autoload: false }`, behind the callback. */
function programOptions(
  fe: Frontend,
  call: ts.CallExpression,
): Pick<ProgramIr, 'optional' | 'offByDefault'> {
  const options = call.arguments.at(-1);
  if (!options || !ts.isObjectLiteralExpression(options)) return {};
  const value = (name: string): boolean | undefined => {
    const property = options.properties.find((p) => p.name?.getText() === name);
    if (!property || !ts.isPropertyAssignment(property)) return undefined;
    const { kind } = property.initializer;
    if (kind === ts.SyntaxKind.TrueKeyword) return true;
    if (kind === ts.SyntaxKind.FalseKeyword) return false;
    fe.report(notConstant(spanOf(property.initializer), `'${name}' of a program`));
    return undefined;
  };
  return {
    ...(value('optional') ? { optional: true as const } : {}),
    ...(value('autoload') === false ? { offByDefault: true as const } : {}),
  };
}

function compileProgram(
  fe: Frontend,
  name: string,
  kind: string,
  call: ts.CallExpression,
  decl: FunctionNode,
): void {
  const plan = planProgram(fe, kind, call, decl);
  if (!plan) return;
  const fn = lowerFunction(fe, decl, {
    name,
    returns: kind === 'syscall' ? S32 : { kind: 'void' },
    paramTypes: plan.params,
  });
  const first = decl.parameters[0]?.type;
  const args = kind === 'syscall' && first && structOf(asValue(resolveType(fe, first)));
  fe.programs.push({
    section: plan.section,
    fn,
    kind: plan.kind,
    sleepable: kind === 'syscall',
    tsName: name,
    span: spanOf(call),
    ...(args ? { args } : {}),
    ...(plan.attach ? { attach: plan.attach } : {}),
    ...programOptions(fe, call),
  });
}

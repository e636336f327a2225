import { ts } from 'ts-morph';
import { unsupportedState } from '../../diagnostics/catalogue/state.js';
import { tooManyCapture } from '../../diagnostics/catalogue/state.js';
import type { MapIr } from '../../ir/module.js';
import { S32, U32, U64, pointerTo, structOf, type CType, type StructDef } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { lowerFunction, type FunctionNode } from '../functions.js';
import { BUILTIN_STRUCTS } from '../structs.js';
import { spanOf } from '../program.js';
import { asValue, resolveType } from '../types.js';
import { moduleScope } from './globals.js';
import { later } from './later.js';
import { callbackNode } from '../builtins/callbacks.js';
import { structByName } from '../builtins/c-types.js';

export const PROGRAM_KINDS: ReadonlySet<string> = new Set([
  'timer',
  'syscall',
  'tp_btf',
  'tracepoint',
  'fentry',
  'fexit',
  'kprobe',
  'kretprobe',
]);

export function declareProgram(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  kind: string,
  call: ts.CallExpression,
): void {
  const scope = moduleScope(fe, call);
  const named = kind !== 'timer' && kind !== 'syscall';
  const decl = callbackNode(scope, call.arguments[named ? 1 : 0]);
  if (!decl) {
    fe.report(tooManyCapture(spanOf(call)));
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  if (kind === 'timer') return declareTimer(fe, symbol, name, call, decl);
  fe.entities.set(symbol, { kind: 'error' });
  const target = call.arguments[0];
  const text = target && ts.isStringLiteralLike(target) ? target.text : '';
  later(fe, () => compileProgram(fe, name, kind, text, call, decl));
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
    name: fe.names.claim(name),
    tsName: name,
    kind: 'array',
    key: U32,
    value: { kind: 'struct', struct: timerStruct },
    maxEntries: 1n,
    perCpuSized: false,
    flags: [],
    uses: new Set(['timer']),
    span,
  };
  fe.maps.push(map);
  fe.entities.set(symbol, { kind: 'timer', map, callback: decl });
  later(fe, () => {
    const fn = lowerFunction(fe, decl, { name: `${map.name}_fired`, returns: { kind: 'void' } });
    fn.after = `static int ${map.name}_cb(void *map, u32 *key, struct scxts_timer *value)\n{\n\t${fn.name}();\n\treturn 0;\n}`;
    fe.functions.push(fn);
  });
}

function compileProgram(
  fe: Frontend,
  name: string,
  kind: string,
  target: string,
  call: ts.CallExpression,
  decl: FunctionNode,
): void {
  const span = spanOf(call);
  const first = decl.parameters[0];
  if (kind === 'syscall') {
    const type = first?.type && asValue(resolveType(fe, first.type));
    const args = type && structOf(type);
    const fn = lowerFunction(fe, decl, { name, returns: S32 });
    fe.programs.push({
      section: 'syscall',
      fn,
      kind: 'syscall',
      sleepable: true,
      tsName: name,
      span,
      ...(args ? { args } : {}),
    });
    return;
  }
  if (kind === 'tp_btf') {
    const types = tracepointTypes(fe, target, decl);
    const fn = lowerFunction(fe, decl, { name, paramTypes: types, returns: { kind: 'void' } });
    fe.programs.push({
      section: `tp_btf/${target}`,
      fn,
      kind: 'tracing',
      sleepable: false,
      tsName: name,
      span,
    });
    return;
  }
  if (kind === 'fentry' || kind === 'fexit') {
    // The program says the types of the arguments that it takes.
    const fn = lowerFunction(fe, decl, {
      name,
      paramTypes: decl.parameters.map(() => U64),
      returns: { kind: 'void' },
    });
    fe.programs.push({
      section: `${kind}/${target}`,
      fn,
      kind: 'tracing',
      sleepable: false,
      tsName: name,
      span,
    });
    return;
  }
  if (kind === 'tracepoint') {
    const struct = tracepointContext(fe, target);
    const context: CType = struct
      ? pointerTo({ kind: 'struct', struct }, 'any')
      : { kind: 'error' };
    const fn = lowerFunction(fe, decl, { name, paramTypes: [context], returns: { kind: 'void' } });
    fe.programs.push({
      section: `tp/${target}`,
      fn,
      kind: 'raw',
      sleepable: false,
      tsName: name,
      span,
    });
    return;
  }
  if (kind === 'kprobe' || kind === 'kretprobe') {
    const regs = pointerTo({ kind: 'struct', struct: structByName(fe, 'pt_regs') }, 'any');
    const fn = lowerFunction(fe, decl, { name, paramTypes: [regs], returns: { kind: 'void' } });
    fe.programs.push({
      section: `${kind}/${target}`,
      fn,
      kind: 'raw',
      sleepable: false,
      tsName: name,
      span,
    });
    return;
  }
  fe.report(
    unsupportedState(
      span,
      `${kind}()`,
      'this version of scxts has no code for it yet; tp_btf() sees the same events',
    ),
  );
}

/** The struct of a tracepoint's context. */
function tracepointContext(fe: Frontend, target: string): StructDef | undefined {
  for (const statement of languageInterfaces(fe, 'Tracepoints')) {
    const member = statement.members.find(
      (m) => m.name && ts.isStringLiteral(m.name) && m.name.text === target,
    );
    if (!member || !ts.isPropertySignature(member) || !member.type) continue;
    const type = resolveType(fe, member.type);
    if (type.kind === 'struct') return type.struct;
  }
  return undefined;
}

function languageInterfaces(fe: Frontend, name: string): ts.InterfaceDeclaration[] {
  return fe.loaded.program
    .getSourceFiles()
    .filter((file) => fe.isLanguageFile(file))
    .flatMap((file) =>
      file.statements.filter(
        (s): s is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(s) && s.name.text === name,
      ),
    );
}

/** The tracepoint's arguments, as scxts's declarations (from BTF) give them. */
function tracepointTypes(fe: Frontend, target: string, decl: FunctionNode): CType[] {
  for (const statement of languageInterfaces(fe, 'TpBtf')) {
    const member = statement.members.find((m) => m.name?.getText() === target);
    if (
      member &&
      ts.isPropertySignature(member) &&
      member.type &&
      ts.isTupleTypeNode(member.type)
    ) {
      return member.type.elements.map((e) =>
        asValue(resolveType(fe, ts.isNamedTupleMember(e) ? e.type : e)),
      );
    }
  }
  return decl.parameters.map(() => ({ kind: 'error' }));
}

import { ts } from 'ts-morph';
import {
  notConstant,
  typeArgumentNeeded,
  unsupportedState,
} from '../../diagnostics/catalogue/state.js';
import { MAP_KINDS, type MapKind } from '../../ir/map-kinds.js';
import type { MapIr } from '../../ir/module.js';
import { ERROR, S32, U32, U64, type CType, type Field, type StructDef } from '../../ir/types.js';
import type { Frontend } from '../context.js';
import { constantOf } from '../constant-of.js';
import { coerce } from '../convert.js';
import { lowerExpr } from '../expressions/index.js';
import { foldNode } from '../fold.js';
import { constant } from '../make.js';
import { spanOf } from '../program.js';
import { resolveType } from '../types.js';
import { declareComponent } from './components.js';
import { declareCollection, declareSpinLock } from './collections.js';
import { declareKernelVariable } from './kernel-variables.js';
import { declareMapOfMaps } from './maps-of-maps.js';
import { MAP_CONSTRUCTORS } from './constructors.js';
import { moduleScope } from './globals.js';
import { checkMap } from './map-rules.js';
import { declareProgram, PROGRAM_KINDS } from './programs.js';

type Declare = (
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
  node: ts.VariableDeclaration,
) => void;

const CONSTRUCTORS: Record<string, Declare> = {
  config: declareConfig,
  configArray: declareConfigArray,
  kconfig: declareKconfig,
  kernelPerCpu: declareKernelVariable,
  kernelVar: declareKernelVariable,
  counter: declareCounter,
  component: declareComponent,
  spinLock: declareSpinLock,
  list: declareCollection,
  arrayOfMaps: declareMapOfMaps,
  hashOfMaps: declareMapOfMaps,
  rbTree: declareCollection,
};

/** A module-level `const x = constructor(...)` of the language. */
export function declareState(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  builtin: string,
  call: ts.CallExpression,
  node: ts.VariableDeclaration,
): void {
  if (builtin !== 'component') name = fe.prefixed(name);
  // `const s = scheduler({...}); export default s;`: compiled as what the file exports.
  if (builtin === 'scheduler') return void fe.entities.set(symbol, { kind: 'error' });
  const map = MAP_CONSTRUCTORS.get(builtin);
  if (map) return declareMap(fe, symbol, name, builtin, map, call);
  const constructor = CONSTRUCTORS[builtin];
  if (constructor) return constructor(fe, symbol, name, call, node);
  if (PROGRAM_KINDS.has(builtin)) return declareProgram(fe, symbol, name, builtin, call);
  fe.report(
    unsupportedState(spanOf(call), `${builtin}()`, 'this version of scxts has no code for it yet'),
  );
  fe.entities.set(symbol, { kind: 'error' });
}

function helpText(call: ts.CallExpression, index: number): string {
  const argument = call.arguments[index];
  return argument && ts.isStringLiteralLike(argument) ? argument.text : '';
}

/** `config(false, 'help')`: bool; `config(5)`: u64; `config<u32>(5)`: as stated. */
function declareConfig(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const stated = call.typeArguments?.[0] && resolveType(fe, call.typeArguments[0]);
  const argument = call.arguments[0];
  const lowered = argument && lowerExpr(moduleScope(fe, call), argument, stated);
  if (!lowered || lowered.type.kind === 'error') {
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const negative = lowered.kind === 'const' && lowered.value < 0n;
  const own: CType =
    lowered.type.kind === 'untyped' || lowered.kind === 'enum'
      ? { ...U64, signed: negative }
      : lowered.type;
  const type = stated ?? own;
  const given = coerce(fe, lowered, type);
  const value = constantOf(fe, given);
  if (value === undefined) fe.report(notConstant(spanOf(call), `the default of '${name}'`));
  const init = value === undefined ? given : constant(value, given.type, given.span);
  const global = {
    name: fe.claimState(name, spanOf(call)),
    tsName: name,
    ...fe.owned(),
    type,
    init,
    storage: 'config' as const,
    help: helpText(call, 1),
    span: spanOf(call),
  };
  fe.globals.push(global);
  fe.entities.set(symbol, { kind: 'global', global });
}

function declareConfigArray(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const of = call.typeArguments?.[0] ? resolveType(fe, call.typeArguments[0]) : ERROR;
  const length = call.arguments[0] && foldNode(fe, call.arguments[0]);
  if (of.kind === 'error') fe.report(typeArgumentNeeded(spanOf(call), 'configArray', '<T>'));
  if (length === undefined) fe.report(notConstant(spanOf(call.arguments[0] ?? call), 'the length'));
  const type: CType = { kind: 'array', of, length: Number(length ?? 1n) };
  const global = {
    name: fe.claimState(name, spanOf(call)),
    tsName: name,
    ...fe.owned(),
    type,
    storage: 'configArray' as const,
    help: helpText(call, 1),
    span: spanOf(call),
  };
  fe.globals.push(global);
  fe.entities.set(symbol, { kind: 'global', global });
}

function declareKconfig(
  fe: Frontend,
  symbol: ts.Symbol,
  _name: string,
  call: ts.CallExpression,
): void {
  const type = call.typeArguments?.[0] ? resolveType(fe, call.typeArguments[0]) : U64;
  const option = helpText(call, 0);
  if (!/^CONFIG_\w+$/.test(option))
    fe.report(unsupportedState(spanOf(call), 'a kconfig option', "kconfig<u32>('CONFIG_HZ')"));
  fe.names.reserve(option);
  const global = {
    name: option,
    tsName: symbol.name,
    type,
    storage: 'kconfig' as const,
    span: spanOf(call),
  };
  fe.globals.push(global);
  fe.entities.set(symbol, { kind: 'global', global });
}

function declareCounter(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  call: ts.CallExpression,
): void {
  const span = spanOf(call);
  const counter = {
    name: fe.claimState(name, span),
    tsName: name,
    ...fe.owned(),
    help: helpText(call, 0),
    span,
  };
  fe.counters.push(counter);
  fe.entities.set(symbol, { kind: 'counter', counter });
}

function declareMap(
  fe: Frontend,
  symbol: ts.Symbol,
  name: string,
  builtin: string,
  kind: MapKind,
  call: ts.CallExpression,
): void {
  const span = spanOf(call);
  const { declared } = MAP_KINDS[kind];
  const wanted = declared?.types === 'key value' ? 2 : declared?.types === 'none' ? 0 : 1;
  const types = (call.typeArguments ?? []).map((t) => resolveType(fe, t));
  if (types.length < wanted) {
    fe.report(typeArgumentNeeded(span, builtin, wanted === 2 ? '<K, V>' : '<V>'));
    fe.entities.set(symbol, { kind: 'error' });
    return;
  }
  const [key, value] =
    wanted === 2
      ? [types[0], types[1]]
      : [undefined, kind === 'perfEvents' ? perfEventValue(fe) : types[0]];
  const size =
    declared?.size === 'none' ? 1n : call.arguments[0] && foldNode(fe, call.arguments[0]);
  if (size === undefined || size <= 0n)
    fe.report(notConstant(spanOf(call.arguments[0] ?? call), 'the size of a map'));
  const perCpuSized = call.arguments[0]?.getText() === 'NR_CPUS' && kind === 'array';
  const keyType = keyOf(kind, key);
  const map: MapIr = {
    name: fe.claimState(name, span),
    tsName: name,
    ...fe.owned(),
    kind,
    ...(keyType ? { key: keyType } : {}),
    ...(value ? { value } : {}),
    maxEntries: size ?? 1n,
    perCpuSized,
    span,
  };
  if (kind === 'arena') joinArenas(fe, map);
  checkMap(fe, map);
  fe.maps.push(map);
  fe.entities.set(symbol, { kind: 'map', map });
}

/** The verifier gives a program one arena: what it declares are parts of that. */
function joinArenas(fe: Frontend, map: MapIr): void {
  const first = fe.maps.find((m) => m.kind === 'arena');
  if (!first) return;
  map.part = { of: first };
  first.parts = [...(first.parts ?? [first]), map];
}

/** What a PMU counter gives: `struct bpf_perf_event_value` of linux/bpf.h. */
function perfEventValue(fe: Frontend): CType {
  const fields = ['counter', 'enabled', 'running'].map((name): Field => ({
    name,
    type: U64,
    readonly: true,
  }));
  const known = fe.structOrder.find((s) => s.name === 'bpf_perf_event_value');
  const struct: StructDef = known ?? {
    name: 'bpf_perf_event_value',
    keyword: 'struct',
    kernel: false,
    field: (name) => fields.find((f) => f.name === name),
    fields: () => fields,
  };
  if (!known) fe.structOrder.push(struct);
  return { kind: 'struct', struct };
}

function keyOf(kind: MapKind, stated: CType | undefined): CType | undefined {
  if (stated) return stated;
  switch (MAP_KINDS[kind].key) {
    case 'index':
      // Entries of an arena have no keys of their own.
      return kind === 'arena' ? undefined : U32;
    case 'task_struct':
    case 'cgroup':
      return S32;
    default:
      return undefined;
  }
}

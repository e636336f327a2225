import { ts } from 'ts-morph';
import { neverReturns, unknownEvent } from '../../diagnostics/catalogue/kernel.js';
import { unsupportedState } from '../../diagnostics/catalogue/state.js';
import type { ProgramIr } from '../../ir/module.js';
import { U64, pointerTo, type CType, type StructDef } from '../../ir/types.js';
import { syscallArguments } from '../../kernel/syscalls.js';
import { structByName } from '../builtins/c-types.js';
import type { Frontend } from '../context.js';
import { foldNode } from '../fold.js';
import type { FunctionNode } from '../functions.js';
import { spanOf } from '../program.js';
import { closest } from '../suggest.js';
import { asValue, resolveType } from '../types.js';

/** What the body of a program is compiled into. */
interface Plan {
  /** ELF section: tells libbpf the kind and the target. */
  section: string;
  kind: ProgramIr['kind'];
  /** Types of parameters that the program does not annotate. */
  params: CType[];
  /** What the loader needs besides the section, as a declaration tag. */
  attach?: string;
}

type Planner = (
  fe: Frontend,
  target: string,
  call: ts.CallExpression,
  decl: FunctionNode,
) => Plan | undefined;

const regs: (kind: string) => Planner = (kind) => (fe, target) => ({
  section: `${kind}/${target}`,
  kind: 'raw',
  params: [pointerTo({ kind: 'struct', struct: structByName(fe, 'pt_regs') }, 'any')],
});

/** noreturn_deny in kernel/bpf/verifier.c. */
const NEVER_RETURN = new Set([
  'do_exit',
  'do_group_exit',
  'kthread_complete_and_exit',
  'kthread_exit',
  'make_task_dead',
  '__module_put_and_kthread_exit',
  'rewind_stack_and_make_dead',
]);

const traced: (kind: string) => Planner = (kind) => (fe, target, call, decl) => {
  if (kind === 'fexit' && NEVER_RETURN.has(target)) {
    fe.report(neverReturns(spanOf(call.arguments[0] ?? call), target));
    return undefined;
  }
  const known = namedTypes(fe, 'TracedFunctions', target);
  const result = kind === 'fexit' ? resultType(fe, target) : undefined;
  return {
    section: `${kind}/${target}`,
    kind: 'tracing',
    params: known ? [...known, ...(result ? [result] : [])] : decl.parameters.map(() => U64),
  };
};

const PLANNERS: Readonly<Record<string, Planner>> = {
  syscall: () => ({ section: 'syscall', kind: 'syscall', params: [] }),
  tp_btf: (fe, target, call, decl) => ({
    section: `tp_btf/${target}`,
    kind: 'tracing',
    params: eventTypes(fe, target, call, decl),
  }),
  raw_tp: (fe, target, call, decl) => ({
    section: `raw_tp/${target}`,
    kind: 'rawTracepoint',
    params: eventTypes(fe, target, call, decl),
  }),
  fentry: traced('fentry'),
  fexit: traced('fexit'),
  tracepoint: (fe, target) => {
    const struct = tracepointContext(fe, target);
    return {
      section: `tp/${target}`,
      kind: 'raw',
      // The record of one that is not listed is what the program says.
      params: struct ? [pointerTo({ kind: 'struct', struct }, 'any')] : [],
    };
  },
  iter: (fe, target) => ({
    section: `iter/${target}`,
    kind: 'iterator',
    params: namedTypes(fe, 'Iterators', target) ?? [{ kind: 'error' }, { kind: 'error' }],
  }),
  kprobe: regs('kprobe'),
  kretprobe: regs('kretprobe'),
  perf_event: planPerfEvent,
};

export const TRACING_KINDS: readonly string[] = Object.keys(PLANNERS);

export function planProgram(
  fe: Frontend,
  kind: string,
  call: ts.CallExpression,
  decl: FunctionNode,
): Plan | undefined {
  const target = call.arguments[0];
  const text = target && ts.isStringLiteralLike(target) ? target.text : '';
  return PLANNERS[kind]?.(fe, text, call, decl);
}

const MAX_FREQUENCY = 100_000n;

/** `perf_event('cpu-clock', callback, { freq: 99 })`: a sampling event on each CPU. */
function planPerfEvent(fe: Frontend, target: string, call: ts.CallExpression): Plan | undefined {
  const options = call.arguments[ts.isStringLiteralLike(call.arguments[0] ?? call) ? 2 : 1];
  const values = new Map<string, bigint>();
  if (options && ts.isObjectLiteralExpression(options)) {
    for (const property of options.properties) {
      const value = ts.isPropertyAssignment(property) && foldNode(fe, property.initializer);
      if (typeof value === 'bigint') values.set(property.name?.getText() ?? '', value);
    }
  }
  const period = values.get('period');
  const freq = values.get('freq') ?? 99n;
  if ((period ?? 1n) <= 0n || freq <= 0n || freq > MAX_FREQUENCY) {
    fe.report(
      unsupportedState(
        spanOf(options ?? call),
        'a sampling rate out of range',
        '{ freq: 1...100000 } samples a second, or { period: n } events between two samples',
      ),
    );
    return undefined;
  }
  const struct = structByName(fe, 'bpf_perf_event_data');
  return {
    section: 'perf_event',
    kind: 'raw',
    params: [pointerTo({ kind: 'struct', struct }, 'any')],
    attach: `perf_event=${target || 'cpu-clock'},${period === undefined ? `freq=${freq}` : `period=${period}`}`,
  };
}

/** The struct of a tracepoint's context. */
function tracepointContext(fe: Frontend, target: string): StructDef | undefined {
  // All system calls have the same record.
  const listed = target.replace(/^syscalls\/(sys_(?:enter|exit))_.*$/, 'raw_syscalls/$1');
  for (const statement of languageInterfaces(fe, 'Tracepoints')) {
    const member = statement.members.find(
      (m) => m.name && ts.isStringLiteral(m.name) && m.name.text === listed,
    );
    if (!member || !ts.isPropertySignature(member) || !member.type) continue;
    const type = resolveType(fe, member.type);
    if (type.kind !== 'struct') continue;
    const call = /^syscalls\/sys_enter_(\w+)$/.exec(target)?.[1];
    const names = call === undefined ? undefined : syscallArguments(call);
    if (!names) return type.struct;
    return { ...type.struct, elements: { of: 'args', at: new Map(names.map((n, i) => [n, i])) } };
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

/** The arguments of an event; of one that is not listed, what the program says. A name that is near a listed one is a slip. */
function eventTypes(
  fe: Frontend,
  target: string,
  call: ts.CallExpression,
  decl: FunctionNode,
): CType[] {
  const known = namedTypes(fe, 'TpBtf', target);
  if (known) return known;
  const listed = languageInterfaces(fe, 'TpBtf').flatMap((i) =>
    i.members.map((m) => m.name?.getText() ?? ''),
  );
  const options = call.arguments.at(-1);
  const isOptional = options && ts.isObjectLiteralExpression(options);
  const near = isOptional ? undefined : closest(target, listed);
  if (near) fe.report(unknownEvent(spanOf(call.arguments[0] ?? call), target, near));
  return decl.parameters.map(() => U64);
}

/** The arguments of a tracepoint or function, as scxts's declarations (from BTF) give them. */
function namedTypes(fe: Frontend, table: string, target: string): CType[] | undefined {
  for (const statement of languageInterfaces(fe, table)) {
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
  return undefined;
}

function resultType(fe: Frontend, target: string): CType | undefined {
  for (const statement of languageInterfaces(fe, 'TracedResults')) {
    const member = statement.members.find((m) => m.name?.getText() === target);
    if (member && ts.isPropertySignature(member) && member.type)
      return resolveType(fe, member.type);
  }
  return undefined;
}

import { layoutOf } from '../../ir/layout.js';
import { structOf } from '../../ir/types.js';
import Handlebars from 'handlebars';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MAP_KINDS } from '../../ir/map-kinds.js';
import { answered, combinations, questionsIn, valueWhere } from '../../ir/kernel-constant.js';
import type { Expr } from '../../ir/nodes.js';
import type { GlobalIr, ModuleIr } from '../../ir/module.js';
import type { Field } from '../../ir/types.js';
import { enumByName } from '../../kernel/index.js';
import { OPS, type OpsCallback } from '../../kernel/ops.js';
import { prepareForBpf } from '../../passes/index.js';
import { packageRoot } from '../../root.js';
import { declareC, declareKptr } from './c-type.js';
import { kernelNames } from './compat/index.js';
import { bareInit, printExpr, unconverted, type ExprContext } from './expr.js';
import { kernelSections } from './kernel-functions.js';
import { KernelUses } from './kernel-types.js';
import { printBody } from './programs.js';
import { inComment } from '../comment.js';
import { cString } from './c-string.js';
import { LineWriter } from './lines.js';
import { collectionAccessors, objectFunctions } from './collections.js';
import { variableAccessors, variableDeclarations } from './kernel-variables.js';
import { mapAccessors, mapDefinition } from './maps.js';
import { halfSpecifier } from '../skeleton/components.js';
import { ARENA_LOCK_STRUCT, hasArenaLock } from './arenas.js';
import { hasSpecialField } from './special-fields.js';
import { userStructDefinition } from './structs.js';
import { Requests } from './requests.js';
import { nameTag } from './name-tag.js';
import { supportFor } from './support.js';
import { TIMER_STRUCT } from './timers.js';

export interface EmitOptions {
  /** Folder of the C file: paths in `#line` are relative to it. */
  directory: string;
  /** Name of the C file. */
  ownName: string;
  version: string;
}

const EXIT_FIELDS: Field[] = [
  {
    name: 'kind',
    type: { kind: 'int', bits: 32, signed: false, enumName: 'scx_exit_kind' },
    readonly: true,
  },
  { name: 'exit_code', type: { kind: 'int', bits: 64, signed: true }, readonly: true },
  { name: 'reason', type: { kind: 'string' }, readonly: true },
  { name: 'bt', type: { kind: 'opaque' }, readonly: true },
  { name: 'bt_len', type: { kind: 'int', bits: 32, signed: false }, readonly: true },
  { name: 'msg', type: { kind: 'opaque', text: true }, readonly: true },
  { name: 'dump', type: { kind: 'opaque', text: true }, readonly: true },
];

/** Kinds of maps as `enum bpf_map_type` numbers them. */
const MAP_TYPES = [...new Map(Object.values(MAP_KINDS).map(({ bpf }) => bpf))]
  .map(([name, value]) => ({ name, value }))
  .sort((a, b) => a.value - b.value);

/** The whole C file of a scheduler. */
export function emitModule(module: ModuleIr, options: EmitOptions): string {
  prepareForBpf(module);
  const uses = new KernelUses(module);
  const exitFields = uses.struct('scx_exit_info');
  for (const field of EXIT_FIELDS) exitFields.set(field.name, field);
  for (const op of usedCallbacks(module)) {
    // Also of parameters that the program leaves out.
    for (const { ctype } of op.params) {
      const struct = /struct (\w+)/.exec(ctype)?.[1];
      if (struct) uses.struct(struct);
    }
  }
  const requests = new Requests();
  const body = new LineWriter(options.directory, options.ownName);
  printBody(module, body, requests);
  const allocated = new Set(module.allocated);
  const accessors = [
    ...objectFunctions(module),
    ...module.maps.flatMap((m) => mapAccessors(m, allocated, requests)),
    ...module.collections.flatMap((c) => collectionAccessors(c, requests)),
    ...module.kernelVariables.flatMap((v) => variableAccessors(v, requests)),
  ];
  const context = constants(requests);
  const macros = module.macros.map((m) => ({ name: m.name, value: macroText(m.value, context) }));
  const globals = [
    ...module.globals.map((g) => globalText(g, context)),
    ...describedStructs(module),
  ];
  const ops = opsText(module, context);
  const kernel = kernelSections(uses, requests, module.minKernel);
  const view = {
    name: module.scheduler.name,
    version: options.version,
    source: inComment(basename(module.source)),
    ownName: inComment(options.ownName),
    ownPath: cString(options.ownName),
    allocates: module.allocated.length > 0,
    graph:
      module.collections.length > 0 ||
      module.structs.some((s) => s.fields().some((f) => f.contains)),
    canLoop: requests.features.has('can_loop'),
    range: requests.features.has('range'),
    format: requests.features.has('format'),
    mapTypes: MAP_TYPES,
    enums: enumSections(uses),
    kernelStructs: kernel.structs,
    callbacks: callbackMembers(module),
    callbackStructs: callbackStructs(module),
    extraMembers: extraMembers(module),
    dumpLength: dumpLength(module),
    sections: {
      structs: userStructs(module),
      externs: [...kernel.externs, ...variableDeclarations(module.kernelVariables)],
      wrappers: kernel.wrappers,
      macros,
      globals,
      halves: module.components.map((c) => ({
        name: c.name,
        specifier: cString(halfSpecifier(c, options.directory) ?? ''),
      })),
      counters: module.counters.map((c) => ({
        name: c.name,
        help: cString(c.help),
        tag: nameTag(c),
      })),
      maps: module.maps.map((m) => mapDefinition(m, requests)),
      support: supportFor(requests.support),
      accessors,
    },
  };
  const template = Handlebars.compile(
    readFileSync(join(packageRoot(), 'templates', 'scheduler.bpf.c.hbs'), 'utf8'),
    { noEscape: true },
  );
  const prelude = template(view).replace(/\n{3,}/g, '\n\n');
  const front = new LineWriter(options.directory, options.ownName);
  front.own(prelude.trimEnd());
  return front.toString() + body.toString(prelude.trimEnd().split('\n').length) + ops;
}

/** Bytes of the debug dump: what the scheduler asks for, or the kernel's default. */
function dumpLength(module: ModuleIr): number {
  const asked = module.scheduler.members.find((m) => m.name === 'exit_dump_len')?.value;
  return asked?.kind === 'const' && asked.value > 0n ? Number(asked.value) : 32768;
}

function constants(requests: Requests): ExprContext {
  return {
    requests,
    block: () => {
      throw new Error('a block in a constant');
    },
  };
}

/** A constant for initialisers of data, where CO-RE cannot reach: enum values as of the newest kernel. */
function staticText(expr: Expr, c: ExprContext): string {
  const plain = (e: Expr): Expr => {
    if (e.kind === 'enum') return { ...e, name: `${e.name}___v` };
    if (e.kind === 'binary') return { ...e, left: plain(e.left), right: plain(e.right) };
    if (e.kind === 'unary') return { ...e, operand: plain(e.operand) };
    if (e.kind === 'cast' || e.kind === 'convert') return { ...e, value: plain(e.value) };
    if (e.kind === 'constant') return plain(e.constant.value);
    if (e.kind === 'init')
      return { ...e, fields: e.fields.map((f) => ({ ...f, value: plain(f.value) })) };
    return e;
  };
  const done = plain(unconverted(expr));
  return done.kind === 'init' ? bareInit(done, c) : printExpr(done, c);
}

function macroText(expr: Expr, c: ExprContext): string {
  const text = printExpr(expr, c);
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}

function globalText(global: GlobalIr, c: ExprContext): string {
  const init = global.init ? ` = ${staticText(global.init, c)}` : '';
  const declared = (name: string): string => declareC(global.type, name);
  switch (global.storage) {
    case 'config':
      return `const volatile ${declared(global.name)} __scxts("config=${cString(global.help ?? '')}")${nameTag(global)}${init};`;
    case 'configArray':
      return `const volatile ${declared(global.name)} __scxts("configArray=${cString(global.help ?? '')}")${nameTag(global)} = {};`;
    case 'table':
      return `static const ${declared(global.name)}${init};`;
    case 'kconfig':
      return `extern ${declared(global.name)} __kconfig;`;
    default: {
      // Kernel objects must not be mapped into userspace: only a section of hidden variables is not.
      const hidden =
        global.kptr || (global.type.kind === 'struct' && global.type.struct.builtin)
          ? ` SEC(".data.${global.kptr ? 'scxts_kptr' : (global.section ?? global.name)}") __hidden __attribute__((aligned(8)))`
          : '';
      const contains = global.contains
        ? ` __contains(${global.contains.struct.name}, ${global.contains.node})`
        : '';
      const isZero =
        !global.init ||
        global.init.kind === 'null' ||
        (global.init.kind === 'const' && global.init.value === 0n) ||
        (global.init.kind === 'init' && global.init.fields.length === 0);
      const { align } = layoutOf(global.type);
      const aligned = align > 8 && !hidden ? ` __attribute__((aligned(${align})))` : '';
      return `${global.kptr ? declareKptr(global.type, global.name) : declared(global.name)}${hidden}${aligned}${contains}${nameTag(global)}${isZero ? '' : init};`;
    }
  }
}

/**
 * Structs that the kernel must find in BTF, where clang may put no more than their names: what lists and trees
 * hold (without it they are none), and what kptrs of map values lead to (they would be mere numbers).
 */
function describedStructs(module: ModuleIr): string[] {
  const names = new Set<string>();
  for (const { contains } of module.globals) if (contains) names.add(contains.struct.name);
  for (const struct of module.structs)
    for (const { kptr, type, contains } of struct.fields()) {
      if (contains) names.add(contains.struct.name);
      if (kptr) {
        const to = structOf(type.kind === 'array' ? type.of : type);
        if (to) names.add(to.name);
      }
    }
  const variables = [...names].map((name) => `struct ${name} *scxts_described_${name};`);
  return variables.length > 0
    ? [
        `/* Puts whole structs into BTF, where the kernel looks for them. */\n${variables.join('\n')}`,
      ]
    : [];
}

function userStructs(module: ModuleIr): string[] {
  const hidesBits = module.structs.some((s) => hasSpecialField({ kind: 'struct', struct: s }));
  return [
    ...(module.timers.length > 0 ? [TIMER_STRUCT] : []),
    ...(module.structs.some(hasArenaLock) ? [ARENA_LOCK_STRUCT] : []),
    ...module.structs
      .filter((s) => s.fields().length > 0)
      .map((s) => userStructDefinition(s, { allocated: module.allocated.includes(s), hidesBits })),
  ];
}

function enumSections(
  uses: KernelUses,
): { name: string; values: { name: string; value: string; enumName: string }[] }[] {
  const byEnum = new Map<string, { name: string; value: string; enumName: string }[]>();
  for (const [name, enumName] of [...uses.enums].sort()) {
    const value = enumByName(name)?.value ?? 0n;
    const text = value > 0x7fffffffn ? `0x${value.toString(16)}ULL` : value.toString();
    byEnum.set(enumName, [...(byEnum.get(enumName) ?? []), { name, value: text, enumName }]);
  }
  return [...byEnum].map(([name, values]) => ({ name, values }));
}

function callbackPrototype(op: OpsCallback, name: string): string {
  const params =
    op.params.map((p) => `${p.ctype}${p.ctype.endsWith('*') ? '' : ' '}${p.name}`).join(', ') ||
    'void';
  return `${op.returns} (*${name})(${params})`;
}

function usedCallbacks(module: ModuleIr): OpsCallback[] {
  const used = new Set([...module.programs.flatMap((p) => p.callback ?? []), 'exit']);
  return OPS.filter((o): o is OpsCallback => o.kind === 'callback' && used.has(o.name));
}

function callbackMembers(module: ModuleIr): string[] {
  return usedCallbacks(module).map((op) =>
    callbackPrototype(op, op.name).replace(/const struct/g, 'struct'),
  );
}

/** Structs that only prototypes of callbacks mention. */
function callbackStructs(module: ModuleIr): string[] {
  const found = callbackMembers(module)
    .join()
    .match(/(?<=\bstruct )\w+/g);
  return [...new Set(found)].sort();
}

const ALWAYS = new Set([
  'dispatch_max_batch',
  'flags',
  'timeout_ms',
  'exit_dump_len',
  'hotplug_seq',
  'name',
]);

function extraMembers(module: ModuleIr): string[] {
  return module.scheduler.members
    .filter((m) => !ALWAYS.has(m.name))
    .map((m) => `${m.name === 'sub_cgroup_id' ? 'u64' : 'u32'} ${m.name}`);
}

/** The values of a member that depends on the kernel, for the loader: docs/object-format.md. */
function memberTag({ name, value }: ModuleIr['scheduler']['members'][number]): string {
  const questions = questionsIn(value);
  if (questions.length === 0) return '';
  const values = combinations(questions).map((holds) => valueWhere(value, holds));
  const asked = questions.map((q) =>
    q.kind === 'enum' ? `enum ${q.enumName} ${q.name}` : `func ${kernelNames(q.name).join(' ')}`,
  );
  return `__scxts("${[`member=${name}`, values.join(' '), ...asked].join('; ')}")`;
}

function opsText(module: ModuleIr, c: ExprContext): string {
  const { name, members } = module.scheduler;
  const lines = usedCallbacks(module).map((op) => `\t.${op.name} = (void *)${name}_${op.name},`);
  for (const { name, value } of members)
    lines.push(`\t.${name} = ${staticText(answered(value, new Set()), c)},`);
  lines.push(`\t.name = "${name}",`);
  const tags = members.map(memberTag).filter((tag) => tag !== '');
  const tagged = tags.length > 0 ? `\n${tags.join('\n')} ` : ' ';
  return `SEC(".struct_ops.link")${tagged.trimEnd()}\nstruct sched_ext_ops ${name}_ops = {\n${lines.join('\n')}\n};\n`;
}

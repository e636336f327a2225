import Handlebars from 'handlebars';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Expr } from '../ir/nodes.js';
import type { FunctionIr, GlobalIr, ModuleIr, ProgramIr } from '../ir/module.js';
import type { Field } from '../ir/types.js';
import { enumByName, kernelFunction } from '../kernel/index.js';
import { OPS, type OpsCallback } from '../kernel/ops.js';
import type { KernelFunction } from '../kernel/types.js';
import { packageRoot } from '../root.js';
import { declareC, declareKptr, typeName } from './c-type.js';
import { bareInit, printExpr, type ExprContext } from './expr.js';
import { fieldEnums, kernelStructs, KernelUses } from './kernel-types.js';
import { LineWriter } from './lines.js';
import { mapAccessors, mapDefinition } from './maps.js';
import { StatementPrinter } from './stmt.js';
import { userStructDefinition } from './structs.js';
import { supportFor } from './support.js';

export interface EmitOptions {
  /** Folder of the C file: paths in `#line` are relative to it. */
  directory: string;
  /** Name of the C file. */
  ownName: string;
  version: string;
}

const EXIT_FIELDS: Field[] = [
  { name: 'kind', type: { kind: 'int', bits: 32, signed: false, enumName: 'scx_exit_kind' }, readonly: true },
  { name: 'exit_code', type: { kind: 'int', bits: 64, signed: true }, readonly: true },
  { name: 'reason', type: { kind: 'opaque', ctype: 'const char *' }, readonly: true },
  { name: 'bt', type: { kind: 'opaque', ctype: 'u64 *' }, readonly: true },
  { name: 'bt_len', type: { kind: 'int', bits: 32, signed: false }, readonly: true },
  { name: 'msg', type: { kind: 'opaque', ctype: 'char *' }, readonly: true },
  { name: 'dump', type: { kind: 'opaque', ctype: 'char *' }, readonly: true },
];

/** The whole C file of a scheduler. */
export function emitModule(module: ModuleIr, options: EmitOptions): string {
  const uses = new KernelUses(module);
  const exitFields = uses.struct('scx_exit_info');
  for (const field of EXIT_FIELDS) exitFields.set(field.name, field);
  const code = new LineWriter(options.directory, options.ownName);
  // User code is printed first into a writer of its own, to learn what support it needs.
  const body = printBody(module, code);
  const maps = module.maps.flatMap((m) => mapAccessors(m));
  const text = body + maps.join('\n');
  const kernel = kernelSections(uses, text);
  const view = {
    name: module.scheduler.name,
    version: options.version,
    source: basename(module.source),
    ownName: options.ownName,
    canLoop: /\bcan_loop\b/.test(body),
    numIter: /\b(scxts_for|scxts_each_cpu)\b/.test(text),
    format: /\bscx_bpf_(error|exit|dump)\(/.test(body),
    enums: enumSections(uses),
    kernelStructs: kernel.structs,
    callbacks: callbackMembers(module),
    extraMembers: extraMembers(module),
    dumpLength: dumpLength(module),
    sections: {
      structs: userStructs(module, text),
      externs: kernel.externs,
      wrappers: kernel.wrappers,
      macros: module.macros.map((m) => ({ name: m.name, value: macroText(m.value) })),
      globals: module.globals.map((g) => globalText(g, module)),
      counters: module.counters.map((c) => ({ name: c.name, help: cString(c.help) })),
      maps: module.maps.map((m) => mapDefinition(m)),
      support: supportFor(text),
      accessors: maps,
    },
  };
  const template = Handlebars.compile(readFileSync(join(packageRoot(), 'templates', 'scheduler.bpf.c.hbs'), 'utf8'), { noEscape: true });
  const prelude = template(view).replace(/\n{3,}/g, '\n\n');
  const writer = new LineWriter(options.directory, options.ownName);
  writer.own(prelude.trimEnd());
  return writer.toString() + printBody(module, new LineWriter(options.directory, options.ownName, prelude.trimEnd().split('\n').length)) + opsText(module);
}

/** Bytes of the debug dump: what the scheduler asks for, or the kernel's default. */
function dumpLength(module: ModuleIr): number {
  const asked = module.scheduler.members.find((m) => m.name === 'exit_dump_len')?.value;
  return asked?.kind === 'const' && asked.value > 0n ? Number(asked.value) : 32768;
}

const STATIC: ExprContext = {
  block: () => {
    throw new Error('a block in a constant');
  },
};

/** A constant for initialisers of data, where CO-RE cannot reach: enum values as of the newest kernel. */
function staticText(expr: Expr, module: ModuleIr): string {
  const plain = (e: Expr): Expr => {
    if (e.kind === 'enum') return { ...e, name: `${e.name}___v` };
    if (e.kind === 'binary') return { ...e, left: plain(e.left), right: plain(e.right) };
    if (e.kind === 'unary') return { ...e, operand: plain(e.operand) };
    if (e.kind === 'cast') return { ...e, value: plain(e.value) };
    if (e.kind === 'var') {
      const macro = module.macros.find((m) => m.name === e.name);
      return macro ? plain(macro.value) : e;
    }
    if (e.kind === 'init') return { ...e, fields: e.fields.map((f) => ({ ...f, value: plain(f.value) })) };
    return e;
  };
  const done = plain(expr);
  return done.kind === 'init' ? bareInit(done, STATIC) : printExpr(done, STATIC);
}

function macroText(expr: Expr): string {
  const text = printExpr(expr, STATIC);
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}

function cString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function globalText(global: GlobalIr, module: ModuleIr): string {
  const init = global.init ? ` = ${staticText(global.init, module)}` : '';
  const declared = (name: string): string => declareC(global.type, name);
  switch (global.storage) {
    case 'config':
      return `const volatile ${declared(global.name)} __scxts("config=${cString(global.help ?? '')}")${init};`;
    case 'configArray':
      return `const volatile ${declared(global.name)} __scxts("configArray=${cString(global.help ?? '')}") = {};`;
    case 'table':
      return `static const ${declared(global.name)}${init};`;
    case 'kconfig':
      return `extern ${declared(global.name)} __kconfig;`;
    default: {
      // Kernel objects must not be mapped into userspace: only a section of hidden variables is not.
      const hidden = global.kptr || (global.type.kind === 'struct' && global.type.struct.builtin) ? ` SEC(".data.${global.kptr ? 'scxts_kptr' : global.name}") __hidden __attribute__((aligned(8)))` : '';
      const isZero = !global.init || global.init.kind === 'null' || (global.init.kind === 'const' && global.init.value === 0n) || (global.init.kind === 'init' && global.init.fields.length === 0);
      return `${global.kptr ? declareKptr(global.type, global.name) : declared(global.name)}${hidden}${isZero ? '' : init};`;
    }
  }
}

function userStructs(module: ModuleIr, text: string): string[] {
  const timer = /\bscxts_timer\b/.test(text) ? ['struct scxts_timer {\n\tstruct bpf_timer timer;\n};'] : [];
  return [...timer, ...module.structs.filter((s) => s.fields().length > 0).map((s) => userStructDefinition(s))];
}

function enumSections(uses: KernelUses): { name: string; values: { name: string; value: string; enumName: string }[] }[] {
  const byEnum = new Map<string, { name: string; value: string; enumName: string }[]>();
  for (const [name, enumName] of [...uses.enums].sort()) {
    const value = enumByName(name)?.value ?? 0n;
    const text = value > 0x7fffffffn ? `0x${value.toString(16)}ULL` : value.toString();
    byEnum.set(enumName, [...(byEnum.get(enumName) ?? []), { name, value: text, enumName }]);
  }
  return [...byEnum].map(([name, values]) => ({ name, values }));
}

/** `extern` declarations and compat wrappers of the kernel functions that the program calls. */
function kernelSections(uses: KernelUses, text: string): { structs: string[]; externs: string[]; wrappers: string[] } {
  const externs = new Set<string>();
  const wrappers: string[] = [];
  const plainStructs: string[] = [];
  const cleanups = [...text.matchAll(/\bscxts_cleanup_((?:bpf|scx_bpf)_\w+)/g)].map((m) => m[1]!);
  if (/\bscxts_each_cpu\b/.test(text)) {
    externs.add('u32 scx_bpf_nr_cpu_ids(void) __ksym __weak;');
    externs.add('bool bpf_cpumask_test_cpu(u32 cpu, const struct cpumask *cpumask) __ksym __weak;');
    uses.struct('cpumask');
  }
  for (const name of new Set([...uses.functions, ...uses.tested])) {
    const fn = kernelFunction(name);
    if (!fn) continue;
    noteStructs(uses, fn);
    for (const line of fn.externs ?? []) {
      externs.add(line);
      for (const m of line.matchAll(/struct (\w+)/g)) if (!isArgs(m[1]!)) uses.struct(m[1]!);
    }
    for (const struct of fn.structs ?? []) {
      if (!struct.startsWith('scx:')) plainStructs.push(struct);
      else noteScxField(uses, struct.split('.').pop()!);
    }
    if (fn.c && !wrappers.includes(fn.c)) wrappers.push(fn.c);
    if (fn.kind === 'kfunc' && !fn.wrapper) externs.add(externText(fn));
  }
  for (const release of new Set(cleanups)) {
    const type = RELEASED[release];
    if (release === 'bpf_rcu_read_unlock') {
      externs.add('void bpf_rcu_read_unlock(void) __ksym __weak;');
      wrappers.push('static __always_inline void scxts_cleanup_bpf_rcu_read_unlock(s32 *unused)\n{\n\tbpf_rcu_read_unlock();\n}');
      continue;
    }
    if (!type) continue;
    uses.struct(type);
    externs.add(`void ${release}(${type === 'cpumask' ? 'const ' : ''}struct ${type} *p) __ksym __weak;`);
    wrappers.push(`static __always_inline void scxts_cleanup_${release}(struct ${type} **p)\n{\n\tif (*p)\n\t\t${release}(*p);\n}`);
  }
  return { structs: [...plainStructs, ...fieldEnums(uses), ...kernelStructs(uses)], externs: [...externs], wrappers };
}

const RELEASED: Record<string, string> = {
  bpf_task_release: 'task_struct', bpf_cgroup_release: 'cgroup', bpf_cpumask_release: 'bpf_cpumask',
  scx_bpf_put_cpumask: 'cpumask', scx_bpf_put_idle_cpumask: 'cpumask',
};

function isArgs(name: string): boolean {
  return name.endsWith('_args');
}

function noteScxField(uses: KernelUses, field: string): void {
  const entity = uses.struct('sched_ext_entity');
  const u64 = { kind: 'int', bits: 64, signed: false } as const;
  if (!entity.has(field)) entity.set(field, { name: field, type: u64, readonly: false });
  const task = uses.struct('task_struct');
  if (!task.has('scx')) {
    const def = { name: 'sched_ext_entity', keyword: 'struct' as const, kernel: true, field: () => undefined, fields: () => [] };
    task.set('scx', { name: 'scx', type: { kind: 'struct', struct: def }, readonly: true });
  }
}

function noteStructs(uses: KernelUses, fn: KernelFunction): void {
  for (const ctype of [fn.returns.ctype, ...fn.params.map((p) => p.ctype)]) {
    const struct = /struct (\w+)/.exec(ctype);
    if (struct) uses.struct(struct[1]!);
  }
}

function externText(fn: KernelFunction): string {
  const params = fn.params.map((p) => `${p.ctype}${p.ctype.endsWith('*') ? '' : ' '}${p.name}`).join(', ') || 'void';
  const returns = fn.returns.ctype.replace(/\bconst /, '');
  return `${returns}${returns.endsWith('*') ? '' : ' '}${fn.name}(${params}) __ksym __weak;`;
}

function callbackPrototype(op: OpsCallback, name: string): string {
  const params = op.params.map((p) => `${p.ctype}${p.ctype.endsWith('*') ? '' : ' '}${p.name}`).join(', ') || 'void';
  return `${op.returns} (*${name})(${params})`;
}

function usedCallbacks(module: ModuleIr): OpsCallback[] {
  const used = new Set([...module.programs.flatMap((p) => p.callback ?? []), 'exit']);
  return OPS.filter((o): o is OpsCallback => o.kind === 'callback' && used.has(o.name));
}

function callbackMembers(module: ModuleIr): string[] {
  return usedCallbacks(module).map((op) => callbackPrototype(op, op.name).replace(/const struct/g, 'struct'));
}

const ALWAYS = new Set(['dispatch_max_batch', 'flags', 'timeout_ms', 'exit_dump_len', 'hotplug_seq', 'name']);

function extraMembers(module: ModuleIr): string[] {
  return module.scheduler.members
    .filter((m) => !ALWAYS.has(m.name))
    .map((m) => `${m.name === 'sub_cgroup_id' ? 'u64' : 'u32'} ${m.name}`);
}

function printBody(module: ModuleIr, out: LineWriter): string {
  const printer = new StatementPrinter(out);
  for (const fn of reachable(module)) printFunction(fn, out, printer);
  for (const program of module.programs) printProgram(program, module, out, printer);
  if (!module.programs.some((p) => p.callback === 'exit')) {
    out.own(`\nSEC("struct_ops.s/exit")\nvoid BPF_PROG(${module.scheduler.name}_exit, struct scx_exit_info *info)\n{\n\tscxts_record_exit(info);\n}`);
  }
  out.own('');
  return out.toString();
}

/** Functions that some program calls, callees first. */
function reachable(module: ModuleIr): FunctionIr[] {
  const used = new Set<FunctionIr>();
  const visit = (fn: FunctionIr): void => {
    for (const call of fn.calls) {
      if (call.target.kind !== 'function' || used.has(call.target.fn)) continue;
      used.add(call.target.fn);
      visit(call.target.fn);
    }
  };
  module.programs.forEach((p) => visit(p.fn));
  // Callbacks are reached by address.
  for (const fn of module.functions) {
    if (!fn.after) continue;
    used.add(fn);
    visit(fn);
  }
  return module.functions.filter((fn) => used.has(fn));
}

function paramList(fn: FunctionIr): string {
  return fn.params.map((p) => declareC(p.type, p.name)).join(', ') || 'void';
}

function printFunction(fn: FunctionIr, out: LineWriter, printer: StatementPrinter): void {
  out.own('');
  if (fn.before) out.own(userStructDefinition(fn.before) + '\n');
  const attributes = fn.noinline ? 'static __noinline' : 'static __always_inline';
  const returns = typeName(fn.returns);
  out.user(fn.span, `${attributes} ${returns}${returns.endsWith('*') ? '' : ' '}${fn.name}(${paramList(fn)})`);
  printFunctionBody(fn, out, printer);
  if (fn.after) {
    const key = fn.afterTypes?.key ? typeName(fn.afterTypes.key) : '';
    const value = fn.afterTypes?.value ? typeName(fn.afterTypes.value) : '';
    out.own('\n' + fn.after.replace(/\$key/g, key).replace(/\$value/g, value));
  }
}

function printFunctionBody(fn: FunctionIr, out: LineWriter, printer: StatementPrinter, first?: string): void {
  out.user({ ...fn.span, line: -1 }, '{');
  out.nest(() => {
    if (first) out.user({ ...fn.span, line: -1 }, first);
    printer.statements(fn.body);
  });
  out.user({ ...fn.span, line: -1 }, '}');
}

function printProgram(program: ProgramIr, module: ModuleIr, out: LineWriter, printer: StatementPrinter): void {
  const { fn } = program;
  out.own(`\nSEC("${program.section}")`);
  if (program.kind === 'struct_ops' || program.kind === 'tracing') {
    const params = fn.params.map((p) => `, ${declareC(p.type, p.name)}`).join('');
    // Parameters that the TypeScript leaves out are left out here too: arguments come by position.
    out.user(fn.span, `${program.kind === 'tracing' ? 'int' : typeName(fn.returns)} BPF_PROG(${fn.name}${params})`);
    if (program.kind === 'tracing') {
      out.user({ ...fn.span, line: -1 }, '{');
      out.nest(() => printer.statements(fn.body.map(returnsZero)));
      out.nest(() => out.own('return 0;'));
      out.own('}');
      return;
    }
    printFunctionBody(fn, out, printer, program.callback === 'exit' ? exitRecord(program) : undefined);
    return;
  }
  const param = fn.params[0];
  out.user(fn.span, `int ${fn.name}(${param ? declareC(param.type, param.name) : 'void *ctx'})`);
  if (program.kind === 'syscall') return printFunctionBody(fn, out, printer);
  out.user({ ...fn.span, line: -1 }, '{');
  out.nest(() => printer.statements(fn.body.map(returnsZero)));
  out.nest(() => out.own('return 0;'));
  out.own('}');
  void module;
}

/** Tracing programs return an int in C and nothing in TypeScript. */
function returnsZero(stmt: import('../ir/nodes.js').Stmt): import('../ir/nodes.js').Stmt {
  switch (stmt.kind) {
    case 'return':
      return stmt.value ? stmt : { ...stmt, value: { kind: 'const', value: 0n, type: { kind: 'int', bits: 32, signed: true }, span: stmt.span } };
    case 'if':
      return { ...stmt, then: returnsZero(stmt.then), ...(stmt.else ? { else: returnsZero(stmt.else) } : {}) };
    case 'block':
      return { ...stmt, body: stmt.body.map(returnsZero) };
    case 'for': case 'while': case 'do': case 'iterate':
      return { ...stmt, body: returnsZero(stmt.body) };
    case 'switch':
      return { ...stmt, cases: stmt.cases.map((c) => ({ ...c, body: c.body.map(returnsZero) })) };
    default:
      return stmt;
  }
}

function exitRecord(program: ProgramIr): string {
  const param = program.fn.params[0];
  return param ? `scxts_record_exit(${param.name});` : 'scxts_record_exit((void *)ctx[0]);';
}

function opsText(module: ModuleIr): string {
  const { name, members } = module.scheduler;
  const lines = usedCallbacks(module).map((op) => `\t.${op.name} = (void *)${name}_${op.name},`);
  for (const member of members) lines.push(`\t.${member.name} = ${staticText(member.value, module)},`);
  lines.push(`\t.name = "${name}",`);
  return `SEC(".struct_ops.link")\nstruct sched_ext_ops ${name}_ops = {\n${lines.join('\n')}\n};\n`;
}

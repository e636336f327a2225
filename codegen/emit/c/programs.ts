import type { FunctionIr, ModuleIr, ProgramIr, TimerFieldIr } from '../../ir/module.js';
import type { Local, Stmt } from '../../ir/nodes.js';
import { reachedBy } from '../../ir/functions.js';
import { walkStmt } from '../../ir/walk.js';
import { endsOfArraysIn } from '../../passes/settling.js';
import { kernelFunction } from '../../kernel/index.js';
import { declareC, typeName } from './c-type.js';
import type { LineWriter } from './lines.js';
import { StatementPrinter } from './stmt.js';
import type { Requests } from './requests.js';
import { nameTag } from './name-tag.js';
import { userStructDefinition } from './structs.js';
import { capturesOf, entryName, trampolineOf } from './trampolines.js';

/** Prints the functions and programs of a module, callees first. */
export function printBody(module: ModuleIr, out: LineWriter, requests: Requests): void {
  const printer = new StatementPrinter(out, requests);
  const cancelled = module.timerFields.filter((t) => t.cancelled);
  for (const { cancel } of cancelled) out.own(`\nstatic s32 ${cancel}(struct bpf_timer *timer);`);
  for (const fn of reachable(module)) printFunction(fn, out, printer);
  for (const timer of cancelled) out.own(timerCancel(timer));
  for (const context of iteratorContexts(module)) out.own(context);
  for (const program of module.programs) printProgram(program, out, printer);
  if (!module.programs.some((p) => p.callback === 'exit')) {
    out.own(
      `\nSEC("struct_ops.s/exit")\nvoid BPF_PROG(${module.scheduler.name}_exit, struct scx_exit_info *info)\n{\n\tscxts_record_exit(info);\n}`,
    );
  }
  out.own('');
}

/** Where init() names several callbacks, the one to set again is for init() to say. */
function timerCancel({ cancel, callbacks }: TimerFieldIr): string {
  const [callback] = callbacks;
  const again =
    callback && callbacks.length === 1
      ? `\t/* The kernel forgets the callback of a timer that it cancels. */\n\tbpf_timer_set_callback(timer, ${entryName(callback)});\n`
      : '';
  return `\nstatic __always_inline s32 ${cancel}(struct bpf_timer *timer)\n{\n\ts32 ret = bpf_timer_cancel(timer);\n\n${again}\treturn ret;\n}`;
}

/** Functions that some program calls, callees first. */
function reachable(module: ModuleIr): FunctionIr[] {
  const used = new Set<FunctionIr>();
  for (const { fn } of module.programs) reachedBy(fn, 'ever', used);
  // Callbacks are reached by address.
  for (const fn of module.functions) if (fn.role) reachedBy(fn, 'ever', used);
  return module.functions.filter((fn) => used.has(fn));
}

function paramList(fn: FunctionIr): string {
  return (
    fn.params.map((p) => declareC(p.type, p.byPointer ? `(*${p.name})` : p.name)).join(', ') ||
    'void'
  );
}

function printFunction(fn: FunctionIr, out: LineWriter, printer: StatementPrinter): void {
  out.own('');
  const captures = capturesOf(fn);
  if (captures) out.own(userStructDefinition(captures) + '\n');
  const attributes = fn.noinline ? 'static __noinline' : 'static __always_inline';
  out.user(fn.span, `${attributes} ${declareC(fn.returns, `${fn.name}(${paramList(fn)})`)}`);
  printFunctionBody(fn, out, printer);
  const trampoline = trampolineOf(fn);
  if (trampoline) out.own('\n' + trampoline);
}

function printFunctionBody(
  fn: FunctionIr,
  out: LineWriter,
  printer: StatementPrinter,
  first?: string,
): void {
  out.user({ ...fn.span, line: -1 }, '{');
  out.nest(() => {
    if (first) out.user({ ...fn.span, line: -1 }, first);
    if (leavesScopesWithValue(fn)) printWithResult(fn, out, printer);
    else printer.statements(fn.body);
  });
  out.user({ ...fn.span, line: -1 }, '}');
}

/** Whether it returns a value from inside of a scope that releases something, and may also go on from there. */
function leavesScopesWithValue(fn: FunctionIr): boolean {
  let returns = 0;
  let releases = false;
  for (const body of fn.body) {
    walkStmt(body, {
      stmt: (s) => {
        if (s.kind === 'return') returns++;
        if (s.kind === 'decl' && s.local.cleanup) releases = true;
      },
    });
  }
  return fn.returns.kind !== 'void' && releases && returns > 1;
}

/**
 * clang keeps the value of such a `return` in a place that has no value on the other ways out of the scope, and may
 * then compute with it, which the verifier refuses: a variable of our own has one on every way.
 */
function printWithResult(fn: FunctionIr, out: LineWriter, printer: StatementPrinter): void {
  const { kind } = fn.returns;
  const none = kind === 'struct' ? '{}' : kind === 'ptr' || kind === 'opaque' ? 'NULL' : '0';
  out.user({ ...fn.span, line: -1 }, `${declareC(fn.returns, '__ret')} = ${none};`);
  out.user({ ...fn.span, line: -1 }, '{');
  out.nest(() => printer.withResult('__ret', '__out', () => printer.statements(fn.body)));
  out.user({ ...fn.span, line: -1 }, '}');
  out.own('__out:');
  out.own('return __ret;');
}

/**
 * A syscall program works on a copy of its arguments: clang computes addresses of fields, and the
 * verifier lets the context itself be read at constant offsets from its register only.
 */
function printSyscall(program: ProgramIr, out: LineWriter, printer: StatementPrinter): void {
  const { fn, tsName } = program;
  const param = fn.params[0];
  const struct = param && declareC(param.type, '');
  // No name of the program begins so.
  const body = `scxts_body_${fn.name}`;
  out.own('');
  out.user(
    fn.span,
    `static __always_inline int ${body}(${param ? declareC(param.type, param.name) : 'void'})`,
  );
  printFunctionBody(fn, out, printer);
  out.own(`\nSEC("${sectionOf(program)}")${nameTag({ name: fn.name, tsName })}`);
  if (!param || !struct) {
    out.own(`int ${fn.name}(void *context)\n{\n\treturn ${body}();\n}`);
    return;
  }
  const type = struct.replace(/\s*\*$/, '');
  const ends = param.type.kind === 'ptr' ? endsOfArraysIn(param.type.to) : [];
  if (ends.length > 0) printer.requests.use('scxts_settle');
  const settle = ends.map((offset) => `\tscxts_settle(&args, ${offset});\n`).join('');
  out.own(
    `int ${fn.name}(${declareC(param.type, 'context')})\n{\n\t${type} args = *context;\n\tint ret;\n\n` +
      `\tasm volatile("" : : "r"(&args) : "memory");\n${settle}\tret = ${body}(&args);\n` +
      `\tasm volatile("" : : "r"(&args) : "memory");\n\t*context = args;\n\treturn ret;\n}`,
  );
}

/** libbpf leaves programs out whose section begins with a question mark, until it is told otherwise. */
function sectionOf({ section, offByDefault }: ProgramIr): string {
  return offByDefault ? `?${section}` : section;
}

function printProgram(program: ProgramIr, out: LineWriter, printer: StatementPrinter): void {
  const { fn } = program;
  if (program.kind === 'syscall') return printSyscall(program, out, printer);
  out.own(
    `\nSEC("${sectionOf(program)}")${program.optional ? ' __scxts("optional")' : ''}${program.attach ? ` __scxts("${program.attach}")` : ''}${program.kind === 'struct_ops' ? '' : nameTag({ name: fn.name, tsName: program.tsName })}`,
  );
  if (program.kind === 'iterator') return printIterator(program, out, printer);
  if (program.kind === 'rawTracepoint') return printRawTracepoint(fn, out, printer);
  if (program.kind === 'struct_ops' || program.kind === 'tracing') {
    const params = fn.params.map((p) => `, ${declareC(p.type, p.name)}`).join('');
    // Parameters that the TypeScript leaves out are left out here too: arguments come by position.
    out.user(
      fn.span,
      `${program.kind === 'tracing' ? 'int' : typeName(fn.returns)} BPF_PROG(${fn.name}${params})`,
    );
    if (program.kind === 'tracing') {
      out.user({ ...fn.span, line: -1 }, '{');
      out.nest(() => printer.statements(fn.body.map(returnsZero)));
      out.nest(() => out.own('return 0;'));
      out.own('}');
      return;
    }
    printFunctionBody(
      fn,
      out,
      printer,
      program.callback === 'exit' ? exitRecord(program) : undefined,
    );
    return;
  }
  const param = fn.params[0];
  out.user(fn.span, `int ${fn.name}(${param ? declareC(param.type, param.name) : 'void *ctx'})`);
  out.user({ ...fn.span, line: -1 }, '{');
  // Helpers that ask about the traced function take the context by that name.
  if (param && param.name !== 'ctx' && fn.calls.some(takesContext))
    out.nest(() => out.own(`void *ctx = ${param.name};`));
  out.nest(() => printer.statements(fn.body.map(returnsZero)));
  out.nest(() => out.own('return 0;'));
  out.own('}');
}

/** The arguments of a raw tracepoint are numbers: what points to the kernel is cast by bpf_rdonly_cast(). */
function printRawTracepoint(fn: FunctionIr, out: LineWriter, printer: StatementPrinter): void {
  const isObject = (p: Local): boolean => p.type.kind === 'ptr' && p.type.to.kind === 'struct';
  const params = fn.params.map((p) =>
    isObject(p) ? `, u64 ${p.name}_address` : `, ${declareC(p.type, p.name)}`,
  );
  out.user(fn.span, `int BPF_PROG(${fn.name}${params.join('')})`);
  out.user({ ...fn.span, line: -1 }, '{');
  out.nest(() => {
    for (const p of fn.params.filter(isObject)) {
      const type = p.type.kind === 'ptr' ? typeName(p.type.to) : '';
      out.own(
        `${type} *${p.name} = ${printer.requests.use('scxts_kernel_object')}(${p.name}_address, ${type});`,
      );
    }
    printer.statements(fn.body.map(returnsZero));
    out.own('return 0;');
  });
  out.own('}');
}

/** The members of an iterator's context, in the order of iter()'s arguments. */
function iteratorMembers(section: string): [struct: string, ...members: string[]] {
  const target = section.slice('iter/'.length);
  return [`bpf_iter__${target}`, target, 'meta'];
}

/** The contexts of the module's iterators: the kernel's own type is found by CO-RE. */
function iteratorContexts(module: ModuleIr): string[] {
  const sections = module.programs.filter((p) => p.kind === 'iterator').map((p) => p.section);
  return [...new Set(sections)].map((section) => {
    const [struct, object, meta] = iteratorMembers(section);
    const type = object === 'task' ? 'task_struct' : object;
    return `\nstruct ${struct} {\n\tstruct bpf_iter_meta *${meta};\n\tstruct ${type} *${object};\n} __attribute__((preserve_access_index));`;
  });
}

/** Each member of the context is read once: a test for null holds for what was read. */
function printIterator(
  { section, fn }: ProgramIr,
  out: LineWriter,
  printer: StatementPrinter,
): void {
  const [struct, ...members] = iteratorMembers(section);
  out.user(fn.span, `int ${fn.name}(struct ${struct} *iterator)`);
  out.user({ ...fn.span, line: -1 }, '{');
  out.nest(() => {
    fn.params.forEach((p, i) => out.own(`${declareC(p.type, p.name)} = iterator->${members[i]};`));
    printer.statements(fn.body.map(returnsZero));
    out.own('return 0;');
  });
  out.own('}');
}

function takesContext({ target }: FunctionIr['calls'][number]): boolean {
  return (
    target.kind === 'kernel' &&
    (kernelFunction(target.name)?.params.some((p) => p.hidden === 'ctx') ?? false)
  );
}

/** Tracing programs return an int in C and nothing in TypeScript. */
function returnsZero(stmt: Stmt): Stmt {
  switch (stmt.kind) {
    case 'return':
      return stmt.value
        ? stmt
        : {
            ...stmt,
            value: {
              kind: 'const',
              value: 0n,
              type: { kind: 'int', bits: 32, signed: true },
              span: stmt.span,
            },
          };
    case 'if':
      return {
        ...stmt,
        then: returnsZero(stmt.then),
        ...(stmt.else ? { else: returnsZero(stmt.else) } : {}),
      };
    case 'block':
    case 'seq':
      return { ...stmt, body: stmt.body.map(returnsZero) };
    case 'for':
    case 'while':
    case 'do':
    case 'iterate':
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

import { allFunctions } from './functions.js';
import type { FunctionIr, ModuleIr, ProgramIr } from './module.js';
import type { ExistsTarget, Expr, Local, LoopLabels, Stmt } from './nodes.js';
import type { Op } from './operations.js';
import type { Release } from './releases.js';
import { describeType, type CType } from './types.js';

/** The IR of a program as text, for those who look at what the compiler makes: `scxts build --emit ir`. */
export function printModule(module: ModuleIr): string {
  const state = [
    ...module.macros.map((m) => `constant ${m.name} = ${expr(m.value)}`),
    ...module.globals.map((g) => `global ${g.tsName}: ${type(g.type)} (${g.storage})`),
    ...module.counters.map((c) => `counter ${c.name}`),
    ...module.maps.map((m) => `${m.kind} ${m.tsName}${m.value ? `: ${type(m.value)}` : ''}`),
    ...module.collections.map((c) => `${c.shape} ${c.tsName}: ${c.of.name}`),
  ];
  const programs = new Map(module.programs.map((p) => [p.fn, p]));
  const functions = allFunctions(module).map((fn) => printFunction(fn, programs.get(fn)));
  return [...state, ...functions].join('\n') + '\n';
}

function printFunction(fn: FunctionIr, program: ProgramIr | undefined): string {
  const params = fn.params.map((p) => `${p.name}: ${type(p.type)}`).join(', ');
  const notes = [
    ...(program ? [`${program.section}${program.sleepable ? ', may sleep' : ''}`] : []),
    ...(fn.role ? [`called back: ${fn.role.kind}`] : []),
    ...(fn.noinline ? ['not inlined'] : []),
  ];
  const head = `\nfunction ${fn.name}(${params}): ${type(fn.returns)}`;
  return `${head}${notes.length ? ` // ${notes.join('; ')}` : ''}\n${lines(fn.body, 1).join('\n')}`;
}

function type(t: CType): string {
  return describeType(t);
}

function lines(body: Stmt[], depth: number): string[] {
  return body.flatMap((s) => statement(s, depth));
}

/** The statements of a block, or the one that stands for it. */
function inside(body: Stmt, depth: number): string[] {
  return lines(body.kind === 'block' ? body.body : [body], depth + 1);
}

function statement(stmt: Stmt, depth: number): string[] {
  const at = (text: string): string => `${'  '.repeat(depth)}${text}`;
  switch (stmt.kind) {
    case 'decl':
      return [at(declaration(stmt.local, stmt.init))];
    case 'expr':
      return [at(expr(stmt.expr))];
    case 'return':
      return [at(stmt.value ? `return ${expr(stmt.value)}` : 'return')];
    case 'break':
    case 'continue':
      return [at(stmt.label ? `${stmt.kind} ${stmt.label}` : stmt.kind)];
    case 'block':
      return [at('{'), ...lines(stmt.body, depth + 1), at('}')];
    case 'seq':
      return lines(stmt.body, depth);
    case 'if':
      return [
        at(`if ${expr(stmt.test)}`),
        ...inside(stmt.then, depth),
        ...(stmt.else ? [at('else'), ...inside(stmt.else, depth)] : []),
      ];
    case 'for': {
      const init = stmt.init ? statement(stmt.init, 0).join('; ') : '';
      const [test, step] = [stmt.test, stmt.step].map((e) => (e ? expr(e) : ''));
      const head = `for ${init}; ${test}; ${step}${guard(stmt.guard, stmt.labels)}`;
      return [at(head), ...inside(stmt.body, depth)];
    }
    case 'while':
    case 'do':
      return [
        at(`${stmt.kind} ${expr(stmt.test)}${guard(stmt.guard, stmt.labels)}`),
        ...inside(stmt.body, depth),
      ];
    case 'iterate': {
      const walk = `${stmt.iterator}(${stmt.args.map(expr).join(', ')})`;
      const head = `for ${stmt.local.name}: ${type(stmt.local.type)} of ${walk}`;
      return [at(`${head}${guard('none', stmt.labels)}`), ...inside(stmt.body, depth)];
    }
    case 'switch':
      return [
        at(`switch ${expr(stmt.value)}`),
        ...stmt.cases.flatMap(({ tests, body }) => [
          at(`case ${tests.map((t) => (t === 'default' ? t : expr(t))).join(', ')}`),
          ...lines(body, depth + 1),
        ]),
      ];
  }
}

function guard(kind: 'none' | 'can_loop', { breakLabel, continueLabel }: LoopLabels): string {
  const notes = [
    ...(kind === 'can_loop' ? ['bounded by can_loop'] : []),
    ...(breakLabel ? [`after it ${breakLabel}`] : []),
    ...(continueLabel ? [`next round ${continueLabel}`] : []),
  ];
  return notes.length ? ` // ${notes.join('; ')}` : '';
}

function declaration({ name, type: of, cleanup }: Local, init: Expr | undefined): string {
  const kind = cleanup ? `using (${release(cleanup)})` : 'let';
  return `${kind} ${name}: ${type(of)}${init ? ` = ${expr(init)}` : ''}`;
}

function release(of: Release): string {
  switch (of.kind) {
    case 'kernel':
      return of.fn;
    case 'object':
      return `drop ${of.struct.name}`;
    case 'record':
      return 'discard';
    case 'section':
      return `end ${of.section}`;
  }
}

function expr(e: Expr): string {
  switch (e.kind) {
    case 'const':
      return e.name ?? `${e.value}${e.type.kind === 'int' ? ` as ${type(e.type)}` : ''}`;
    case 'string':
      return JSON.stringify(e.value);
    case 'null':
    case 'error':
      return e.kind;
    case 'var':
      return e.local.name;
    case 'global':
      return e.global.tsName;
    case 'constant':
      return e.constant.name;
    case 'enum':
      return e.name;
    case 'exists':
      return `exists(${existsTarget(e.what)})`;
    case 'unary':
      return `${e.op}${expr(e.operand)}`;
    case 'binary':
      return `(${expr(e.left)} ${e.op} ${expr(e.right)}: ${type(e.type)})`;
    case 'logical':
      return `(${expr(e.left)} ${e.op} ${expr(e.right)})`;
    case 'elvis':
      return `(${expr(e.left)} ?? ${expr(e.right)})`;
    case 'cond':
      return `(${expr(e.test)} ? ${expr(e.then)} : ${expr(e.else)})`;
    case 'assign':
      return `${expr(e.target)} ${e.op} ${expr(e.value)}`;
    case 'step':
      return e.prefix ? `${e.op}${expr(e.target)}` : `${expr(e.target)}${e.op}`;
    case 'call': {
      const name = e.callee.kind === 'function' ? e.callee.fn.name : e.callee.name;
      return `${name}(${e.args.map(expr).join(', ')})`;
    }
    case 'member':
      return `${expr(e.base)}.${e.field}`;
    case 'index':
      return `${expr(e.base)}[${expr(e.index)}]`;
    case 'deref':
      return `*${expr(e.pointer)}`;
    case 'addr':
      return `&${expr(e.of)}`;
    case 'cast':
    case 'convert':
      return `${type(e.type)}(${expr(e.value)})`;
    case 'init':
      return `${type(e.type)} { ${e.fields.map((f) => (f.name ? `${f.name}: ` : '') + expr(f.value)).join(', ')} }`;
    case 'object':
      return `new ${expr(e.value)}`;
    case 'block':
      return `{ ${lines(e.body, 0).join('; ')}; ${expr(e.result)} }`;
    case 'record':
      return `{ ${[...e.values].map(([name, value]) => `${name}: ${expr(value)}`).join(', ')} }`;
    case 'op':
      return `${operation(e.op)}(${e.args.map(expr).join(', ')})`;
  }
}

function existsTarget(what: ExistsTarget): string {
  switch (what.kind) {
    case 'field':
      return expr(what.access);
    case 'type':
      return what.struct.name;
    case 'variable':
      return what.variable.tsName;
    case 'ksym':
    case 'enum':
      return what.name;
  }
}

/** An operation with what it is about. */
function operation(op: Op): string {
  switch (op.kind) {
    case 'map':
      return `${op.map.tsName}.${op.operation}`;
    case 'forEach':
    case 'drain':
      return `${op.map.tsName}.${op.kind}[${op.callback.name}]`;
    case 'timer':
      return `${op.timer.tsName}.${op.rearm ? 'rearm' : op.method}`;
    case 'initTimer':
      return `initTimer[${op.callback.name}]`;
    case 'collection':
      return `${op.collection.tsName}.${op.method}`;
    case 'count':
      return `${op.counter.name}.add`;
    case 'alloc':
      return `alloc[${op.struct.name}]`;
    case 'ordered':
      return op.access;
    case 'barrier':
      return `barrier.${op.barrier}`;
    case 'kernelVariable':
      return `${op.variable.tsName}.${op.which}`;
    case 'atomic':
      return `atomic.${op.action}`;
    case 'release':
      return `release[${release(op.release)}]`;
    case 'format':
      return `${op.sink}[${JSON.stringify(op.texts)}]`;
    case 'textEqual':
      return `textEqual[${op.bytes}]`;
    case 'settledArray':
    case 'settledAddress':
      return `${op.kind}[${op.offsets.join(', ')}]`;
    default:
      return op.kind;
  }
}

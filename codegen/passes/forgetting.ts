import { capturedBy, contextsIn } from '../ir/captures.js';
import { runs } from '../ir/effects.js';
import { allFunctions } from '../ir/functions.js';
import { deref, forget, member } from '../ir/make.js';
import type { ModuleIr } from '../ir/module.js';
import type { Expr, Local, Stmt } from '../ir/nodes.js';
import { rewriteLists } from '../ir/rewrite.js';
import { walkStmt } from '../ir/walk.js';

type LoopStmt = Extract<Stmt, { kind: 'for' | 'while' | 'do' | 'iterate' }>;

/**
 * Makes the iterations of a loop look alike to the verifier, which would otherwise walk each of them as a new
 * state. Adding a zero that it cannot see makes unknown whatever the loop changes, before the loop and again
 * at the start of each round; clang in turn keeps no copies in step with it, whose values would be known.
 */
export function forgetInLoops(module: ModuleIr): void {
  for (const fn of allFunctions(module)) {
    rewriteLists(fn.body, (list) => {
      if (!list.some(isLoop)) return list;
      return list.flatMap((stmt) => (isLoop(stmt) ? forgetful(stmt) : [stmt]));
    });
    const contexts = contextsIn(fn);
    for (const stmt of fn.body)
      walkStmt(stmt, { expr: (e) => void (e.kind === 'block' && forgetCaptures(e, contexts)) });
  }
}

/** A `do` that runs once is a switch. */
function isLoop(stmt: Stmt): stmt is LoopStmt {
  switch (stmt.kind) {
    case 'for':
    case 'while':
    case 'iterate':
      return true;
    case 'do':
      return stmt.guard !== 'none';
    default:
      return false;
  }
}

function forgetful(loop: LoopStmt): Stmt[] {
  // The counter of a short loop that the verifier is to walk.
  const counted =
    loop.kind === 'for' && loop.guard === 'none' && loop.init?.kind === 'decl'
      ? loop.init.local
      : undefined;
  const changed = changedIn(loop).filter((e) => e.kind !== 'var' || e.local !== counted);
  if (changed.length === 0) return [loop];
  const { span } = loop.body;
  const inner = loop.body.kind === 'block' ? loop.body.body : [loop.body];
  const body: Stmt = { kind: 'block', body: [...changed.map(forget), ...inner], span };
  const all = [...changed.map(forget), { ...loop, body }];
  return loop.kind === 'iterate' ? [{ kind: 'block', body: all, span: loop.span }] : all;
}

/** A callback counts as a loop: what it changes must look the same to the verifier each time. */
function forgetCaptures(
  block: Extract<Expr, { kind: 'block' }>,
  contexts: ReadonlyMap<Local, Expr>,
): void {
  const { result } = block;
  const fn = runs(result);
  if (!fn || result.kind !== 'op') return;
  const changed = capturedBy(fn, result.args[0], contexts).filter(
    ({ field, place }) => !field.readonly && place.type.kind === 'int',
  );
  block.body.unshift(...changed.map(({ place }) => forget(place)));
}

/** Numbers on the stack that a statement changes and that were there before it: variables, and members of objects. */
export function changedIn(stmt: Stmt): Expr[] {
  const changed = new Map<string, { local: Local; place: Expr }>();
  const inside = new Set<Local>();
  const note = (place: Expr): void => {
    const found = onStack(place);
    if (found && (place.type.kind === 'int' || place.type.kind === 'bool'))
      changed.set(found.path, { local: found.local, place });
  };
  walkStmt(stmt, {
    stmt: (s) => {
      if (s.kind === 'decl' || s.kind === 'iterate') inside.add(s.local);
    },
    expr: (e) => {
      if (e.kind === 'assign' || e.kind === 'step') note(e.target);
      // A function may change what it is given the address of.
      if (e.kind !== 'call' || e.callee.kind !== 'function') return;
      for (const argument of e.args) {
        if (argument.kind === 'addr') numbersIn(argument.of).forEach(note);
        else if (isReference(argument)) note(deref(argument, argument.span));
      }
    },
  });
  return [...changed.values()].filter(({ local }) => !inside.has(local)).map(({ place }) => place);
}

/** The variable that a place is in, and how it is reached from there; undefined for what is not on the stack. */
export function onStack(place: Expr): { local: Local; path: string } | undefined {
  if (place.kind === 'var') return { local: place.local, path: place.local.name };
  if (place.kind === 'deref' && place.pointer.kind === 'var' && isReference(place.pointer))
    return { local: place.pointer.local, path: `*${place.pointer.local.name}` };
  if (place.kind === 'member' && place.base.type.kind !== 'ptr') {
    const base = onStack(place.base);
    return base && { ...base, path: `${base.path}.${place.field}` };
  }
  if (place.kind === 'index' && place.index.kind === 'const') {
    const base = onStack(place.base);
    return base && { ...base, path: `${base.path}[${place.index.value}]` };
  }
  return undefined;
}

/** A `Ref<T>` that may be one to the stack: what a lookup gave is in a map. */
function isReference({ type }: Expr): boolean {
  return (
    type.kind === 'ptr' &&
    // What may be null is tested first.
    !type.nullable &&
    type.to.kind === 'int' &&
    (type.region === 'any' || type.region === 'stack')
  );
}

/** The number itself, or the numbers of a struct. */
function numbersIn(object: Expr): Expr[] {
  if (object.type.kind !== 'struct') return [object];
  return object.type.struct
    .fields()
    .flatMap((f) => numbersIn(member(object, f.name, f.type, object.span)));
}

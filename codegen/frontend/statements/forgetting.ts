import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { walkStmt } from '../../ir/walk.js';
import { deref, forget, member } from '../make.js';

export type LoopStmt = Extract<Stmt, { kind: 'for' | 'while' | 'do' | 'iterate' }>;

/**
 * A loop whose iterations all look alike to the verifier, which would otherwise walk each of them as a new
 * state. Adding a zero that it cannot see makes unknown whatever the loop changes, before the loop and again
 * at the start of each round; clang in turn keeps no copies in step with it, whose values would be known.
 * `counted` is the counter of a short loop that the verifier is to walk.
 */
export function forgetful(loop: LoopStmt, counted?: Local): Stmt[] {
  const changed = changedIn(loop).filter((e) => e.kind !== 'var' || e.local !== counted);
  if (changed.length === 0) return [loop];
  const { span } = loop.body;
  const inner = loop.body.kind === 'block' ? loop.body.body : [loop.body];
  const body: Stmt = { kind: 'block', body: [...changed.map(forget), ...inner], span };
  return [...changed.map(forget), { ...loop, body }];
}

/** Numbers on the stack that a loop changes and that were there before it: variables, and members of objects. */
function changedIn(loop: LoopStmt): Expr[] {
  const changed = new Map<string, { local: Local; place: Expr }>();
  const inside = new Set<Local>();
  const note = (place: Expr): void => {
    const found = onStack(place);
    if (found && (place.type.kind === 'int' || place.type.kind === 'bool'))
      changed.set(found.path, { local: found.local, place });
  };
  walkStmt(loop, {
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
function onStack(place: Expr): { local: Local; path: string } | undefined {
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

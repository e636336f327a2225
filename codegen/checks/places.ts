import { effectsOf } from '../ir/operations.js';
import type { FunctionIr } from '../ir/module.js';
import type { Expr, Local } from '../ir/nodes.js';
import { walkStmt } from '../ir/walk.js';
import { describeType, structOf, type CType } from '../ir/types.js';

/** A place that a reference refers to: where its object starts, and the way to it from there. */
export interface Place {
  /** A global, a map, a variable of the function, a parameter; undefined: somewhere that the function does not say. */
  root: unknown;
  /** Fields, and elements or entries: `[3]`, `[i]` of a variable that stays what it is, `[?]` of anything. */
  path: readonly string[];
  type: CType;
}

export type PlacesOf = (local: Local) => readonly Place[];

/** The places that an lvalue or a pointer may mean. */
export function placesOf(expr: Expr, of: PlacesOf): Place[] {
  const go = (e: Expr): Place[] => placesOf(e, of);
  const inside = (places: Place[], step: string): Place[] =>
    places.map((p) => ({ root: p.root, path: [...p.path, step], type: expr.type }));
  switch (expr.kind) {
    case 'global':
      return [{ root: expr.global, path: [], type: expr.type }];
    case 'var':
      return expr.type.kind === 'ptr'
        ? [...of(expr.local)]
        : [{ root: expr.local, path: [], type: expr.type }];
    case 'member':
      return expr.type.kind === 'ptr' ? [somewhere(expr.type)] : inside(go(expr.base), expr.field);
    case 'index':
      return inside(go(expr.base), keyOf(expr.index));
    case 'addr':
      return go(expr.of);
    case 'deref':
      return go(expr.pointer);
    case 'cast':
    case 'convert':
    case 'object':
      return go(expr.value);
    case 'cond':
      return [...go(expr.then), ...go(expr.else)];
    case 'elvis':
      return [...go(expr.left), ...go(expr.right)];
    case 'block':
      return go(expr.result);
    case 'call': {
      const { callee, args } = expr;
      if (callee.kind === 'kernel') return [somewhere(expr.type)];
      return returnedBy(callee.fn).flatMap((place) => {
        const index = callee.fn.params.indexOf(place.root as Local);
        if (index < 0) return [place];
        const given = args[index] ? go(args[index]) : [somewhere(expr.type)];
        return given.map((p) => ({
          root: p.root,
          path: [...p.path, ...place.path],
          type: place.type,
        }));
      });
    }
    case 'op':
      return placesOfOperation(expr, go);
    default:
      return [];
  }
}

const returned = new WeakMap<FunctionIr, readonly Place[]>();

/** The places that a function may give a reference to, those within its parameters by them; its own objects are none. */
function returnedBy(fn: FunctionIr): readonly Place[] {
  const known = returned.get(fn);
  if (known) return known;
  returned.set(fn, []);
  const sources = new Map<Local, Expr[]>();
  const values: Expr[] = [];
  const note = (local: Local, value: Expr): void =>
    void sources.set(local, [...(sources.get(local) ?? []), value]);
  for (const stmt of fn.body)
    walkStmt(stmt, {
      stmt: (s) => {
        if (s.kind === 'decl' && s.init) note(s.local, s.init);
        if (s.kind === 'return' && s.value) values.push(s.value);
      },
      expr: (e) => {
        if (e.kind === 'assign' && e.target.kind === 'var') note(e.target.local, e.value);
      },
    });
  const named = new Map<Local, Place[]>();
  const of: PlacesOf = (local) => {
    const found = [...(named.get(local) ?? [])];
    if (fn.params.includes(local)) found.push({ root: local, path: [], type: local.type });
    else if (!sources.has(local)) found.push(somewhere(local.type));
    return found;
  };
  // Variables name each other: until no more is found.
  for (let grew = true; grew;) {
    grew = false;
    for (const [local, given] of sources) {
      const found = distinct(given.flatMap((value) => placesOf(value, of)));
      grew ||= found.length > (named.get(local)?.length ?? 0);
      named.set(local, found);
    }
  }
  const isOwn = ({ root }: Place): boolean =>
    isLocal(root) && !fn.params.some((param) => param === root);
  const places = distinct(values.flatMap((value) => placesOf(value, of)))
    .filter((place) => !isOwn(place))
    .map((place) => ({ ...place, path: place.path.map(seenOutside) }));
  returned.set(fn, places);
  return places;
}

function distinct(places: Place[]): Place[] {
  return [...new Map(places.map((p) => [textOf(p), p])).values()];
}

const ids = new WeakMap<object, number>();
let last = 0;

/** A place as a text that no other has. */
export function textOf({ root, path, type }: Place): string {
  if (typeof root !== 'object' || root === null) return `${describeType(type)}:${path.join('.')}`;
  const id = ids.get(root) ?? ++last;
  ids.set(root, id);
  return `${id}:${path.join('.')}`;
}

function isLocal(root: unknown): boolean {
  return typeof root === 'object' && root !== null && 'assigned' in root;
}

/** A step in a function as its callers see it: they know nothing of its variables. */
export function seenOutside(step: string): string {
  return /^\[[A-Za-z_]/.test(step) ? ANY : step;
}

function placesOfOperation(expr: Extract<Expr, { kind: 'op' }>, go: (e: Expr) => Place[]): Place[] {
  const { op, args } = expr;
  if (op.kind === 'map' && op.operation !== 'pop' && op.operation !== 'peek')
    return [{ root: op.map, path: [keyOf(args[op.found ? 1 : 0])], type: expr.type }];
  const [array, index] = args;
  const isElement = op.kind === 'elementAddress' || op.kind === 'elementOrSpare';
  if (isElement && array)
    return go(array).map((p) => ({
      root: p.root,
      path: [...p.path, keyOf(index)],
      type: expr.type,
    }));
  return (effectsOf(op).within ?? []).flatMap((i) => (args[i] ? go(args[i]) : []));
}

function somewhere(type: CType): Place {
  return { root: undefined, path: [], type };
}

const ANY = '[?]';

/** A key or index as a step: what is the same text is the same value. */
function keyOf(key: Expr | undefined): string {
  if (!key) return '[]';
  if (key.kind === 'cast' || key.kind === 'convert') return keyOf(key.value);
  if (key.kind === 'const') return `[${key.value}]`;
  return key.kind === 'var' && !key.local.assigned ? `[${key.local.name}]` : ANY;
}

/** Whether what is at `inner` may be a part of what is at `outer`, or all of it. */
export function mayContain(outer: Place, inner: Place): boolean {
  if (outer.root === undefined || inner.root === undefined) return holds(outer.type, inner.type);
  if (outer.root !== inner.root || outer.path.length > inner.path.length) return false;
  return outer.path.every((step, i) => maybeSame(step, inner.path[i]!));
}

function maybeSame(a: string, b: string): boolean {
  if (a === b) return true;
  const number = /^\[\d+\]$/;
  return a.startsWith('[') && b.startsWith('[') && !(number.test(a) && number.test(b));
}

/** Whether an object of a type may have one of another in it. */
function holds(outer: CType, inner: CType): boolean {
  const type = outer.kind === 'ptr' ? outer.to : outer;
  const wanted = inner.kind === 'ptr' ? inner.to : inner;
  if (type.kind === 'array') return wanted.kind === 'array' || holds(type.of, wanted);
  const struct = structOf(type);
  if (!struct || struct.kernel) return false;
  return (
    struct === structOf(wanted) ||
    struct.fields().some((f) => f.type.kind !== 'ptr' && holds(f.type, wanted))
  );
}

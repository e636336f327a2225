import { objectKept } from '../../diagnostics/catalogue/meaning.js';
import type { FunctionIr } from '../../ir/module.js';
import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import {
  BOOL,
  describeType,
  pointerTo,
  structOf,
  type CType,
  type PtrType,
} from '../../ir/types.js';
import { asReference } from '../convert.js';
import {
  addressOf,
  assign,
  binary,
  conditional,
  declStmt,
  deref,
  either,
  exprStmt,
  nullExpr,
  useLocal,
} from '../make.js';
import type { FunctionScope } from '../scope.js';
import { ELSEWHERE, Origins, isObjectExpr, type Site } from './origins.js';
import { Placement } from './placement.js';

/** How a function hands out objects: decided once its body is there. */
export interface ReturnsObjects {
  type: CType;
  gives?: FunctionIr['gives'];
  room?: Local;
}

/**
 * The objects of a function get their storage. What it returns is a reference: to what is elsewhere as it is, to an
 * object of its own in the room that the caller has for it, or, where it makes all that it returns, the object itself.
 */
export function placeObjects(
  fx: FunctionScope,
  params: Local[],
  body: Stmt[],
  type: CType,
): ReturnsObjects & { body: Stmt[]; declared: Stmt[] } {
  const origins = new Origins(params, body);
  const placement = new Placement(fx, origins, body);
  const result = returned(fx, params, origins, placement, type);
  checkCaptured(fx, origins, body);
  placement.apply();
  placement.rename();
  return { ...result, body, declared: placement.declared };
}

function isOwn(site: Site, params: readonly Local[]): boolean {
  return site !== ELSEWHERE && !params.includes(site as Local);
}

function returned(
  fx: FunctionScope,
  params: readonly Local[],
  origins: Origins,
  placement: Placement,
  type: CType,
): ReturnsObjects {
  const { seen } = fx.returns;
  if (type.kind !== 'ptr' || seen.length === 0) return { type };
  if (type.to.kind !== 'struct' && type.to.kind !== 'array') return { type };
  for (const one of seen) if (one.stmt.value) one.stmt.value = asReference(one.stmt.value);
  const sites = seen.map(({ stmt }) => (stmt.value ? origins.of(stmt.value) : new Set<Site>()));
  const all = new Set(sites.flatMap((s) => [...s]));
  const own = [...all].filter((s) => isOwn(s, params));
  const given = new Set([...all].flatMap((s) => indexOf(params, s)));
  const elsewhere = all.has(ELSEWHERE);
  if (own.length === 0) return { type, gives: { params: given, elsewhere } };
  const isFresh = sites.every((s) => s.size > 0 && [...s].every((one) => isOwn(one, params)));
  if (isFresh && !type.nullable && structOf(type)) {
    for (const { stmt } of seen) if (stmt.value) stmt.value = deref(stmt.value, stmt.value.span);
    return { type: type.to };
  }
  const room = fx.declare('room', pointerTo(type.to, 'stack'), fx.returns.seen[0]!.expr.span);
  const into = new IntoRoom(fx, params, origins, placement, room);
  for (const one of seen) if (one.stmt.value) one.stmt.value = into.move(one.stmt.value, type);
  given.add(params.length);
  return { type, room, gives: { params: given, elsewhere } };
}

function indexOf(params: readonly Local[], site: Site): number[] {
  const index = params.indexOf(site as Local);
  return index >= 0 ? [index] : [];
}

/** What a call may return of its arguments. */
function givenBack({ callee, args }: Extract<Expr, { kind: 'call' }>): Expr[] {
  const gives = callee.kind === 'function' ? callee.fn.gives : undefined;
  return args.filter((_, i) => gives?.params.has(i));
}

/** Moves what a function returns into the room of its caller, where it is the function's own. */
class IntoRoom {
  constructor(
    private readonly fx: FunctionScope,
    private readonly params: readonly Local[],
    private readonly origins: Origins,
    private readonly placement: Placement,
    private readonly room: Local,
  ) {}

  move(expr: Expr, type: PtrType): Expr {
    const { span } = expr;
    switch (expr.kind) {
      case 'object':
        return this.filled(expr.value, span);
      case 'cond':
        return {
          ...expr,
          then: this.move(expr.then, type),
          else: this.move(expr.else, type),
          type,
        };
      case 'block':
        return { ...expr, result: this.move(expr.result, type), type };
      case 'elvis':
        if (this.isOther(expr.left)) return { ...expr, right: this.move(expr.right, type), type };
        break;
      case 'call': {
        const { args } = expr;
        const given = givenBack(expr).filter((arg) => !this.isRoom(arg));
        if (!given.every((arg) => this.isOther(arg))) break;
        // Another's room is this one's, too.
        return {
          ...expr,
          args: args.map((arg) => (this.isRoom(arg) ? useLocal(this.room, span) : arg)),
        };
      }
      default:
        break;
    }
    return this.isOther(expr) ? expr : this.copied(expr, type);
  }

  private isOther(expr: Expr): boolean {
    return [...this.origins.of(expr)].every((s) => !isOwn(s, this.params));
  }

  private isRoom(arg: Expr): boolean {
    return arg.kind === 'addr' && arg.of.kind === 'var' && this.fx.hoisted.includes(arg.of.local);
  }

  private filled(value: Expr, span: Expr['span']): Expr {
    const room = useLocal(this.room, span);
    const fill = exprStmt(assign(deref(room, span), value, span));
    return { kind: 'block', body: [fill], result: room, type: room.type, span };
  }

  /** A reference that may be to an object of the function, or to another one, or null. */
  private copied(expr: Expr, type: PtrType): Expr {
    const { span } = expr;
    const body: Stmt[] = [];
    let reference = expr;
    if (expr.kind !== 'addr') {
      const local = this.fx.temp('found', { ...type, region: 'any' }, span);
      body.push(declStmt(local, expr, span));
      reference = useLocal(local, span);
    }
    const copy = this.filled(deref(reference, span), span);
    const sites = [...this.origins.of(expr)];
    const mixed = sites.some((s) => !isOwn(s, this.params));
    const slots = sites
      .filter((s) => isOwn(s, this.params))
      .flatMap((s) => this.placement.slotsOf(s));
    const isOwnObject = either(
      slots.map((slot) =>
        binary('==', reference, addressOf(useLocal(slot, span), 'stack', span), BOOL, span),
      ),
      span,
    );
    const result = mixed
      ? conditional(isOwnObject, copy, reference, type, span)
      : type.nullable && reference.kind === 'var'
        ? conditional(reference, copy, { ...nullExpr(span), type }, type, span)
        : copy;
    return body.length > 0 ? { kind: 'block', body, result, type, span } : result;
  }
}

/** A callback is over when what it has captured goes on: an object of its own cannot be kept there. */
function checkCaptured(fx: FunctionScope, origins: Origins, body: Stmt[]): void {
  if (!fx.parent) return;
  for (const { local, place } of fx.captures.values()) {
    if (local.type.kind !== 'ptr' || !local.assigned) continue;
    for (const value of origins.storedTo(place, body))
      if (
        [...origins.of(value)].some(
          (s) => isObjectExpr(s) || ('name' in s && !origins.params.includes(s)),
        )
      )
        fx.fe.report(objectKept(value.span, local.name, describeType(local.type.to)));
  }
}

import { objectKept } from '../../diagnostics/catalogue/meaning.js';
import type { Expr, Local, Stmt } from '../../ir/nodes.js';
import { BOOL, describeType, pointerTo, sameType } from '../../ir/types.js';
import { partsOf, walkStmt } from '../../ir/walk.js';
import {
  addressOf,
  assign,
  binary,
  conditional,
  declStmt,
  deref,
  either,
  exprStmt,
  useLocal,
} from '../make.js';
import type { FunctionScope } from '../scope.js';
import { isObjectExpr, isReference, type ObjectExpr, type Origins, type Site } from './origins.js';

/** Variables beyond the rounds of a loop that may keep its objects: each takes room for one more. */
const MOST_KEEPERS = 3;

/** Where something stands: the loops and the lists of statements around it, the innermost last. */
interface Place {
  loops: Stmt[];
  lists: Stmt[][];
  /** What is written before has a smaller one. */
  order: number;
}

const NOWHERE: Place = { loops: [], lists: [], order: 0 };

/** Room for an object: where a loop makes one each round and some are kept, as many as there can be at a time. */
interface Room {
  slots: Local[];
  keepers: Local[];
}

/**
 * Gives the objects that a function makes their storage, for as long as a variable refers to them: in the block where
 * they are made, in the function, or, where a round of a loop makes an object and one of an earlier round is kept, in
 * whichever of several rooms no variable refers to.
 */
export class Placement {
  private readonly places = new Map<Site, Place>();
  private readonly rooms = new Map<Site, Room>();
  private written = 0;
  /** Declared at the top of the function. */
  readonly declared: Stmt[] = [];

  constructor(
    private readonly fx: FunctionScope,
    private readonly origins: Origins,
    private readonly body: Stmt[],
  ) {
    this.findIn(body, NOWHERE);
    for (const [site] of this.places) this.decide(site);
  }

  /** Where the objects of a site may be. */
  slotsOf(site: Site): Local[] {
    const known = this.rooms.get(site);
    if (known) return known.slots;
    if (!isObjectExpr(site)) return 'name' in site ? [site] : [];
    return this.makeRoom(site, [], 1).slots;
  }

  private note(site: Site, at: Place): void {
    this.places.set(site, { ...at, order: ++this.written });
  }

  /** Whether a variable is there where something else is made; one that is not has no object then. */
  private isVisible(local: Local, from: Place): boolean {
    const { lists, order } = this.places.get(local) ?? NOWHERE;
    return order < from.order && lists.every((list) => from.lists.includes(list));
  }

  private findIn(list: Stmt[], at: Place): void {
    const inside = { ...at, lists: [...at.lists, list] };
    for (const stmt of list) this.findStmt(stmt, inside);
  }

  private findStmt(stmt: Stmt, at: Place): void {
    if (stmt.kind === 'block') return this.findIn(stmt.body, at);
    if (stmt.kind === 'decl') this.note(stmt.local, at);
    const isLoop =
      stmt.kind === 'for' || stmt.kind === 'while' || stmt.kind === 'do' || stmt.kind === 'iterate';
    const round = isLoop ? { ...at, loops: [...at.loops, stmt] } : at;
    // What an iterator is made with is evaluated once.
    const header = stmt.kind === 'iterate' ? at : round;
    if (stmt.kind === 'for' && stmt.init) this.findStmt(stmt.init, at);
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.findExpr(e, header);
    if (stmt.kind === 'switch') return stmt.cases.forEach((c) => this.findIn(c.body, at));
    if (stmt.kind === 'iterate') this.note(stmt.local, round);
    for (const s of stmts)
      if (stmt.kind !== 'for' || s !== stmt.init) {
        if (s.kind === 'seq') this.findIn(s.body, round);
        else this.findStmt(s, round);
      }
  }

  private findExpr(expr: Expr, at: Place): void {
    if (expr.kind === 'object') this.note(expr, at);
    // Room that a call fills: its object is made where the call is.
    if (expr.kind === 'addr' && expr.of.kind === 'var')
      if (this.fx.hoisted.includes(expr.of.local)) this.note(expr.of.local, at);
    const { exprs, stmts } = partsOf(expr);
    for (const e of exprs) this.findExpr(e, at);
    if (stmts.length > 0) this.findIn(stmts, at);
  }

  private decide(site: Site): void {
    const place = this.places.get(site)!;
    if (!isObjectExpr(site) && (!('name' in site) || isReference(site))) return;
    const holders = this.origins.holders(site);
    if (holders.length === 0) return;
    const loop = place.loops[place.loops.length - 1];
    const kept = loop
      ? holders.filter((h) => {
          const { loops } = this.places.get(h) ?? NOWHERE;
          return !loops.includes(loop) && this.isVisible(h, place);
        })
      : [];
    const isNamed = !isObjectExpr(site) && !this.fx.hoisted.includes(site as Local);
    // `v = {...}`: what v was before is no one's any more.
    const replaces = !isNamed && holders.length === 1;
    if (kept.length > 0 && !replaces) {
      const type = isObjectExpr(site) ? site.value.type : (site as Local).type;
      const other = kept.find((k) => k.type.kind === 'ptr' && !sameType(k.type.to, type));
      if (kept.length > MOST_KEEPERS || other) {
        const keeper = other ?? kept[0]!;
        const at = this.origins.keepingPlace(keeper, site) ?? keeper.span;
        this.fx.fe.report(objectKept(at, keeper.name, describeType(type)));
      } else this.makeRoom(site, kept, kept.length + 1);
      return;
    }
    const list = place.lists[place.lists.length - 1];
    const outlives = holders.some(
      (h) => !list || !(this.places.get(h) ?? NOWHERE).lists.includes(list),
    );
    if (outlives || isObjectExpr(site)) this.makeRoom(site, [], 1);
  }

  private makeRoom(site: Site, keepers: Local[], count: number): Room {
    const isExpr = isObjectExpr(site);
    const local = isExpr ? undefined : (site as Local);
    const type = isExpr ? site.value.type : local!.type;
    const span = isExpr ? site.span : local!.span;
    // A variable is the room itself, unless its object moves from one to another.
    const own = local && (count === 1 || this.fx.hoisted.includes(local)) ? local : undefined;
    const slots = Array.from({ length: count }, (_, i) =>
      i === 0 && own ? own : this.fx.declare(local ? local.name : 'made', type, span),
    );
    for (const slot of slots)
      if (!this.fx.hoisted.includes(slot)) this.declared.push(declStmt(slot, undefined, span));
    const room = { slots, keepers };
    this.rooms.set(site, room);
    return room;
  }

  /** The address of a room that no variable refers to. */
  private pick({ slots, keepers }: Room, span: Expr['span']): Expr {
    const address = (slot: Local): Expr => addressOf(useLocal(slot, span), 'stack', span);
    const [last, ...others] = [...slots].reverse();
    return others.reduce<Expr>((rest, slot) => {
      const free = address(slot);
      const taken = either(
        keepers.map((k) => binary('==', useLocal(k, span), free, BOOL, span)),
        span,
      );
      return conditional(taken, rest, free, free.type, span);
    }, address(last!));
  }

  /** Writes the storage into the function; what it declares at the top is in `declared`. */
  apply(): void {
    this.inList(this.body);
  }

  private inList(list: Stmt[]): void {
    for (let i = 0; i < list.length; i++) {
      const stmt = list[i]!;
      this.inStmt(stmt);
      if (stmt.kind !== 'decl') continue;
      const room = this.rooms.get(stmt.local);
      if (!room || this.fx.hoisted.includes(stmt.local)) continue;
      list[i] = this.made(stmt, room);
    }
  }

  /** `const o: T = {...}` whose object is kept beyond its block. */
  private made({ local, init, span }: Extract<Stmt, { kind: 'decl' }>, room: Room): Stmt {
    const { type } = local;
    const value: Expr = init ?? { kind: 'init', fields: [], type, span };
    if (room.keepers.length === 0) return exprStmt(assign(useLocal(local, span), value, span));
    const at = this.fx.declare(`${local.name}_at`, pointerTo(type, 'stack'), span);
    this.moved.set(local, at);
    const place = deref(useLocal(at, span), span);
    return {
      kind: 'seq',
      body: [declStmt(at, this.pick(room, span), span), exprStmt(assign(place, value, span))],
      span,
    };
  }

  /** Variables whose object is in one of several rooms, and the pointer to it. */
  private readonly moved = new Map<Local, Local>();

  private inStmt(stmt: Stmt): void {
    if (stmt.kind === 'block' || stmt.kind === 'seq') return this.inList(stmt.body);
    const { exprs, stmts } = partsOf(stmt);
    for (const e of exprs) this.inExpr(e);
    if (stmt.kind === 'switch') return stmt.cases.forEach((c) => this.inList(c.body));
    for (const s of stmts) this.inStmt(s);
  }

  private inExpr(expr: Expr): void {
    const { exprs, stmts } = partsOf(expr);
    for (const e of exprs) this.inExpr(e);
    if (stmts.length > 0 && expr.kind === 'block') this.inList(expr.body);
    if (expr.kind === 'object') become(expr, this.placed(expr));
    if (expr.kind !== 'addr' || expr.of.kind !== 'var') return;
    const room = this.rooms.get(expr.of.local);
    if (room && room.keepers.length > 0 && this.fx.hoisted.includes(expr.of.local))
      become(expr, this.pick(room, expr.span));
  }

  private placed(expr: ObjectExpr): Expr {
    const { value, span } = expr;
    const room = this.rooms.get(expr);
    // No variable refers to it: it is over with the expression.
    if (!room && value.kind === 'init') return { kind: 'addr', of: value, type: expr.type, span };
    const chosen = room ?? this.makeRoom(expr, [], 1);
    if (chosen.keepers.length === 0) {
      const slot = useLocal(chosen.slots[0]!, span);
      return objectIn(slot, addressOf(slot, 'stack', span), value, expr);
    }
    const at = this.fx.declare('made_at', expr.type, span);
    const reference = useLocal(at, span);
    const filled = objectIn(deref(reference, span), reference, value, expr);
    return filled.kind === 'block'
      ? { ...filled, body: [declStmt(at, this.pick(chosen, span), span), ...filled.body] }
      : filled;
  }

  /** The variables whose object has moved, wherever they are mentioned. */
  rename(): void {
    if (this.moved.size === 0) return;
    for (const stmt of this.body)
      walkStmt(stmt, {
        expr: (e) => {
          const at = e.kind === 'var' ? this.moved.get(e.local) : undefined;
          if (!at) return;
          become(e, deref(useLocal(at, e.span), e.span));
        },
      });
  }
}

function objectIn(place: Expr, reference: Expr, value: Expr, { type, span }: ObjectExpr): Expr {
  return {
    kind: 'block',
    body: [exprStmt(assign(place, value, span))],
    result: reference,
    type,
    span,
  };
}

/** Makes a node another one, in place. */
export function become(node: Expr, other: Expr): void {
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  Object.assign(node, other);
}

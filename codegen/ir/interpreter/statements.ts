import { layoutOf } from '../layout.js';
import type { Expr, Local, Stmt } from '../nodes.js';
import type { Release } from '../releases.js';
import { evaluate } from './expressions.js';
import { NotModelled, type Frame, type Machine } from './machine.js';
import { giveBack } from './releases.js';

/** How a statement is left: on to the next one, by a jump, or out of the function. */
type Way =
  | 'next'
  | { kind: 'break' | 'continue'; label?: string | undefined }
  | { kind: 'return'; value: bigint | undefined };

/** Rounds of the kernel's counting iterator at most: it makes none where more are asked for. */
const MOST_ROUNDS = 1n << 23n;

/** Runs the body of a function, and gives what it returns. */
export function runBody(m: Machine, frame: Frame, body: readonly Stmt[]): bigint | undefined {
  const held: Held = [];
  const way = runList(m, frame, body, held);
  letGo(m, frame, held);
  return typeof way === 'object' && way.kind === 'return' ? way.value : undefined;
}

/** Runs statements as a block: its objects are over at its end. */
function runBlock(m: Machine, frame: Frame, body: readonly Stmt[]): Way {
  const mark = m.memory.mark();
  const held: Held = [];
  const way = runList(m, frame, body, held);
  letGo(m, frame, held);
  // A value that is returned is copied where the function ends.
  if (typeof way !== 'object' || way.kind !== 'return') m.memory.release(mark);
  return way;
}

/** The same in an expression: its value is that of the last. */
export function blockValue(m: Machine, frame: Frame, body: readonly Stmt[], result: Expr): bigint {
  const mark = m.memory.mark();
  const held: Held = [];
  if (runList(m, frame, body, held) !== 'next') throw new Error('a block in an expression is left');
  const value = evaluate(m, frame, result);
  letGo(m, frame, held);
  return m.left(mark, result.type, value);
}

/** Gives back what a block holds at its end, however that is reached: the last first. */
function letGo(m: Machine, frame: Frame, held: Held): void {
  for (const { local, release } of held.reverse()) {
    const at = frame.places.get(local);
    if (at !== undefined) giveBack(m, release, m.memory.read(at, local.type));
  }
}

type Held = { local: Local; release: Release }[];

function runList(m: Machine, frame: Frame, body: readonly Stmt[], held: Held): Way {
  for (const stmt of body) {
    const way = run(m, frame, stmt, held);
    if (way !== 'next') return way;
  }
  return 'next';
}

function run(m: Machine, frame: Frame, stmt: Stmt, held: Held): Way {
  m.step();
  const holds = (test: Expr | undefined): boolean =>
    test === undefined || evaluate(m, frame, test) !== 0n;
  switch (stmt.kind) {
    case 'decl':
      declare(m, frame, stmt);
      if (stmt.local.cleanup) held.push({ local: stmt.local, release: stmt.local.cleanup });
      return 'next';
    case 'expr':
      evaluate(m, frame, stmt.expr);
      return 'next';
    case 'if':
      if (holds(stmt.test)) return runBlock(m, frame, [stmt.then]);
      return stmt.else ? runBlock(m, frame, [stmt.else]) : 'next';
    case 'for': {
      const way = stmt.init ? run(m, frame, stmt.init, held) : 'next';
      if (way !== 'next') return way;
      const step = (): unknown => stmt.step && evaluate(m, frame, stmt.step);
      return rounds(m, frame, stmt, () => holds(stmt.test), step);
    }
    case 'while':
      return rounds(m, frame, stmt, () => holds(stmt.test));
    case 'do': {
      let first = true;
      const more = (): boolean => first || holds(stmt.test);
      return rounds(m, frame, stmt, () => {
        const go = more();
        first = false;
        return go;
      });
    }
    case 'iterate':
      return iterate(m, frame, stmt);
    case 'switch':
      return choose(m, frame, stmt);
    case 'break':
    case 'continue':
      return { kind: stmt.kind, label: stmt.label };
    case 'return':
      return { kind: 'return', value: stmt.value && evaluate(m, frame, stmt.value) };
    case 'block':
      return runBlock(m, frame, stmt.body);
    case 'seq':
      return runList(m, frame, stmt.body, held);
  }
}

function declare(m: Machine, frame: Frame, { local, init }: Extract<Stmt, { kind: 'decl' }>): void {
  const place = m.memory.push(layoutOf(local.type).size);
  const value = init && evaluate(m, frame, init);
  frame.places.set(local, place);
  if (value !== undefined) m.memory.write(place, local.type, value);
}

type Loop = Extract<Stmt, { kind: 'for' | 'while' | 'do' | 'iterate' }>;

function rounds(
  m: Machine,
  frame: Frame,
  { body, labels }: Loop,
  goesOn: () => boolean,
  step?: () => unknown,
): Way {
  while (goesOn()) {
    const way = runBlock(m, frame, [body]);
    if (way !== 'next') {
      if (way.kind === 'return') return way;
      const own =
        way.label === undefined ||
        way.label === (way.kind === 'break' ? labels.breakLabel : labels.continueLabel);
      if (!own) return way;
      if (way.kind === 'break') return 'next';
    }
    step?.();
  }
  return 'next';
}

function iterate(m: Machine, frame: Frame, stmt: Extract<Stmt, { kind: 'iterate' }>): Way {
  if (stmt.iterator !== 'range') throw new NotModelled(`each.${stmt.iterator}()`);
  const [from = 0n, to = 0n] = stmt.args.map((a) => evaluate(m, frame, a));
  const place = m.memory.push(layoutOf(stmt.local.type).size);
  frame.places.set(stmt.local, place);
  const end = to - from > MOST_ROUNDS ? from : to;
  let next = from;
  return rounds(m, frame, stmt, () => {
    if (next >= end) return false;
    m.memory.write(place, stmt.local.type, next++);
    return true;
  });
}

function choose(m: Machine, frame: Frame, stmt: Extract<Stmt, { kind: 'switch' }>): Way {
  const value = evaluate(m, frame, stmt.value);
  const { cases } = stmt;
  const has = (tests: (Expr | 'default')[]): boolean =>
    tests.some((t) => t !== 'default' && evaluate(m, frame, t) === value);
  const matching = cases.findIndex((c) => has(c.tests));
  const from = matching >= 0 ? matching : cases.findIndex((c) => c.tests.includes('default'));
  if (from < 0) return 'next';
  for (const { body } of cases.slice(from)) {
    const way = runBlock(m, frame, body);
    if (way === 'next') continue;
    if (way.kind === 'break' && (way.label === undefined || way.label === stmt.labels.breakLabel))
      return 'next';
    return way;
  }
  return 'next';
}

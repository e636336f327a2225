import type { FunctionIr } from './module.js';
import type { Expr, Local } from './nodes.js';
import { structOf, type Field } from './types.js';
import { walkStmt } from './walk.js';

/** The variable of the function around a callback that this is, by its field in the struct of captures. */
export function captureIn(e: Expr): Field | undefined {
  if (e.kind !== 'deref' || e.pointer.kind !== 'member') return undefined;
  const { base, field } = e.pointer;
  const struct = base.kind === 'var' ? structOf(base.type) : undefined;
  return struct?.captures ? struct.field(field) : undefined;
}

/** What a function captures of the one around it. */
export function capturesOf({ role }: FunctionIr): readonly Field[] {
  return role && 'captures' in role ? (role.captures?.fields() ?? []) : [];
}

/** The initialisers of the structs with which a function hands its variables to callbacks. */
export function contextsIn(fn: FunctionIr): Map<Local, Expr> {
  const found = new Map<Local, Expr>();
  for (const stmt of fn.body)
    walkStmt(stmt, {
      stmt: (s) => {
        if (s.kind === 'decl' && s.init && structOf(s.local.type)?.captures)
          found.set(s.local, s.init);
      },
    });
  return found;
}

/** The variable behind each field that a callback captures, where it is called; `context` is its first operand. */
export function capturedBy(
  fn: FunctionIr,
  context: Expr | undefined,
  contexts: ReadonlyMap<Local, Expr>,
): { field: Field; place: Expr }[] {
  const local = context?.kind === 'addr' && context.of.kind === 'var' && context.of.local;
  const init = local ? contexts.get(local) : undefined;
  if (init?.kind !== 'init') return [];
  const fields = capturesOf(fn);
  return init.fields.flatMap(({ name, value }) => {
    const field = fields.find((f) => f.name === name);
    return field && value.kind === 'addr' ? [{ field, place: value.of }] : [];
  });
}

import type { Frontend } from '../context.js';

/** Function bodies that are compiled once every name of the program is known. */
const pending = new WeakMap<Frontend, (() => void)[]>();

export function later(fe: Frontend, work: () => void): void {
  const list = pending.get(fe) ?? [];
  pending.set(fe, list);
  list.push(work);
}

export function compilePending(fe: Frontend): void {
  for (const work of pending.get(fe) ?? []) work();
}

import type { BtfType } from './parse.js';

/**
 * Flags of a kernel function: KF_* of include/linux/btf.h, which are not in BTF itself but stand
 * beside each function's id in the kernel image.
 */
const FLAGS: readonly [number, string][] = [
  [0, 'acquire'],
  [1, 'release'],
  [2, 'ret_null'],
  [4, 'trusted_args'],
  [5, 'sleepable'],
  [6, 'destructive'],
  [7, 'rcu'],
  [8, 'iter_new'],
  [9, 'iter_next'],
  [10, 'iter_destroy'],
  [11, 'rcu_protected'],
  [12, 'fastcall'],
  [13, 'arena_ret'],
  [14, 'arena_arg1'],
  [15, 'arena_arg2'],
  [16, 'implicit_args'],
  [17, 'spinlock_safe'],
  [18, 'perfmon'],
];

export interface KfuncSet {
  /** Function name to the names of its flags. */
  members: Map<string, string[]>;
}

/** BTF_SET8_KFUNCS: the mark of a set that holds kernel functions. */
const IS_KFUNC_SET = 1;

/**
 * The sets of kernel functions in a `.BTF_ids` section. The section has no table of contents, so
 * they are recognised by their form: a count, the mark, then that many (id, flags) pairs with
 * rising ids that are all functions.
 */
export function kfuncSets(ids: Buffer, types: BtfType[]): KfuncSet[] {
  const words = new Uint32Array(ids.length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = ids.readUInt32LE(i * 4);
  const sets: KfuncSet[] = [];
  let at = 0;
  while (at + 2 < words.length) {
    const set = setAt(words, at, types);
    if (!set) {
      at++;
      continue;
    }
    sets.push(set);
    at += 2 + 2 * set.members.size;
  }
  return sets;
}

function setAt(words: Uint32Array, at: number, types: BtfType[]): KfuncSet | undefined {
  const count = words[at] ?? 0;
  if (count === 0 || words[at + 1] !== IS_KFUNC_SET || at + 2 + 2 * count > words.length)
    return undefined;
  const members = new Map<string, string[]>();
  let last = 0;
  for (let i = at + 2; i < at + 2 + 2 * count; i += 2) {
    const id = words[i]!;
    const type = types[id];
    if (id <= last || type?.kind !== 'func') return undefined;
    last = id;
    members.set(type.name, flagNames(words[i + 1]!));
  }
  return { members };
}

function flagNames(bits: number): string[] {
  return FLAGS.filter(([bit]) => (bits >>> bit) & 1).map(([, name]) => name);
}

/** Flags by function over all sets. */
export function kfuncFlags(sets: KfuncSet[]): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const { members } of sets) {
    for (const [name, flags] of members) {
      const known = out.get(name);
      // A function in several sets has in effect the flags that all of them give it.
      out.set(name, known ? known.filter((f) => flags.includes(f)) : flags);
    }
  }
  return out;
}

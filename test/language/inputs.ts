import { cut, TYPES, type Env } from './reference.js';

/** Names of inputs: two of each type. */
export const FIELDS = Object.keys(TYPES).flatMap((t) => [`${t}0`, `${t}1`]);
const EDGES = [
  0n,
  1n,
  -1n,
  2n,
  127n,
  128n,
  255n,
  256n,
  32767n,
  65535n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  1n << 62n,
  (1n << 63n) - 1n,
  1n << 63n,
];

/** Random values of every input, edges among them. */
export function inputs(pick: (n: number) => number): Env {
  const env: Env = {};
  for (const field of FIELDS) {
    const wide =
      pick(3) === 0
        ? EDGES[pick(EDGES.length)]!
        : (BigInt(pick(1 << 30)) << 34n) ^ (BigInt(pick(1 << 30)) << 10n) ^ BigInt(pick(1 << 16));
    env[field] = cut(pick(4) === 0 ? BigInt(pick(20) - 10) : wide, TYPES[field.slice(0, -1)]!);
  }
  return env;
}

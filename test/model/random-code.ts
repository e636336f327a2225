/** Straight pieces of random BPF code over r0 to r5 (r6 is `data`), for the same run in a kernel and in the model. */

/** A generator of 32-bit numbers: small, seeded, and the same everywhere. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const SPECIAL = ['0', '1', '-1', '2', '7', '-2147483648', '2147483647', '255', '65535', '31', '63'];
const REGISTERS = 6;

type Pick = (below: number) => number;
const pick = <T>(next: Pick, list: readonly T[]): T => list[next(list.length)]!;
const register = (next: Pick, width: 'r' | 'w'): string => `${width}${next(REGISTERS)}`;
const number = (next: Pick): string =>
  next(2) ? pick(next, SPECIAL) : String((next(2 ** 32) | 0) >> next(32));

/** One statement of each kind of instruction; `v4` ones want clang's -mcpu=v4. */
const KINDS: ((next: Pick, label: string, behind: string) => string)[] = [
  (next) => {
    const width = pick(next, ['r', 'w'] as const);
    const op = pick(next, ['+=', '-=', '*=', '|=', '&=', '^=', '/=', '%%=', 's/=', 's%%=']);
    // A constant divisor of 0 is refused by every kernel.
    const value = next(2) ? register(next, width) : number(next);
    return `${register(next, width)} ${op} ${/[/%]/.test(op) && value === '0' ? '3' : value};`;
  },
  (next) => {
    const width = pick(next, ['r', 'w'] as const);
    const op = pick(next, ['<<=', '>>=', 's>>=']);
    const by = next(2) ? register(next, width) : String(next(width === 'r' ? 64 : 32));
    return `${register(next, width)} ${op} ${by};`;
  },
  (next) => {
    const width = pick(next, ['r', 'w'] as const);
    return `${register(next, width)} = ${next(2) ? register(next, width) : number(next)};`;
  },
  (next) => {
    const width = pick(next, ['r', 'w'] as const);
    const r = register(next, width);
    return `${r} = -${r};`;
  },
  (next) => {
    const width = pick(next, ['r', 'w'] as const);
    const bits = pick(next, width === 'r' ? [8, 16, 32] : [8, 16]);
    return `${register(next, width)} = (s${bits})${register(next, width)};`;
  },
  (next) => {
    const r = register(next, 'r');
    return `${r} = ${pick(next, ['be16', 'be32', 'be64', 'le16', 'le32', 'le64', 'bswap16', 'bswap32', 'bswap64'])} ${r};`;
  },
  (next) =>
    `${register(next, 'r')} = ${pick(next, ['0x123456789abcdef', '-5', '0x8000000000000000', '0xffffffff'])} ll;`,
  (next) => {
    const size = pick(next, [8, 16, 32, 64]);
    const at = `*(${next(2) && size < 64 ? 's' : 'u'}${size} *)(r6 + ${next(56)})`;
    return `${register(next, 'r')} = ${at};`;
  },
  (next) => {
    const size = pick(next, [8, 16, 32, 64]);
    return `*(u${size} *)(r6 + ${next(56)}) = ${next(2) ? register(next, 'r') : number(next)};`;
  },
  (next) => {
    const width = pick(next, ['r', 'w'] as const);
    const size = width === 'r' ? 64 : 32;
    const at = `*(u${size} *)(r6 + ${next(7) * 8})`;
    const r = register(next, width);
    const op = pick(next, ['+', '&', '|', '^']);
    return next(2)
      ? `lock ${at} ${op}= ${r};`
      : `${r} = atomic_fetch_${{ '+': 'add', '&': 'and', '|': 'or', '^': 'xor' }[op]}((u${size} *)(r6 + ${next(7) * 8}), ${r});`;
  },
  (next) => {
    const r = register(next, 'r');
    return `${r} = xchg_64(r6 + ${next(7) * 8}, ${r});`;
  },
  (next) => {
    const w = register(next, 'w');
    return `${w} = xchg32_32(r6 + ${next(7) * 8}, ${w});`;
  },
  (next) => `r0 = cmpxchg_64(r6 + ${next(7) * 8}, r0, ${register(next, 'r')});`,
  (next) => `w0 = cmpxchg32_32(r6 + ${next(7) * 8}, w0, ${register(next, 'w')});`,
  (next, label) => {
    const width = pick(next, ['r', 'w'] as const);
    const op = pick(next, ['==', '!=', '>', '>=', '<', '<=', 's>', 's>=', 's<', 's<=', '&']);
    const other = next(2) ? register(next, width) : number(next);
    return `if ${register(next, width)} ${op} ${other} goto ${label};`;
  },
  // What nothing leads to is refused: plain jumps lead to the next place.
  (next, _, behind) => (next(4) ? 'r5 ^= 85;' : `goto ${behind};`),
  (next, _, behind) => (next(4) ? 'w4 += 3;' : `gotol ${behind};`),
];

/** A function's body: it reads r0 to r5 from `data`, and writes them back behind what it changed. */
export function randomBody(next: Pick, length: number): string {
  const lines: string[] = [];
  for (let r = 0; r < REGISTERS; r++) lines.push(`r${r} = *(u64 *)(r6 + ${r * 8});`);
  for (let i = 0; i < length; i++) {
    // Jumps lead ahead, to one of the next few places.
    const label = `l%=_${Math.min(length, i + 1 + next(6))}`;
    lines.push(`l%=_${i}: ${pick(next, KINDS)(next, label, `l%=_${i + 1}`)}`);
  }
  lines.push(`l%=_${length}:`);
  for (let r = 0; r < REGISTERS; r++) lines.push(`*(u64 *)(r6 + ${64 + r * 8}) = r${r};`);
  lines.push('r0 = 0;', 'exit;');
  return lines.join('\\n\\\n');
}

/** A C file with one syscall program `run` that runs every body on its own 128 bytes of `out`. */
export function randomProgram(seed: number, bodies: number, length: number): string {
  const next = randomNumbers(seed);
  const word = (): string => {
    const high = next(3) ? next(2 ** 32) : pick(next, [0, 0xffff_ffff, 0x8000_0000]);
    const low = next(3) ? next(2 ** 32) : pick(next, [0, 1, 0xffff_ffff, 0x8000_0000, 0x7fff_ffff]);
    return `0x${high.toString(16).padStart(8, '0')}${low.toString(16).padStart(8, '0')}ULL`;
  };
  const inits = Array.from({ length: bodies * 16 }, word).join(', ');
  const functions = Array.from(
    { length: bodies },
    (_, i) => `
__attribute__((naked, noinline, used)) unsigned long body${i}(void)
{
	asm volatile("r6 = %[out] ll;\\n\\
r6 += ${i * 128};\\n\\
${randomBody(next, length)}" : : [out] "i"(&out) : );
}`,
  ).join('\n');
  const calls = Array.from({ length: bodies }, (_, i) => `\tbody${i}();`).join('\n');
  return `#define SEC(name) __attribute__((section(name), used))
unsigned long long out[${bodies * 16}] SEC(".data") = { ${inits} };
${functions}
SEC("syscall") int run(void *ctx)
{
${calls}
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;
}

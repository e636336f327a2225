import {
  scheduler,
  syscall,
  range,
  zeroed,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  type FixedArray,
  config,
} from 'scxts';

let hist: FixedArray<u64, 16> = zeroed();
let grid: FixedArray<FixedArray<u32, 4>, 4> = zeroed();
const boost: u32[] = [0, 256, 512, 768, 1024];
const names: s32[] = [-1, 2, -3];
const MASK = 0xffff_ffff_ffff_fff0n;
const LIMIT = 1 << 10;
export const lim = config(7, 'lim');

interface Args {
  a: u64;
  b: s32;
  c: u32;
  out: u64;
}

function clamp<T extends u32 | u64 | s32>(x: T, lo: T, hi: T): T {
  return x < lo ? lo : x > hi ? hi : x;
}
/** @noinline */
function collatz(n: u64): u32 {
  let steps: u32 = 0;
  while (n !== 1) {
    n = n & 1 ? n * 3 + 1 : n / 2;
    if (++steps > 1000) return steps;
  }
  return steps;
}
function log2(x: u64): u32 {
  let r: u32 = 0;
  for (; x > 1; x >>= 1) r++;
  return r;
}
function kind(n: u32): u32 {
  switch (n) {
    case 0:
      return 10;
    case 1:
    case 2:
      n += 5;
      break;
    case 3: {
      const m = n * 2;
      return m;
    }
    default:
      n = 0;
  }
  return n;
}

export const run = syscall((args: Args) => {
  outer: for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 16; j++) {
      if (i * j > 100) break outer;
      if (j > i) continue outer;
      hist[(i + j) % 16] += u64(i * j);
    }
  }
  let k = 0;
  do {
    hist[k]++;
    k += 2;
  } while (k < 16);
  let found = -1;
  search: for (const i of range(4)) {
    for (const j of range(4)) {
      if (grid[i][j] === 0) {
        found = i * 4 + j;
        break search;
      }
    }
  }
  args.out = collatz(args.a || 27);
  args.out += boost[args.c] ?? 0;
  args.out += clamp(args.a, 10, 100);
  args.out += u64(clamp(args.c, 1, 5));
  args.out += u64(clamp(args.b, 0, 5));
  args.out ^= u64(MASK) & args.a;
  args.out += u64(Math.min(args.c, 9)) + u64(Math.max(args.b, 0)) + u64(Math.abs(args.b));
  const v = args.a && args.c;
  const w = args.b || -1;
  if (v && w > 0 && !(args.c & 1)) args.out++;
  for (let i: u64 = 0; i < args.a; i++) {
    if (i === 50) break;
    args.out += i;
  }
  let x = args.a;
  while (x) {
    x &= x - 1;
    args.out++;
  }
  let sh: s64 = -8;
  sh >>= 1;
  sh >>>= 1;
  args.out += u64(sh);
  let tiny: u8 = 250;
  tiny += 10;
  const signed: s8 = s8(tiny);
  const n16: s16 = s16(args.a);
  args.out += u64(signed) + u64(n16) + u64(kind(args.c)) + u64(log2(args.a));
  args.out %= 1000;
  args.out *= args.out;
  return found;
});

export default scheduler({ name: 'fuzz_control' });

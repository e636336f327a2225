import { scheduler, u32, u64, s8, s32, s64, config, bool, type u8, type u16 } from 'scxts';

const N = 4;
const BIG = u64(0xffff_ffff_ffff_fff0n);
export const divisor = config<u32>(3, 'divisor');
export const shift = config<u8>(5, 'shift');
let a: u8 = 200;
let b: u16 = 40_000;
let c: u32 = 4_000_000_000;
let d: u64 = 0;
let e: s8 = -5;
let f: s32 = -7;
let g: s64 = 0;
let flags = 0;
let seen: bool = false;

function widths(): u64 {
  d = a; // u8 into u64
  d = b;
  d += c * 2;
  g = f;
  g = s64(c) - f;
  c = u32(d);
  a += 100;
  b <<= 3;
  d = d >> shift;
  d = u64(1) << shift;
  d = 1 << shift;
  g >>= 2;
  d >>>= 1;
  f = f / 2;
  f = f % s32(divisor);
  g /= f;
  d /= divisor;
  d %= divisor;
  d = d / 7;
  e = s8(f);
  d ^= BIG;
  d = ~d;
  d = d & 0xff;
  d |= 0x100;
  flags = flags | 1;
  return d;
}

function compare(cpu: s32, nr: u32): bool {
  if (cpu >= 0 && u32(cpu) < nr) return true;
  if (a < 10 || b === 7 || c !== 0 || f < -3 || g > 5_000_000_000) return false;
  const low = Math.min(c, 10);
  const high = Math.max(d, 10, c);
  const abs = Math.abs(f);
  return low < high && abs > 2;
}

function loops(): u32 {
  let sum = 0;
  for (let i = 0; i < N; i++) sum += i;
  for (let i = 0; i < divisor; i++) sum += i;
  let n = c;
  while (n) {
    n >>= 1;
    sum++;
  }
  do {
    n++;
  } while (n < 3);
  outer: for (let i = 0; i < 10; i++) {
    for (let j = 0; j < 10; j++) {
      if (j === 3) continue outer;
      if (i === 7) break outer;
      sum += i * j;
    }
  }
  let k = 10;
  for (;;) {
    if (--k === 0) break;
  }
  switch (sum) {
    case 1:
    case 2:
      sum = 5;
      break;
    case N:
      return 7;
    default:
      sum ^= 3;
      break;
  }
  return sum;
}

export default scheduler({
  name: 'integers',
  enqueue(p, enq_flags) {
    const x = widths();
    seen = compare(p.scx.weight > 5 ? 1 : -1, divisor) || bool(x);
    const y = enq_flags & 1 ? 10 : 20;
    d = x + y + loops() + (enq_flags && 3) + (p.flags || 7);
    const z = p.pid ?? 3;
    g = z;
  },
});

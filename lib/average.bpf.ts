// Running averages that halve in a set time, in fixed point: 1.0 is AVERAGE_ONE.
import { type u32, u64 } from 'scxts';

export const AVERAGE_BITS = 30;
export const AVERAGE_ONE = 0x4000_0000;
/** Fraction of a half-life in 2^24 steps: 64 entries of the table, the rest by a straight line. */
const STEP_BITS = 18;

/** 2^(-i/64) for i = 0..64. */
const POWERS: u32[] = [
  0x40000000, 0x3f4f8303, 0x3ea0ecb7, 0x3df437dd, 0x3d495f45, 0x3ca05dcf, 0x3bf92e67, 0x3b53cc08,
  0x3ab031ba, 0x3a0e5a94, 0x396e41ba, 0x38cfe25d, 0x383337bb, 0x37983d21, 0x36feede6, 0x36674571,
  0x35d13f33, 0x353cd6ab, 0x34aa0764, 0x3418ccf7, 0x33892305, 0x32fb0540, 0x326e6f62, 0x31e35d32,
  0x3159ca84, 0x30d1b337, 0x304b1333, 0x2fc5e66e, 0x2f4228e8, 0x2ebfd6ad, 0x2e3eebd2, 0x2dbf6479,
  0x2d413ccd, 0x2cc47105, 0x2c48fd60, 0x2bcede2b, 0x2b560fbb, 0x2ade8e6d, 0x2a6856ad, 0x29f364ed,
  0x297fb5aa, 0x290d456c, 0x289c10c1, 0x282c1444, 0x27bd4c98, 0x274fb66a, 0x26e34e6e, 0x26781165,
  0x260dfc14, 0x25a50b4e, 0x253d3bea, 0x24d68acc, 0x2470f4dd, 0x240c7711, 0x23a90e63, 0x2346b7d7,
  0x22e57079, 0x2285355d, 0x222603a0, 0x21c7d866, 0x216ab0da, 0x210e8a31, 0x20b361a6, 0x2059347d,
  0x20000000,
];

/** What is left of 1.0 after `ns`, with 1.0 as AVERAGE_ONE. */
export function decayAfter(ns: u64, half_life: u64): u64 {
  const halves = ns / half_life;
  if (halves > 40) return 0;
  const fraction = u64(((ns % half_life) << 24) / half_life);
  const i = u64(fraction >> STEP_BITS);
  const from = u64(POWERS[i]);
  const to = u64(POWERS[i + 1]);
  const left = from - (((from - to) * (fraction & 0x3ffff)) >> STEP_BITS);
  return left >> halves;
}

/** `x` times what decayAfter() gave, without overflow for x below 2^63. */
export function decayed(x: u64, left: u64): u64 {
  return (x >> AVERAGE_BITS) * left + (((x & 0x3fff_ffff) * left) >> AVERAGE_BITS);
}

/** The average of a value that has been `value` since the average was brought up to date. */
export function averageTowards(average: u64, value: u64, left: u64): u64 {
  return average >= value
    ? value + decayed(average - value, left)
    : value - decayed(value - average, left);
}

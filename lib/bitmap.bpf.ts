// Bitmaps and ranges in arrays of u64. Bits beyond the array read as clear, and setting them does nothing.
import {
  atomicAnd,
  atomicOr,
  hweight64,
  __ffs64,
  range,
  type FixedArray,
  type bool,
  u32,
  u64,
} from 'scxts';

const ONES = u64(0xffff_ffff_ffff_ffffn);

/** A bitmap of 64 bits for each element. */
type Bitmap = FixedArray<u64, number>;

/** The bits from the first on in one word; those below are clear. */
function from(bit: u32): u64 {
  return ONES << (bit & 63);
}

export function bitmapTest<B extends Bitmap>(bits: B, bit: u32): bool {
  return (bits[bit >> 6] & (u64(1) << (bit & 63))) !== 0;
}
/** Sets a bit; what other CPUs do to its word at the same time may be lost. */
export function bitmapSet<B extends Bitmap>(bits: B, bit: u32): void {
  bits[bit >> 6] |= u64(1) << (bit & 63);
}
export function bitmapClear<B extends Bitmap>(bits: B, bit: u32): void {
  bits[bit >> 6] &= ~(u64(1) << (bit & 63));
}
/** Sets a bit in one step, and says whether it was set before. */
export function bitmapTestAndSet<B extends Bitmap>(bits: B, bit: u32): bool {
  if (bit >= bits.length * 64) return false;
  const mask: u64 = u64(1) << (bit & 63);
  return (atomicOr(bits[bit >> 6], mask) & mask) !== 0;
}
/** Clears a bit in one step, and says whether it was set before. */
export function bitmapTestAndClear<B extends Bitmap>(bits: B, bit: u32): bool {
  if (bit >= bits.length * 64) return false;
  const mask: u64 = u64(1) << (bit & 63);
  return (atomicAnd(bits[bit >> 6], ~mask) & mask) !== 0;
}

/** The bits of word `w` that a range of `count` from `first` on has. */
function inRange(w: u32, first: u32, count: u32): u64 {
  const start: u32 = w * 64;
  const end: u32 = first + count;
  if (end <= start || first >= start + 64) return 0;
  let mask: u64 = first > start ? from(first) : ONES;
  if (end < start + 64) mask &= ~from(end);
  return mask;
}

export function bitmapSetRange<B extends Bitmap>(bits: B, first: u32, count: u32): void {
  for (const w of range(u32(bits.length))) bits[w] |= inRange(w, first, count);
}
export function bitmapClearRange<B extends Bitmap>(bits: B, first: u32, count: u32): void {
  for (const w of range(u32(bits.length))) bits[w] &= ~inRange(w, first, count);
}

/** How many bits are set. */
export function bitmapWeight<B extends Bitmap>(bits: B): u32 {
  let sum: u32 = 0;
  for (const w of range(u32(bits.length))) sum += u32(hweight64(bits[w]));
  return sum;
}

/** The first set bit from `start` on; as many as the bitmap has bits if there is none. */
export function bitmapNext<B extends Bitmap>(bits: B, start: u32): u32 {
  return next(bits, start, 0);
}
/** The first clear bit from `start` on; as many as the bitmap has bits if there is none. */
export function bitmapNextClear<B extends Bitmap>(bits: B, start: u32): u32 {
  return next(bits, start, ONES);
}

function next<B extends Bitmap>(bits: B, start: u32, flip: u64): u32 {
  const all = u32(bits.length * 64);
  for (const w of range(start >> 6, u32(bits.length))) {
    let word = bits[w] ^ flip;
    if (w === start >> 6) word &= from(start);
    if (word !== 0) return u32(w * 64) + u32(__ffs64(word));
  }
  return all;
}

/**
 * The start of the first run of `count` clear bits from `start` on; as many as the bitmap has bits if there is none.
 */
export function bitmapFindRange<B extends Bitmap>(bits: B, start: u32, count: u32): u32 {
  const all = u32(bits.length * 64);
  let at = start;
  // Each round passes at least one run of set bits.
  for (const round of range(all)) {
    at = bitmapNextClear(bits, at);
    if (at + count > all || round > all) return all;
    const end = bitmapNext(bits, at);
    if (end - at >= count) return at;
    at = end;
  }
  return all;
}

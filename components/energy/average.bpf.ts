// A running average that halves in a set time, in fixed point: 1.0 is 2^20.
import { u64 } from 'scxts';

/** 2^-f for f from 0 to 1 is 1 - 0.67157 f + 0.17157 f^2, within 0.0005. */
const LINEAR = 704_190;
const SQUARE = 179_906;

/** What is left of 1.0 after `ns`. */
export function decayOver(ns: u64, half_life: u64): u64 {
  const halves = ns / half_life;
  if (halves > 20) return 0;
  const f = u64(((ns - halves * half_life) << 20) / half_life);
  const left = u64((1 << 20) - ((f * LINEAR) >> 20) + ((((f * f) >> 20) * SQUARE) >> 20));
  return left >> halves;
}

/** The average after `ns` in which the value was `value`. Utilisations are kept times 2^10. */
export function towards(average: u64, value: u64, ns: u64, half_life: u64): u64 {
  const left = decayOver(ns, half_life);
  return average >= value
    ? value + (((average - value) * left) >> 20)
    : value - (((value - average) * left) >> 20);
}

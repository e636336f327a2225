/**
 * Numbers that look random and are the same on every machine for the same seed: xoshiro128** of Blackman and Vigna
 * (public domain), seeded by splitmix32. Only integer operations, so that no engine can differ.
 */
export class Random {
  private readonly state = new Uint32Array(4);

  constructor(seed: number) {
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.state[i] = z ^ (z >>> 16);
    }
  }

  /** 32 bits. */
  bits(): number {
    const s = this.state;
    const times5 = Math.imul(s[1]!, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** In [0, 1). */
  unit(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** Exponentially distributed, a whole number: gaps of arrivals that come at random. */
  gap(mean: number): number {
    return Math.round(-ln(1 - this.unit()) * mean);
  }

  /** Another sequence that depends on this one's seed and a number. */
  fork(salt: number): Random {
    return new Random((this.bits() ^ Math.imul(salt + 1, 0x9e3779b1)) >>> 0);
  }
}

const LN2 = 0.6931471805599453;

/** Natural logarithm of 0 < x <= 1 by +, -, *, / alone: Math.log may differ between engines in its last bit. */
export function ln(x: number): number {
  let exponent = 0;
  while (x < 0.70710678) {
    x *= 2;
    exponent--;
  }
  // ln x = 2 artanh((x - 1) / (x + 1)); |z| < 0.18, so that 11 terms are exact to a double's precision.
  const z = (x - 1) / (x + 1);
  const square = z * z;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * z * sum + exponent * LN2;
}

/** An order among events of one time that depends on a seed: numbers that mean nothing. */
export function shuffled(seed: number): (sequence: number) => number {
  return (sequence) => {
    let z = Math.imul(sequence ^ seed, 0x9e3779b1);
    z = Math.imul(z ^ (z >>> 15), 0x85ebca6b);
    return (z ^ (z >>> 13)) >>> 0;
  };
}

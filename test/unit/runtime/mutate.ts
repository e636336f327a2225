/** Numbers from 0 to 2^32-1 that are the same in every run (xorshift32). */
export function random(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

const INTERESTING = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];

/** A copy of an object file with a few things wrong: bits, whole words, pieces moved or cut off. */
export function mutate(seed: Uint8Array, next: () => number): Uint8Array {
  let out = Buffer.from(seed);
  const times = 1 + (next() % 6);
  for (let i = 0; i < times; i++) {
    const at = next() % out.length;
    switch (next() % 8) {
      case 0:
      case 1:
        out[at]! ^= 1 << (next() % 8);
        break;
      case 2:
        out[at] = next() & 0xff;
        break;
      case 3:
      case 4: {
        // Where ELF and BTF keep offsets, sizes and type ids: aligned words.
        const word = at & ~3;
        if (word + 4 <= out.length)
          out.writeUInt32LE(INTERESTING[next() % INTERESTING.length]!, word);
        break;
      }
      case 5: {
        const from = next() % out.length;
        const length = Math.min(next() % 64, out.length - Math.max(from, at));
        out.copy(out, at, from, from + length);
        break;
      }
      case 6: {
        const word = at & ~3;
        if (word + 4 <= out.length)
          out.writeUInt32LE((out.readUInt32LE(word) + ((next() % 9) - 4)) >>> 0, word);
        break;
      }
      default:
        if (next() % 8 === 0) out = out.subarray(0, Math.max(1, at));
    }
  }
  return out;
}

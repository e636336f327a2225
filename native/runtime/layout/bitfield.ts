import { mismatch, type Layout } from './layout.js';
import { integerRange, wholeNumber } from './scalars.js';

/**
 * A bitfield of `bits` bits that starts `shift` bits (0 to 7) into its first byte. `unit` is the size
 * of its declared type: 64-bit ones are bigint, as whole integers of that type are.
 */
export function bitfield(
  bits: number,
  shift: number,
  kind: { unit: number; signed: boolean; bool: boolean },
): Layout {
  const length = Math.ceil((shift + bits) / 8);
  const mask = (1n << BigInt(bits)) - 1n;
  const range = integerRange(bits, kind.signed);
  const load = (view: DataView, at: number): bigint => {
    let word = 0n;
    for (let i = length - 1; i >= 0; i--) word = (word << 8n) | BigInt(view.getUint8(at + i));
    return word;
  };
  return {
    size: length,
    partial: true,
    name: kind.bool ? 'bool' : `${kind.signed ? 's' : 'u'}${kind.unit * 8}:${bits}`,
    ...(kind.bool ? {} : { range }),
    read: (view, at) => {
      const raw = (load(view, at) >> BigInt(shift)) & mask;
      if (kind.bool) return raw !== 0n;
      const value = kind.signed ? BigInt.asIntN(bits, raw) : raw;
      return kind.unit === 8 ? value : Number(value);
    },
    // Not atomic with what BPF does to its neighbours in the same bytes.
    write: (view, at, value, path) => {
      if (kind.bool && typeof value !== 'boolean') throw mismatch(path, 'true or false', value);
      const given = kind.bool ? (value ? 1n : 0n) : wholeNumber(value, range, path);
      const rest = load(view, at) & ~(mask << BigInt(shift));
      const word = rest | ((given & mask) << BigInt(shift));
      for (let i = 0; i < length; i++)
        view.setUint8(at + i, Number((word >> BigInt(8 * i)) & 0xffn));
    },
  };
}

import type { Memory } from '../memory/types.js';

/** %[flags][width][.precision][length]conversion, with the kernel's %p extensions that BPF takes. */
const SPEC =
  /%([-0 +#]*)(\d*)(?:\.(\d+))?(hh|h|ll|l|z)?(pks|pus|pK|px|ps|pS|pB|pi4|pI4|pi6|pI6|[diuxXpscb%])/g;

/** Bits by length modifier; without one an int. */
const BITS: Readonly<Record<string, number>> = { hh: 8, h: 16, l: 64, ll: 64, z: 64 };

/**
 * Text of the kernel's bstr functions: `format` with arguments of 8 bytes each from `data` on, `size` bytes in all.
 * A missing argument shows as nothing.
 */
export function formatKernel(memory: Memory, format: string, data: number, size: number): string {
  let at = data;
  const next = (): bigint => {
    if (at + 8 > data + size) return 0n;
    const value = memory.view.getBigUint64(at, true);
    at += 8;
    return value;
  };
  const all = (
    _: string,
    flags: string,
    width: string,
    precision: string | undefined,
    length: string | undefined,
    kind: string,
  ): string => {
    if (kind === '%') return '%';
    const value = next();
    let text = convert(memory, kind, value, BITS[length ?? ''] ?? 32, precision);
    if (flags.includes('#') && /[xX]/.test(kind)) text = `0x${text}`;
    if (flags.includes('+') && /[di]/.test(kind) && !text.startsWith('-')) text = `+${text}`;
    const wanted = Number(width);
    if (flags.includes('-')) return text.padEnd(wanted);
    if (!flags.includes('0') || kind === 's') return text.padStart(wanted);
    return text.startsWith('-')
      ? `-${text.slice(1).padStart(wanted - 1, '0')}`
      : text.padStart(wanted, '0');
  };
  return format.replace(SPEC, all);
}

function convert(
  memory: Memory,
  kind: string,
  value: bigint,
  bits: number,
  precision: string | undefined,
): string {
  switch (kind) {
    case 'd':
    case 'i':
      return BigInt.asIntN(bits, value).toString();
    case 'u':
      return BigInt.asUintN(bits, value).toString();
    case 'x':
      return BigInt.asUintN(bits, value).toString(16);
    case 'X':
      return BigInt.asUintN(bits, value).toString(16).toUpperCase();
    case 'b':
      return BigInt.asUintN(bits, value).toString(2);
    case 'c':
      return String.fromCharCode(Number(value & 0xffn));
    case 's':
    case 'pks':
    case 'pus': {
      const address = Number(value & 0xffff_ffffn);
      const text = address < 0x1_0000 ? '(null)' : memory.text(address, 1024);
      return precision === undefined ? text : text.slice(0, Number(precision));
    }
    case 'pi4':
    case 'pI4':
      return [0, 1, 2, 3].map((i) => memory.bytes[Number(value & 0xffff_ffffn) + i]).join('.');
    default:
      return value.toString(16).padStart(16, '0');
  }
}

import { ALU64, classOf, JMP, type Insn } from '../../object/insn.js';

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** Bytes turned round. */
function swapped(value: bigint, bytes: number): bigint {
  let out = 0n;
  for (let i = 0; i < bytes; i++) out = (out << 8n) | ((value >> BigInt(8 * i)) & 0xffn);
  return out;
}

/** Truncated towards zero as C does; by 0 it is 0, with the dividend as remainder. */
function divided(a: bigint, b: bigint, bits: number, signed: boolean, rest: boolean): bigint {
  const [x, y] = signed ? [BigInt.asIntN(bits, a), BigInt.asIntN(bits, b)] : [a, b];
  if (y === 0n) return rest ? a : 0n;
  return rest ? x % y : x / y;
}

/**
 * The result of an arithmetic instruction as an unsigned number of 64 bits; undefined where there is no such. `a` and `b` are
 * registers or the sign-extended immediate. RFC 9669, section 4.1.
 */
export function alu(insn: Insn, destination: bigint, operand: bigint): bigint | undefined {
  const wide = classOf(insn.code) === ALU64;
  const bits = wide ? 64 : 32;
  const a = BigInt.asUintN(bits, destination);
  const b = BigInt.asUintN(bits, operand);
  const shift = b & BigInt(bits - 1);
  const signed = insn.off === 1;
  const cut = (value: bigint): bigint => BigInt.asUintN(bits, value);
  switch (insn.code >> 4) {
    case 0x0:
      return cut(a + b);
    case 0x1:
      return cut(a - b);
    case 0x2:
      return cut(a * b);
    case 0x3:
      return cut(divided(a, b, bits, signed, false));
    case 0x4:
      return a | b;
    case 0x5:
      return a & b;
    case 0x6:
      return cut(a << shift);
    case 0x7:
      return a >> shift;
    case 0x8:
      return cut(-a);
    case 0x9:
      return cut(divided(a, b, bits, signed, true));
    case 0xa:
      return a ^ b;
    case 0xb:
      return move(insn, wide, b, cut);
    case 0xc:
      return cut(BigInt.asIntN(bits, a) >> shift);
    case 0xd:
      return converted(insn, wide, u64(destination));
    default:
      return undefined;
  }
}

function move(insn: Insn, wide: boolean, b: bigint, cut: (v: bigint) => bigint): bigint {
  if (!(insn.code & 8) || insn.off === 0) return b;
  // A cast between the two views of an arena, or a move that extends the sign.
  if (wide && insn.off === 1) return BigInt.asUintN(32, b);
  return cut(BigInt.asIntN(insn.off, b));
}

function converted(insn: Insn, wide: boolean, value: bigint): bigint | undefined {
  if (![16, 32, 64].includes(insn.imm)) return undefined;
  const turns = wide || (insn.code & 8) !== 0;
  return turns ? swapped(value, insn.imm / 8) : BigInt.asUintN(insn.imm, value);
}

/** Whether a conditional jump is taken; undefined where there is no such. */
export function taken(insn: Insn, left: bigint, right: bigint): boolean | undefined {
  const bits = classOf(insn.code) === JMP ? 64 : 32;
  const [a, b] = [BigInt.asUintN(bits, left), BigInt.asUintN(bits, right)];
  const [x, y] = [BigInt.asIntN(bits, left), BigInt.asIntN(bits, right)];
  switch (insn.code >> 4) {
    case 0x1:
      return a === b;
    case 0x2:
      return a > b;
    case 0x3:
      return a >= b;
    case 0x4:
      return (a & b) !== 0n;
    case 0x5:
      return a !== b;
    case 0x6:
      return x > y;
    case 0x7:
      return x >= y;
    case 0xa:
      return a < b;
    case 0xb:
      return a <= b;
    case 0xc:
      return x < y;
    case 0xd:
      return x <= y;
    default:
      return undefined;
  }
}

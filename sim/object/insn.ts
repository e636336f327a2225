import type { LineRecord } from './btf-ext.js';
import { SimError } from '../errors.js';

/** What a reference of an instruction was bound to. */
export type Link =
  /** A load of an address or number of 64 bits. */
  | { readonly kind: 'value'; readonly value: bigint; readonly map?: number }
  /** A pointer to a function of the object, or a call of it. */
  | { readonly kind: 'function'; readonly index: number }
  /** A call of a function of the kernel. */
  | { readonly kind: 'kernel'; readonly name: string }
  /** What may stand here as long as it is not reached. */
  | { readonly kind: 'poison'; readonly message: string };

export interface Insn {
  /** Its place, in slots of 8 bytes from the start of the section. */
  readonly slot: number;
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  off: number;
  imm: number;
  /** The upper half of a 64-bit immediate. */
  high: number;
  /** CO-RE may change the width of a load. */
  size?: number;
  line: LineRecord | undefined;
  link?: Link;
}

/** Of `code`: the classes of the BPF instruction set (RFC 9669, section 3). */
export const LD = 0;
export const LDX = 1;
export const ST = 2;
export const STX = 3;
export const ALU = 4;
export const JMP = 5;
export const JMP32 = 6;
export const ALU64 = 7;
/** Loads a 64-bit immediate: takes two slots. */
export const LD_IMM64 = 0x18;
export const CALL = 0x85;
export const EXIT = 0x95;

export const classOf = (code: number): number => code & 7;
/** Bytes that a load or store moves. */
export const widthOf = (insn: Insn): number => insn.size ?? [4, 2, 1, 8][(insn.code >> 3) & 3]!;

/** Decodes a section's code; the second slot of a wide instruction is undefined. */
export function decode(bytes: Uint8Array, section: string): (Insn | undefined)[] {
  if (bytes.length % 8) throw new SimError('DAMAGED_CODE', `the code in ${section} is cut off`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: (Insn | undefined)[] = [];
  for (let at = 0; at < bytes.length; at += 8) {
    const code = bytes[at]!;
    const insn: Insn = {
      slot: at / 8,
      code,
      dst: bytes[at + 1]! & 15,
      src: bytes[at + 1]! >> 4,
      off: view.getInt16(at + 2, true),
      imm: view.getInt32(at + 4, true),
      high: 0,
      line: undefined,
    };
    if (insn.dst > 10 || insn.src > 10)
      throw new SimError('DAMAGED_CODE', `${section}: instruction ${insn.slot} names no register`);
    out.push(insn);
    if (code === LD_IMM64) {
      at += 8;
      if (at >= bytes.length)
        throw new SimError('DAMAGED_CODE', `the code in ${section} is cut off`);
      insn.high = view.getInt32(at + 4, true);
      out.push(undefined);
    }
  }
  return out;
}

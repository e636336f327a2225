/** Opcodes of WebAssembly that the engine writes, by their names in its specification. */
export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  br_if: 0x0d,
  br_table: 0x0e,
  return: 0x0f,
  call: 0x10,
  call_indirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  i32_load: 0x28,
  i64_load: 0x29,
  i32_load8_u: 0x2d,
  i64_load8_s: 0x30,
  i64_load8_u: 0x31,
  i64_load16_s: 0x32,
  i64_load16_u: 0x33,
  i64_load32_s: 0x34,
  i64_load32_u: 0x35,
  i32_store: 0x36,
  i64_store: 0x37,
  i64_store8: 0x3c,
  i64_store16: 0x3d,
  i64_store32: 0x3e,
  i32_const: 0x41,
  i64_const: 0x42,
  i32_eqz: 0x45,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_s: 0x48,
  i32_lt_u: 0x49,
  i32_gt_s: 0x4a,
  i32_gt_u: 0x4b,
  i32_le_s: 0x4c,
  i32_le_u: 0x4d,
  i32_ge_s: 0x4e,
  i32_ge_u: 0x4f,
  i64_eqz: 0x50,
  i64_eq: 0x51,
  i64_ne: 0x52,
  i64_lt_s: 0x53,
  i64_lt_u: 0x54,
  i64_gt_s: 0x55,
  i64_gt_u: 0x56,
  i64_le_s: 0x57,
  i64_le_u: 0x58,
  i64_ge_s: 0x59,
  i64_ge_u: 0x5a,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_div_s: 0x6d,
  i32_div_u: 0x6e,
  i32_rem_s: 0x6f,
  i32_rem_u: 0x70,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_xor: 0x73,
  i32_shl: 0x74,
  i32_shr_s: 0x75,
  i32_shr_u: 0x76,
  i64_add: 0x7c,
  i64_sub: 0x7d,
  i64_mul: 0x7e,
  i64_div_s: 0x7f,
  i64_div_u: 0x80,
  i64_rem_s: 0x81,
  i64_rem_u: 0x82,
  i64_and: 0x83,
  i64_or: 0x84,
  i64_xor: 0x85,
  i64_shl: 0x86,
  i64_shr_s: 0x87,
  i64_shr_u: 0x88,
  i64_rotl: 0x89,
  i32_wrap_i64: 0xa7,
  i64_extend_i32_s: 0xac,
  i64_extend_i32_u: 0xad,
  i32_extend8_s: 0xc0,
  i32_extend16_s: 0xc1,
  i64_extend8_s: 0xc2,
  i64_extend16_s: 0xc3,
  i64_extend32_s: 0xc4,
} as const;

export type Op = keyof typeof OP;
export const I32 = 0x7f;
export const I64 = 0x7e;
const EMPTY = 0x40;

const unsigned = (value: number): number[] => {
  const out: number[] = [];
  do {
    const byte = value & 0x7f;
    value >>>= 7;
    out.push(value ? byte | 0x80 : byte);
  } while (value);
  return out;
};
const signed = (value: number): number[] => {
  const out: number[] = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...out, byte];
    out.push(byte | 0x80);
  }
};
const signedBig = (value: bigint): number[] => {
  const out: number[] = [];
  for (;;) {
    const byte = Number(value & 0x7fn);
    value >>= 7n;
    if ((value === 0n && !(byte & 0x40)) || (value === -1n && byte & 0x40)) return [...out, byte];
    out.push(byte | 0x80);
  }
};

/** Bytes of a module or a part of it. */
export class Code {
  readonly bytes: number[] = [];

  /** Instructions without operands. */
  op(...names: Op[]): this {
    for (const name of names) this.bytes.push(OP[name]);
    return this;
  }
  byte(value: number): this {
    this.bytes.push(value);
    return this;
  }
  u32(value: number): this {
    this.bytes.push(...unsigned(value));
    return this;
  }
  /** An instruction with an index: a local, a function, a depth. */
  index(name: Op, index: number): this {
    return this.op(name).u32(index);
  }
  get(local: number): this {
    return this.index('local_get', local);
  }
  set(local: number): this {
    return this.index('local_set', local);
  }
  tee(local: number): this {
    return this.index('local_tee', local);
  }
  i32(value: number): this {
    this.op('i32_const').bytes.push(...signed(value | 0));
    return this;
  }
  i64(value: number | bigint): this {
    this.op('i64_const').bytes.push(...signedBig(BigInt.asIntN(64, BigInt(value))));
    return this;
  }
  /** A load or store; no alignment is promised. */
  access(name: Op, offset = 0): this {
    return this.op(name).byte(0).u32(offset);
  }
  /** Opens a block, loop or if without a result. */
  open(name: 'block' | 'loop' | 'if'): this {
    return this.op(name).byte(EMPTY);
  }
  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    this.u32(bytes.length).bytes.push(...bytes);
    return this;
  }
  append(other: Code): this {
    for (const byte of other.bytes) this.bytes.push(byte);
    return this;
  }
  /** Another part with its length before it. */
  sized(other: Code): this {
    return this.u32(other.bytes.length).append(other);
  }
}

import type { Field, Memory } from './types.js';

/** Where a field is, in bits from the start of its struct; `bits` is 0 unless it is a bit field. */
export interface Place {
  readonly bitOffset: number;
  readonly bits: number;
}

const HIGH = 2 ** 32;

/** Access by DataView, for what has no alignment to rely on. */
class PlainField implements Field {
  readonly offset: number;
  readonly bits: number;
  readonly bitOffset: number;
  constructor(
    protected readonly memory: Memory,
    readonly path: string,
    place: Place,
    readonly size: number,
    readonly signed: boolean,
  ) {
    const unit = Math.max(1, size) * 8;
    this.bits = place.bits;
    this.offset = place.bits
      ? (Math.floor(place.bitOffset / unit) * unit) / 8
      : place.bitOffset / 8;
    this.bitOffset = place.bits ? place.bitOffset - this.offset * 8 : 0;
  }
  get(struct: number): number {
    const { view } = this.memory;
    const at = struct + this.offset;
    switch (this.size) {
      case 1:
        return this.signed ? view.getInt8(at) : view.getUint8(at);
      case 2:
        return this.signed ? view.getInt16(at, true) : view.getUint16(at, true);
      case 4:
        return this.signed ? view.getInt32(at, true) : view.getUint32(at, true);
      case 8:
        return (
          (this.signed ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true)) * HIGH +
          view.getUint32(at, true)
        );
      default:
        return struct + this.offset;
    }
  }
  set(struct: number, value: number): void {
    const { view } = this.memory;
    const at = struct + this.offset;
    if (this.size === 1) view.setUint8(at, value);
    else if (this.size === 2) view.setUint16(at, value, true);
    else if (this.size === 4) view.setUint32(at, value, true);
    else this.setHalves(struct, value % HIGH, Math.floor(value / HIGH));
  }
  low(struct: number): number {
    return this.memory.view.getInt32(struct + this.offset, true);
  }
  high(struct: number): number {
    return this.memory.view.getInt32(struct + this.offset + 4, true);
  }
  setHalves(struct: number, low: number, high: number): void {
    this.memory.view.setInt32(struct + this.offset, low, true);
    this.memory.view.setInt32(struct + this.offset + 4, high, true);
  }
  getBig(struct: number): bigint {
    if (this.size !== 8) return BigInt(this.get(struct));
    const { view } = this.memory;
    const at = struct + this.offset;
    return this.signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  }
  setBig(struct: number, value: bigint): void {
    if (this.size !== 8) this.set(struct, Number(BigInt.asIntN(32, value)));
    else this.memory.view.setBigUint64(struct + this.offset, BigInt.asUintN(64, value), true);
  }
}

class Bits extends PlainField {
  private get mask(): bigint {
    return (1n << BigInt(this.bits)) - 1n;
  }
  override getBig(struct: number): bigint {
    if (this.size !== 8) return BigInt(this.get(struct));
    const unit = BigInt.asUintN(64, super.getBig(struct));
    const value = (unit >> BigInt(this.bitOffset)) & this.mask;
    return this.signed ? BigInt.asIntN(this.bits, value) : value;
  }
  override setBig(struct: number, value: bigint): void {
    if (this.size !== 8) return this.set(struct, Number(value));
    const shift = BigInt(this.bitOffset);
    const rest = BigInt.asUintN(64, super.getBig(struct)) & ~(this.mask << shift);
    super.setBig(struct, rest | ((value & this.mask) << shift));
  }
  override get(struct: number): number {
    if (this.size === 8) return Number(this.getBig(struct));
    const unit = super.get(struct) >>> 0;
    const value = (unit >>> this.bitOffset) & Number(this.mask);
    return this.signed ? (value << (32 - this.bits)) >> (32 - this.bits) : value;
  }
  override set(struct: number, value: number): void {
    if (this.size === 8) return this.setBig(struct, BigInt(value));
    const mask = Number(this.mask) << this.bitOffset;
    const unit = (super.get(struct) & ~mask) | ((value << this.bitOffset) & mask);
    super.set(struct, unit);
  }
}

/** 4 bytes at a multiple of 4 in a struct that is aligned so. */
class Word extends PlainField {
  private readonly place = this.offset >> 2;
  private readonly array = this.signed ? this.memory.i32 : this.memory.u32;
  override get(struct: number): number {
    return this.array[(struct >>> 2) + this.place]!;
  }
  override set(struct: number, value: number): void {
    this.array[(struct >>> 2) + this.place] = value;
  }
}

class Long extends PlainField {
  private readonly place = this.offset >> 2;
  private readonly upper = this.signed ? this.memory.i32 : this.memory.u32;
  override get(struct: number): number {
    const at = (struct >>> 2) + this.place;
    return this.upper[at + 1]! * HIGH + this.memory.u32[at]!;
  }
  override low(struct: number): number {
    return this.memory.i32[(struct >>> 2) + this.place]!;
  }
  override high(struct: number): number {
    return this.memory.i32[(struct >>> 2) + this.place + 1]!;
  }
  override setHalves(struct: number, low: number, high: number): void {
    const at = (struct >>> 2) + this.place;
    this.memory.i32[at] = low;
    this.memory.i32[at + 1] = high;
  }
}

export function fieldAt(
  memory: Memory,
  path: string,
  place: Place,
  size: number,
  signed: boolean,
): Field {
  const aligned = place.bitOffset % 32 === 0;
  const Kind = place.bits
    ? Bits
    : size === 4 && aligned
      ? Word
      : size === 8 && aligned
        ? Long
        : PlainField;
  return new Kind(memory, path, place, size, signed);
}

import { layoutOf } from '../layout.js';
import { isAggregate, type CType } from '../types.js';

/** The program went where it has nothing: that is a fault of the program in the IR, thus of the compiler. */
export class Fault extends Error {
  override name = 'Fault';
}

/** Where the stack begins; what is below lies as long as the program is loaded. */
const STACK = 2 ** 40;
/** Bytes that hold nothing, so that no object is at 0, which is null. */
const NOTHING = 64;

/** Bytes that grow at their end only. */
class Bytes {
  private bytes = new Uint8Array(1 << 16);
  view = new DataView(this.bytes.buffer);
  used = NOTHING;

  allocate(size: number): number {
    const at = Math.ceil(this.used / 8) * 8;
    this.used = at + size;
    if (this.used > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.used));
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    this.bytes.fill(0, at, this.used);
    return at;
  }

  slice(at: number, size: number): Uint8Array {
    return this.bytes.subarray(at, at + size);
  }
}

/** A part of the stack that was given out in one piece: from an address on, at a place in its bytes. */
interface Piece {
  start: number;
  at: number;
  size: number;
}

/** Memory of a program. Addresses are numbers, 0 is null; integers are little-endian, as they are for BPF on x86-64. */
export class Memory {
  private readonly heap = new Bytes();
  private readonly stack = new Bytes();
  /** What of the stack there is, in order. No address is given twice: an object that is over is noticed. */
  private readonly pieces: Piece[] = [];
  private next = STACK;

  /** Room that stays, all zero. */
  allocate(size: number): bigint {
    return BigInt(this.heap.allocate(size));
  }
  /** Room until release(), all zero. */
  push(size: number): bigint {
    const at = this.stack.allocate(size);
    const start = this.next;
    this.pieces.push({ start, at, size });
    // Nothing lies right behind an object.
    this.next += Math.ceil(size / 8) * 8 + 8;
    return BigInt(start);
  }
  /** What release() goes back to. */
  mark(): number {
    return this.pieces.length;
  }
  release(mark: number): void {
    const first = this.pieces[mark];
    if (!first) return;
    this.stack.used = first.at;
    this.pieces.length = mark;
  }

  private at(address: bigint, size: number): { of: Bytes; offset: number } {
    if (address === 0n) throw new Fault('null is followed');
    const from = Number(address);
    if (from < STACK) {
      if (from < NOTHING || from + size > this.heap.used) throw new Fault(`nothing is at ${from}`);
      return { of: this.heap, offset: from };
    }
    const piece = this.pieceAt(from);
    if (!piece || from + size > piece.start + piece.size)
      throw new Fault('an object is used that is over');
    return { of: this.stack, offset: piece.at + (from - piece.start) };
  }

  /** The last piece that begins at or before an address. */
  private pieceAt(address: number): Piece | undefined {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pieces[middle]!.start <= address) low = middle + 1;
      else high = middle;
    }
    return this.pieces[low - 1];
  }

  bytes(address: bigint, size: number): Uint8Array {
    const { of, offset } = this.at(address, size);
    return of.slice(offset, size);
  }
  copy(to: bigint, from: bigint, size: number): void {
    if (size > 0) this.bytes(to, size).set(Uint8Array.from(this.bytes(from, size)));
  }

  /** An integer of this many bytes. */
  load(address: bigint, size: number, signed: boolean): bigint {
    const {
      of: { view },
      offset,
    } = this.at(address, size);
    switch (size) {
      case 1:
        return BigInt(signed ? view.getInt8(offset) : view.getUint8(offset));
      case 2:
        return BigInt(signed ? view.getInt16(offset, true) : view.getUint16(offset, true));
      case 4:
        return BigInt(signed ? view.getInt32(offset, true) : view.getUint32(offset, true));
      default:
        return signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
    }
  }
  store(address: bigint, size: number, value: bigint): void {
    const {
      of: { view },
      offset,
    } = this.at(address, size);
    switch (size) {
      case 1:
        return view.setUint8(offset, Number(BigInt.asUintN(8, value)));
      case 2:
        return view.setUint16(offset, Number(BigInt.asUintN(16, value)), true);
      case 4:
        return view.setUint32(offset, Number(BigInt.asUintN(32, value)), true);
      default:
        return view.setBigUint64(offset, BigInt.asUintN(64, value), true);
    }
  }

  /** The value of what is there: an integer or address, or of an object the address itself. */
  read(address: bigint, type: CType): bigint {
    if (isAggregate(type)) return address;
    if (type.kind === 'bool') return this.load(address, 1, false) === 0n ? 0n : 1n;
    return this.load(address, layoutOf(type).size, type.kind === 'int' && type.signed);
  }
  /** Stores a value, or copies the object that is at one. */
  write(address: bigint, type: CType, value: bigint): void {
    const { size } = layoutOf(type);
    if (isAggregate(type)) this.copy(address, value, size);
    else this.store(address, size, type.kind === 'bool' ? (value === 0n ? 0n : 1n) : value);
  }
}

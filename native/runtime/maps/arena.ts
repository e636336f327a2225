import { ScxtsError } from '../errors.js';
import { BpfMap, type MapParts } from './base.js';

/**
 * `arena`: memory that BPF programs and user space share by address. Touching a page that was never
 * allocated allocates it, as in BPF.
 */
export class ArenaView<T = unknown> extends BpfMap {
  /** What BPF keeps in it; only a type. */
  declare readonly entry?: T;
  private memory: { buffer: ArrayBuffer; base: bigint } | undefined;
  private readonly map: (name: string) => { buffer: ArrayBuffer; base: bigint };

  constructor(parts: MapParts, map: (name: string) => { buffer: ArrayBuffer; base: bigint }) {
    super(parts);
    this.map = map;
  }

  private open(): { buffer: ArrayBuffer; base: bigint } {
    this.check();
    this.memory ??= this.map(this.name);
    return this.memory;
  }

  /** The arena's memory. */
  get buffer(): ArrayBuffer {
    return this.open().buffer;
  }
  /** Address of its first byte: what pointers into the arena count from. */
  get base(): bigint {
    return this.open().base;
  }

  /** Where a pointer that a BPF program stored points to, as an offset into `buffer`. */
  offset(pointer: bigint): number {
    // Only the low 32 bits are an address within the arena (kernel/bpf/arena.c).
    const { buffer, base } = this.open();
    const offset = Number(BigInt.asUintN(32, pointer - base));
    if (offset >= buffer.byteLength)
      throw new ScxtsError('ERR_RANGE', `0x${pointer.toString(16)} is not in arena ${this.name}`);
    return offset;
  }

  override close(): void {
    this.memory = undefined;
    super.close();
  }
}

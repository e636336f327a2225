/**
 * One linear memory holds all that programs see of a modelled kernel: its structs, maps, stacks. An
 * address is a number below 4 GiB, 0 is null. The memory never grows, so that a view given out stays valid.
 */

/**
 * A field of a kernel struct, found once by name. Numbers are exact up to 2^53; a wider u64 is had in
 * halves (as i32) or as a bigint, which is slow. Pointers are addresses.
 */
export interface Field {
  /** As asked for: `scx.dsq_vtime`, `cpus_mask.bits[2]`. */
  readonly path: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  /** Bytes; of a whole array or struct where the path names one. */
  readonly size: number;
  readonly signed: boolean;
  /** Bits of a bit field from `bitOffset` of the unit at `offset` on, 0 for other fields. */
  readonly bits: number;
  readonly bitOffset: number;
  get(struct: number): number;
  set(struct: number, value: number): void;
  /** Low and high half of a field of 8 bytes, as i32. */
  low(struct: number): number;
  high(struct: number): number;
  setHalves(struct: number, low: number, high: number): void;
  getBig(struct: number): bigint;
  setBig(struct: number, value: bigint): void;
}

/** A struct of the modelled kernel, with the offsets of that kernel's BTF. */
export interface StructType {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The field at a path such as `scx.dsq_vtime`; throws where this kernel has none. */
  field(path: string): Field;
  /** Whether this kernel has the field. */
  has(path: string): boolean;
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly view: DataView;
  /**
   * Zeroed bytes, aligned to 16 at least. `label` is what a fault calls them. Throws SimError where the memory
   * is full.
   */
  allocate(size: number, label: string, align?: number): number;
  /** Gives them back. With the shadow on, a later access is a fault: use after free. */
  free(address: number): void;
  /** Text up to its NUL, of `limit` bytes at most. */
  text(address: number, limit?: number): string;
  /** Writes text and a NUL, cut to `size` bytes. */
  setText(address: number, size: number, text: string): void;
  /** The allocation that an address is in, for messages. */
  describe(address: number): string;
}

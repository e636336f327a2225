import { SimError } from '../errors.js';
import { wasm, type WasmMemory } from '../engine/webassembly.js';
import { GRANULE, HEAP, SLOT, STACK_TOP } from './layout.js';
import type { Memory } from './types.js';

const PAGE = 0x1_0000;
/** Instructions that one call may take: far above what a verified program can, a second or two of real time. */
const FUEL = 2 ** 30;
/** Addresses stay positive as i32, which is how they cross into JavaScript. */
const MAX_BYTES = 0x7fff_0000;

interface Allocation {
  readonly size: number;
  readonly label: string;
}

/** The linear memory of a model with its allocator: blocks of one size are used again, first those freed last. */
export class LinearMemory implements Memory {
  readonly wasm: WasmMemory;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly view: DataView;
  /** Where the shadow is, 0 without one. A byte is not 0 where nothing is allocated. */
  readonly shadow: number;
  /** First address that programs may not touch. */
  readonly end: number;

  private next = HEAP;
  private readonly freed = new Map<number, number[]>();
  private readonly live = new Map<number, Allocation>();
  /** What was at an address until it was freed, for messages. */
  private readonly dead = new Map<number, Allocation>();
  private readonly decoder = new TextDecoder();
  private readonly encoder = new TextEncoder();

  constructor(bytes: number, shadow: boolean) {
    const pages = Math.ceil(bytes / PAGE);
    if (!(pages >= 4) || pages * PAGE > MAX_BYTES)
      throw new SimError(
        'MEMORY_SIZE',
        `a model cannot have ${bytes} bytes of memory`,
        `give 256 KiB to 2 GiB - 64 KiB`,
      );
    this.wasm = new wasm.Memory({ initial: pages, maximum: pages });
    this.buffer = this.wasm.buffer;
    this.bytes = new Uint8Array(this.buffer);
    this.i32 = new Int32Array(this.buffer);
    this.u32 = new Uint32Array(this.buffer);
    this.view = new DataView(this.buffer);
    const total = pages * PAGE;
    this.shadow = shadow ? total - Math.ceil(total / GRANULE / PAGE) * PAGE : 0;
    this.end = this.shadow || total;
    if (shadow) this.bytes.fill(1, this.shadow + HEAP / GRANULE);
    this.i32[SLOT.stack >> 2] = STACK_TOP;
    this.i32[SLOT.fuel >> 2] = FUEL;
  }

  allocate(size: number, label: string, align = GRANULE): number {
    const rounded = Math.max(GRANULE, Math.ceil(size / GRANULE) * GRANULE);
    const reused = align === GRANULE ? this.freed.get(rounded)?.pop() : undefined;
    const address = reused ?? this.carve(rounded, align, label);
    if (reused !== undefined) this.bytes.fill(0, address, address + rounded);
    this.dead.delete(address);
    this.live.set(address, { size, label });
    this.poison(address, rounded, 0);
    return address;
  }

  private carve(rounded: number, align: number, label: string): number {
    const address = Math.ceil(this.next / align) * align;
    // With the shadow on, a gap behind each block.
    const next = address + rounded + (this.shadow ? GRANULE : 0);
    if (next > this.end)
      throw new SimError(
        'MEMORY_FULL',
        `the model's memory of ${this.buffer.byteLength >> 20} MiB is full: ${label} needs ${rounded} bytes more`,
        'give it more memory',
      );
    this.next = next;
    return address;
  }

  free(address: number): void {
    const block = this.live.get(address);
    if (!block)
      throw new SimError(
        'BAD_FREE',
        `0x${address.toString(16)} is freed and not allocated: ${this.describe(address)}`,
      );
    this.live.delete(address);
    this.dead.set(address, block);
    const rounded = Math.max(GRANULE, Math.ceil(block.size / GRANULE) * GRANULE);
    this.poison(address, rounded, 2);
    const list = this.freed.get(rounded);
    // The oldest first with the shadow on, so that a freed block stays poisoned for long.
    if (!list) this.freed.set(rounded, [address]);
    else if (this.shadow) list.unshift(address);
    else list.push(address);
  }

  private poison(address: number, rounded: number, mark: number): void {
    if (!this.shadow) return;
    const from = this.shadow + address / GRANULE;
    this.bytes.fill(mark, from, from + rounded / GRANULE);
  }

  /** Bytes of the allocation that starts at an address; undefined where none does. */
  sizeAt(address: number): number | undefined {
    return this.live.get(address)?.size;
  }

  text(address: number, limit = 4096): string {
    let end = address;
    while (end < address + limit && this.bytes[end]) end++;
    return this.decoder.decode(this.bytes.subarray(address, end));
  }

  setText(address: number, size: number, text: string): void {
    const encoded = this.encoder.encode(text).subarray(0, size - 1);
    this.bytes.set(encoded, address);
    this.bytes[address + encoded.length] = 0;
  }

  describe(address: number): string {
    const name = `0x${address.toString(16)}`;
    if (address < 4096) return address === 0 ? 'null' : `${address} bytes behind null`;
    if (address < HEAP) return `${name}, in the stack`;
    const inside = this.blockAt(this.live, address);
    if (inside) return `${name}, ${inside}`;
    const gone = this.blockAt(this.dead, address);
    if (gone) return `${name}, ${gone}, freed`;
    return `${name}, where nothing is`;
  }

  private blockAt(blocks: ReadonlyMap<number, Allocation>, address: number): string | undefined {
    for (const [start, { size, label }] of blocks)
      if (address >= start && address < start + size)
        return `${address - start} bytes into ${label}`;
    return undefined;
  }
}

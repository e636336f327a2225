import type { KernelSpace } from '../engine/types.js';
import { CpuMask } from '../kernel/cpumask.js';
import type { Field, StructType } from '../memory/types.js';

/** A field that a kernel may not have: writing it is nothing then. */
export class Optional {
  private readonly field: Field | undefined;

  constructor(struct: StructType, path: string) {
    this.field = struct.has(path) ? struct.field(path) : undefined;
  }

  get there(): boolean {
    return this.field !== undefined;
  }

  get offset(): number {
    return this.field?.offset ?? 0;
  }

  set(at: number, value: number): void {
    this.field?.set(at, value);
  }

  get(at: number): number {
    return this.field?.get(at) ?? 0;
  }

  setHalves(at: number, low: number, high: number): void {
    this.field?.setHalves(at, low, high);
  }
}

/** struct cpumask objects in a program's memory. */
export class Masks {
  /** Bytes of a mask: u64s that hold every possible CPU. */
  readonly bytes: number;

  constructor(private readonly space: KernelSpace) {
    const { size } = space.struct('cpumask');
    this.bytes = Math.max(size, Math.ceil(space.cpus / 64) * 8);
  }

  /** A new mask in memory that the model and programs share: what either writes the other sees. */
  share(label: string): { address: number; mask: CpuMask } {
    const address = this.space.memory.allocate(this.bytes, label);
    return { address, mask: this.at(address) };
  }

  /** The mask at an address. */
  at(address: number): CpuMask {
    const words = (this.space.cpus + 31) >>> 5;
    const { u32 } = this.space.memory;
    return new CpuMask(this.space.cpus, u32.subarray(address >>> 2, (address >>> 2) + words));
  }
}

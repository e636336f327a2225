import type { MapInfo, NativeMap } from '../../native/runtime/addon.js';
import type { DataSection } from '../object/file.js';
import { mapError } from './errors.js';

const ARRAY = 2;
const MMAPABLE = 1 << 10;

/** A data section as a map: its memory is all that user space wants of it. */
export class SectionMap implements NativeMap {
  constructor(
    private readonly buffer: ArrayBuffer,
    private readonly at: number,
    private readonly section: DataSection,
  ) {}

  mmap(): Uint8Array<ArrayBuffer> {
    const bytes = Math.ceil(this.section.bytes.length / 4096) * 4096;
    return new Uint8Array(this.buffer, this.at, bytes);
  }
  info(): MapInfo {
    const size = this.section.bytes.length;
    return {
      id: this.at,
      name: this.section.name.slice(0, 15),
      type: ARRAY,
      keySize: 4,
      valueSize: size,
      maxEntries: 1,
      flags: MMAPABLE,
      kernelType: 0,
      valueOffset: 8,
      userValueSize: size,
    };
  }
  close(): void {
    // The memory is the model's.
  }
  freeze(): void {
    // Nobody else can write it.
  }
  private none(): never {
    throw mapError(-95, this.section.name);
  }
  fd = (): number => this.at;
  scratch = (): ArrayBuffer => this.none();
  get = (): boolean => this.none();
  getOfTask = (): boolean => this.none();
  put = (): void => this.none();
  remove = (): boolean => this.none();
  next = (): boolean => this.none();
  take = (): boolean => this.none();
  readBatch = (): number => this.none();
  writeBatch = (): number => this.none();
  removeBatch = (): number => this.none();
  pin = (): void => this.none();
  unpin = (): void => this.none();
  ring = (): never => this.none();
  userRing = (): never => this.none();
}

import { BpfMap, E, EXIST, NOEXIST } from './map.js';

/** BPF_MAP_TYPE_LPM_TRIE: a key is a length in bits (u32), then the bits; the longest prefix that fits is found. */
export class LpmMap extends BpfMap {
  /** Addresses of entries by length and bits. */
  private readonly nodes = new Map<string, number>();
  private readonly unused: number[] = [];

  private get bits(): number {
    return (this.keySize - 4) * 8;
  }
  private get valueAt(): number {
    return Math.ceil(this.keySize / 8) * 8;
  }
  private name(key: number, length: number): string {
    const { bytes } = this.space.memory;
    let text = `${length}:`;
    for (let i = 0; i < length; i += 8) {
      const kept = Math.min(8, length - i);
      text += String.fromCharCode(bytes[key + 4 + i / 8]! & (0xff00 >> kept) & 0xff);
    }
    return text;
  }
  lookup(key: number): number {
    const most = Math.min(this.space.memory.u32[key >>> 2]!, this.bits);
    for (let length = most; length >= 0; length--) {
      const node = this.nodes.get(this.name(key, length));
      if (node !== undefined) return node + this.valueAt;
    }
    return 0;
  }
  update(key: number, value: number, flags: number): number {
    const { memory } = this.space;
    const length = memory.u32[key >>> 2]!;
    if (length > this.bits) return E.INVAL;
    const name = this.name(key, length);
    let node = this.nodes.get(name);
    if (node !== undefined && flags & NOEXIST) return E.EXIST;
    if (node === undefined) {
      if (flags & EXIST) return E.NOENT;
      if (this.nodes.size >= this.definition.maxEntries) return E.NOSPC;
      const bytes = this.valueAt + this.valueSize;
      node = this.unused.pop() ?? memory.allocate(bytes, `an entry of map ${this.definition.name}`);
      memory.bytes.copyWithin(node, key, key + this.keySize);
      this.nodes.set(name, node);
    }
    memory.bytes.copyWithin(node + this.valueAt, value, value + this.valueSize);
    return 0;
  }
  delete(key: number): number {
    const length = this.space.memory.u32[key >>> 2]!;
    if (length > this.bits) return E.INVAL;
    const name = this.name(key, length);
    const node = this.nodes.get(name);
    if (node === undefined) return E.NOENT;
    this.nodes.delete(name);
    this.unused.push(node);
    return 0;
  }
  *entries(): Iterable<[number, number]> {
    for (const node of this.nodes.values()) yield [node, node + this.valueAt];
  }
}

import { BpfMap, E, EXIST } from './map.js';

/** BPF_MAP_TYPE_QUEUE and STACK: values without keys. */
export class QueueMap extends BpfMap {
  private readonly items: number[] = [];
  private readonly unused: number[] = [];

  private get lifo(): boolean {
    return this.definition.type === 23;
  }
  override push(value: number, flags: number): number {
    const { memory } = this.space;
    if (this.items.length >= this.definition.maxEntries) {
      // BPF_EXIST makes room by dropping the oldest.
      if (!(flags & EXIST)) return E['2BIG'];
      this.unused.push(this.items.shift()!);
    }
    const at =
      this.unused.pop() ??
      memory.allocate(this.valueSize, `an item of map ${this.definition.name}`);
    memory.bytes.copyWithin(at, value, value + this.valueSize);
    this.items.push(at);
    return 0;
  }
  private top(): number | undefined {
    return this.lifo ? this.items[this.items.length - 1] : this.items[0];
  }
  override peek(value: number): number {
    const at = this.top();
    if (at === undefined) {
      // What is not there reads as zero, as in a kernel.
      this.space.memory.bytes.fill(0, value, value + this.valueSize);
      return E.NOENT;
    }
    this.space.memory.bytes.copyWithin(value, at, at + this.valueSize);
    return 0;
  }
  override pop(value: number): number {
    const result = this.peek(value);
    if (result === 0) this.unused.push(this.lifo ? this.items.pop()! : this.items.shift()!);
    return result;
  }
  lookup(): number {
    return 0;
  }
  update(_key: number, value: number, flags: number): number {
    return this.push(value, flags);
  }
  delete(): number {
    return E.INVAL;
  }
  *entries(): Iterable<[number, number]> {
    for (const item of this.items) yield [0, item];
  }
}

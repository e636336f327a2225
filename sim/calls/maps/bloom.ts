import { keyAt } from './key.js';
import { BpfMap, E } from './map.js';

/**
 * BPF_MAP_TYPE_BLOOM_FILTER: whether a value may have been pushed. This one remembers exactly, so that it never says yes
 * wrongly, which a real one may.
 */
export class BloomMap extends BpfMap {
  private readonly seen = new Set<number | string>();

  override push(value: number): number {
    this.seen.add(keyAt(this.space.memory, value, this.valueSize));
    return 0;
  }
  override peek(value: number): number {
    return this.seen.has(keyAt(this.space.memory, value, this.valueSize)) ? 0 : E.NOENT;
  }
  override pop(): number {
    return E.OPNOTSUPP;
  }
  lookup(): number {
    return 0;
  }
  update(_key: number, value: number): number {
    return this.push(value);
  }
  delete(): number {
    return E.OPNOTSUPP;
  }
  entries(): Iterable<[number, number]> {
    return [];
  }
}

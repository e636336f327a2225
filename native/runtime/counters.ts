import { possibleCpus } from './addon.js';
import { ScxtsError } from './errors.js';
import type { CounterMember } from './object.js';

export interface CounterView {
  readonly name: string;
  readonly help: string;
  /** Sum over all CPUs. */
  total(): bigint;
  /** The value on each possible CPU. */
  perCpu(): bigint[];
}

/** Where the counters lie: an array of structs, one for each CPU. */
export interface CounterPlace {
  buffer: ArrayBuffer;
  /** Bytes. */
  offset: number;
  slots: number;
  size: number;
}

/** Counters are members of one struct for each CPU, in memory that BPF counts in. */
export class CounterSet {
  private readonly words: BigUint64Array = new BigUint64Array(0);
  /** Words of a struct. */
  private readonly stride: number = 0;
  private readonly cpus: number;

  constructor(
    place: CounterPlace | undefined,
    private readonly members: readonly CounterMember[],
    private readonly check: () => void,
  ) {
    this.cpus = members.length > 0 ? possibleCpus() : 0;
    if (!place) return;
    const { buffer, offset, slots, size } = place;
    const end = offset + slots * size;
    if (offset % 8 || size % 8 || size < members.length * 8 || end > buffer.byteLength)
      throw new ScxtsError('ERR_BTF', 'the counters of the object are not as its BTF says');
    this.stride = size / 8;
    this.words = new BigUint64Array(buffer, offset, slots * this.stride);
  }

  /** The counter of a CPU; 0 of those that share that of another one. */
  private of(index: number, cpu: number): bigint {
    return this.words[cpu * this.stride + index] ?? 0n;
  }

  private sum(index: number): bigint {
    this.check();
    let total = 0n;
    for (let cpu = 0; cpu < this.cpus; cpu++) total += this.of(index, cpu);
    return BigInt.asUintN(64, total);
  }

  /** Sums of all counters by name. */
  snapshot(): Record<string, bigint> {
    return Object.fromEntries(this.members.map((m) => [m.name, this.sum(m.index)]));
  }

  views(): Record<string, CounterView> {
    const out: Record<string, CounterView> = {};
    for (const { name, help, index } of this.members) {
      out[name] = {
        name,
        help,
        total: () => this.sum(index),
        perCpu: () => {
          this.check();
          return Array.from({ length: this.cpus }, (_, cpu) => this.of(index, cpu));
        },
      };
    }
    return Object.freeze(out);
  }
}

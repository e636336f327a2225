import { possibleCpus, type NativeMap } from './addon.js';
import { native, ScxtsError } from './errors.js';
import type { CounterMember } from './object.js';

export interface CounterView {
  readonly name: string;
  readonly help: string;
  /** Sum over all CPUs. */
  total(): bigint;
  /** The value on each possible CPU. */
  perCpu(): bigint[];
}

/** Counters are members of one per-CPU struct: one system call reads them all. */
export class CounterSet {
  private readonly words: BigUint64Array | undefined;
  private readonly stride: number;
  private readonly cpus: number;

  constructor(
    private readonly map: NativeMap | undefined,
    private readonly members: readonly CounterMember[],
    private readonly check: () => void,
  ) {
    this.stride = members.length;
    this.cpus = members.length > 0 ? possibleCpus() : 0;
    if (!map) return;
    const { valueOffset, userValueSize } = native(() => map.info());
    if (userValueSize !== this.stride * this.cpus * 8)
      throw new ScxtsError('ERR_BTF', 'the counters of the object are not as its BTF says');
    this.words = new BigUint64Array(
      native(() => map.scratch()),
      valueOffset,
      this.stride * this.cpus,
    );
  }

  private refresh(): BigUint64Array {
    this.check();
    if (!this.map || !this.words) return new BigUint64Array(0);
    this.map.get();
    return this.words;
  }

  private sum(words: BigUint64Array, index: number): bigint {
    let total = 0n;
    for (let cpu = 0; cpu < this.cpus; cpu++) total += words[cpu * this.stride + index] ?? 0n;
    return BigInt.asUintN(64, total);
  }

  /** Sums of all counters by name, from one reading. */
  snapshot(): Record<string, bigint> {
    const words = native(() => this.refresh());
    return Object.fromEntries(this.members.map((m) => [m.name, this.sum(words, m.index)]));
  }

  views(): Record<string, CounterView> {
    const out: Record<string, CounterView> = {};
    for (const { name, help, index } of this.members) {
      out[name] = {
        name,
        help,
        total: () =>
          this.sum(
            native(() => this.refresh()),
            index,
          ),
        perCpu: () => {
          const words = native(() => this.refresh());
          return Array.from(
            { length: this.cpus },
            (_, cpu) => words[cpu * this.stride + index] ?? 0n,
          );
        },
      };
    }
    return Object.freeze(out);
  }
}

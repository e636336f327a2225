import type { Backend } from './backend.js';
import { ScxtsError } from './errors.js';
import type { CounterMember } from './object.js';
import { nrCpuIds, possibleCpus } from './topology/index.js';

export interface CounterView {
  readonly name: string;
  readonly help: string;
  /** Sum over all CPUs. */
  total(): bigint;
  /** The value on each CPU, the place in the array being its number; 0 of a number that no CPU has. */
  perCpu(): bigint[];
}

/** Where the counters lie: an array of structs, one for each CPU. */
export interface CounterPlace {
  buffer: ArrayBuffer;
  /** Bytes. */
  offset: number;
  slots: number;
  size: number;
  /** Whose CPUs count; by default this machine's. */
  backend?: Backend;
}

/** Each CPU counts for itself: throws ERR_CPUS where there is a CPU without a place to count in. */
export function checkCounterRoom(slots: number, cpus = nrCpuIds()): void {
  if (cpus > slots)
    throw new ScxtsError(
      'ERR_CPUS',
      `the counters of the object have room for CPUs 0 to ${slots - 1}, and this machine can have ${cpus}`,
      {
        hint: `count in a percpu<T>() map, which has room for any number of CPUs, or boot with nr_cpus=${slots}`,
      },
    );
}

/** Counters are members of one struct for each CPU, in memory that BPF counts in. */
export class CounterSet {
  private readonly words: BigUint64Array = new BigUint64Array(0);
  /** Words of a struct. */
  private readonly stride: number = 0;

  constructor(
    private readonly place: CounterPlace | undefined,
    private readonly members: readonly CounterMember[],
    private readonly check: () => void,
  ) {
    if (!place) return;
    const { buffer, offset, slots, size } = place;
    const end = offset + slots * size;
    if (offset % 8 || size % 8 || size < members.length * 8 || end > buffer.byteLength)
      throw new ScxtsError('ERR_BTF', 'the counters of the object are not as its BTF says');
    this.stride = size / 8;
    this.words = new BigUint64Array(buffer, offset, slots * this.stride);
  }

  private of(index: number, cpu: number): bigint {
    return this.words[cpu * this.stride + index] ?? 0n;
  }

  private sum(index: number): bigint {
    this.check();
    let total = 0n;
    for (const cpu of possibleCpus(this.place?.backend)) total += this.of(index, cpu);
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
          return Array.from({ length: nrCpuIds(this.place?.backend) }, (_, cpu) =>
            this.of(index, cpu),
          );
        },
      };
    }
    return Object.freeze(out);
  }
}

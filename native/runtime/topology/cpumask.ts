import { inspect } from 'node:util';
import { ScxtsError } from '../errors.js';
import { formatCpuList, MAX_CPU, parseCpuList } from './cpulist.js';

const BITS = 32;

function checkCpu(cpu: number): void {
  if (!Number.isInteger(cpu) || cpu < 0 || cpu > MAX_CPU)
    throw new ScxtsError('ERR_CPUS', `a CPU has a number from 0 to ${MAX_CPU}, not ${cpu}`);
}

/** How many bits of a word of 32 are set. */
function weight(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/**
 * A set of CPUs by their numbers, of any size; iterating gives rising numbers. It does not change: what would change one gives another.
 */
export class Cpumask implements Iterable<number> {
  /** CPU n is bit n % 32 of word n / 32; the last word is not 0. */
  private constructor(private readonly words: Uint32Array) {}

  /** No CPU at all. */
  static readonly EMPTY = new Cpumask(new Uint32Array(0));

  private static trimmed(words: Uint32Array): Cpumask {
    let length = words.length;
    while (length > 0 && words[length - 1] === 0) length--;
    return length === 0 ? Cpumask.EMPTY : new Cpumask(words.subarray(0, length));
  }

  /** These CPUs, in any order. Throws ERR_CPUS for what is no number of a CPU. */
  static of(cpus: Iterable<number>): Cpumask {
    const list = [...cpus];
    list.forEach(checkCpu);
    const most = list.reduce((a, b) => Math.max(a, b), -1);
    const words = new Uint32Array(Math.ceil((most + 1) / BITS));
    for (const cpu of list) words[cpu >>> 5]! |= 1 << (cpu & 31);
    return Cpumask.trimmed(words);
  }

  /** From a list as sysfs and `taskset -c` have it, `0-3,8`. Throws ERR_CPUS. */
  static parse(list: string): Cpumask {
    return Cpumask.of(parseCpuList(list));
  }

  /** From hexadecimal words of 32 bits, the highest first, as `Cpus_allowed` of /proc/PID/status: `1,0000000f`. Throws ERR_CPUS. */
  static parseHex(text: string): Cpumask {
    const groups = text
      .trim()
      .replace(/^0x/, '')
      .split(',')
      .map((g, i) => (i === 0 ? g : g.padStart(8, '0')));
    const digits = groups.join('');
    if (!/^[0-9a-f]+$/i.test(digits) || digits.length > (MAX_CPU + 1) / 4)
      throw new ScxtsError('ERR_CPUS', `'${text.trim()}' is no mask of CPUs such as ff,00000000`);
    const words = new Uint32Array(Math.ceil(digits.length / 8));
    for (let i = 0; i < words.length; i++) {
      const end = digits.length - i * 8;
      words[i] = parseInt(digits.slice(Math.max(0, end - 8), end), 16);
    }
    return Cpumask.trimmed(words);
  }

  /** From words of 64 bits, the lowest first: how a `FixedArray<u64, N>` of BPF keeps one. */
  static fromWords(words: Iterable<bigint>): Cpumask {
    const out: number[] = [];
    for (const word of words) {
      const bits = BigInt.asUintN(64, word);
      out.push(Number(bits & 0xffff_ffffn), Number(bits >> 32n));
    }
    return Cpumask.trimmed(Uint32Array.from(out));
  }

  /** How many CPUs are in it. */
  get size(): number {
    return this.words.reduce((sum, word) => sum + weight(word), 0);
  }

  get isEmpty(): boolean {
    return this.words.length === 0;
  }

  /** The CPU with the lowest number; undefined in an empty set. */
  get first(): number | undefined {
    for (const cpu of this) return cpu;
    return undefined;
  }

  /** The CPU with the highest number; undefined in an empty set. */
  get last(): number | undefined {
    const top = this.words.at(-1);
    return top === undefined ? undefined : (this.words.length - 1) * BITS + (31 - Math.clz32(top));
  }

  has(cpu: number): boolean {
    return (
      Number.isInteger(cpu) && cpu >= 0 && (((this.words[cpu >>> 5] ?? 0) >>> (cpu & 31)) & 1) === 1
    );
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let w = 0; w < this.words.length; w++)
      for (let left = this.words[w]!; left !== 0; left &= left - 1)
        yield w * BITS + (31 - Math.clz32(left & -left));
  }

  private combined(other: Cpumask, length: number, of: (a: number, b: number) => number): Cpumask {
    const words = new Uint32Array(length);
    for (let w = 0; w < length; w++) words[w] = of(this.words[w] ?? 0, other.words[w] ?? 0);
    return Cpumask.trimmed(words);
  }

  /** CPUs that are in both. */
  and(other: Cpumask): Cpumask {
    return this.combined(other, Math.min(this.words.length, other.words.length), (a, b) => a & b);
  }

  /** CPUs that are in either. */
  or(other: Cpumask): Cpumask {
    return this.combined(other, Math.max(this.words.length, other.words.length), (a, b) => a | b);
  }

  /** CPUs that are in this one only. */
  without(other: Cpumask): Cpumask {
    return this.combined(other, this.words.length, (a, b) => a & ~b);
  }

  intersects(other: Cpumask): boolean {
    return this.words.some((word, w) => (word & (other.words[w] ?? 0)) !== 0);
  }

  isSubsetOf(other: Cpumask): boolean {
    return this.words.every((word, w) => (word & ~(other.words[w] ?? 0)) === 0);
  }

  equals(other: Cpumask): boolean {
    return (
      this.words.length === other.words.length && this.words.every((w, i) => w === other.words[i])
    );
  }

  /** Numbers, rising. */
  toArray(): number[] {
    return [...this];
  }

  /** `0-3,8`, which parse() takes and the kernel does. */
  toString(): string {
    return formatCpuList(this);
  }

  /** Words of 32 bits in hexadecimal, the highest first, as the kernel prints masks (`%*pb`). */
  toHex(): string {
    const words = this.isEmpty ? [0] : [...this.words].reverse();
    return words.map((w, i) => w.toString(16).padStart(i === 0 ? 1 : 8, '0')).join(',');
  }

  /**
   * `length` words of 64 bits, the lowest first, for a `FixedArray<u64, length>` of BPF. Throws ERR_CPUS if a CPU has no place in them.
   */
  toWords(length: number): bigint[] {
    const last = this.last ?? -1;
    if (last >= length * 64)
      throw new ScxtsError('ERR_CPUS', `${length} words of 64 bits have no place for CPU ${last}`);
    return Array.from(
      { length },
      (_, i) => (BigInt(this.words[2 * i + 1] ?? 0) << 32n) | BigInt(this.words[2 * i] ?? 0),
    );
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `Cpumask(${this.toString()})`;
  }
}

/** A set of CPUs. */
export class CpuMask {
  readonly words: Uint32Array;

  /** `cpus`: how many the machine may have; `words`: memory to keep it in, as it is. */
  constructor(
    readonly cpus: number,
    words?: Uint32Array,
  ) {
    this.words = words ?? new Uint32Array((cpus + 31) >>> 5);
  }

  static all(cpus: number): CpuMask {
    const mask = new CpuMask(cpus);
    for (let cpu = 0; cpu < cpus; cpu++) mask.add(cpu);
    return mask;
  }

  static of(cpus: number, members: Iterable<number>): CpuMask {
    const mask = new CpuMask(cpus);
    for (const cpu of members) mask.add(cpu);
    return mask;
  }

  has(cpu: number): boolean {
    return ((this.words[cpu >>> 5]! >>> (cpu & 31)) & 1) !== 0;
  }

  add(cpu: number): void {
    this.words[cpu >>> 5]! |= 1 << (cpu & 31);
  }

  delete(cpu: number): void {
    this.words[cpu >>> 5]! &= ~(1 << (cpu & 31));
  }

  get size(): number {
    let n = 0;
    for (const word of this.words) n += ones(word);
    return n;
  }

  get empty(): boolean {
    for (const word of this.words) if (word !== 0) return false;
    return true;
  }

  /** Lowest member, -1 if there is none. */
  first(): number {
    return this.next(0);
  }

  /** Lowest member of at least `from`, also of `other` where given; -1 if there is none. */
  next(from: number, other?: CpuMask): number {
    for (let w = from >>> 5; w < this.words.length; w++) {
      let word = this.words[w]!;
      if (other) word &= other.words[w]!;
      if (w === from >>> 5) word &= -1 << (from & 31);
      if (word !== 0) return w * 32 + (31 - Math.clz32(word & -word));
    }
    return -1;
  }

  intersects(other: CpuMask): boolean {
    for (let w = 0; w < this.words.length; w++) if (this.words[w]! & other.words[w]!) return true;
    return false;
  }

  /** Whether every member is in `other`. */
  within(other: CpuMask): boolean {
    for (let w = 0; w < this.words.length; w++) if (this.words[w]! & ~other.words[w]!) return false;
    return true;
  }

  equals(other: CpuMask): boolean {
    return this.words.every((word, w) => word === other.words[w]);
  }

  copy(): CpuMask {
    const mask = new CpuMask(this.cpus);
    mask.words.set(this.words);
    return mask;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let cpu = this.next(0); cpu >= 0; cpu = this.next(cpu + 1)) yield cpu;
  }

  /** `0-3,8`. */
  toString(): string {
    const ranges: string[] = [];
    for (let from = this.next(0); from >= 0;) {
      let to = from;
      while (to + 1 < this.cpus && this.has(to + 1)) to++;
      ranges.push(from === to ? `${from}` : `${from}-${to}`);
      from = this.next(to + 1);
    }
    return ranges.join(',');
  }
}

function ones(word: number): number {
  word -= (word >>> 1) & 0x55555555;
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

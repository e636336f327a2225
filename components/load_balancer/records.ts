import type { ArrayMap } from '../../native/runtime/index.js';
import type { Tasks } from './candidates.js';

/** struct TaskRecord of state.bpf.ts, in words of 32 bits. */
const WORDS = 16;
const AT = 0;
const ORDER = 2;
const GENERATION = 4;
const TID = 5;
const DOMAIN = 6;
const WEIGHT = 7;
const DUTY = 8;
const RUNNABLE = 9;
const FLAGS = 10;
const IN_USE = 1;
const RESTRICTED = 2;
const KERNEL_THREAD = 4;
const ONE = 2 ** 30;
const HIGH = 2 ** 32;
/** Bits of `Allowed.mask`, in words of 32. */
const MASK_WORDS = 32;

/** Bytes of one TaskRecord, checked against the object when it is loaded. */
export const RECORD_BYTES = WORDS * 4;

export interface TaskColumns extends Tasks {
  slot: Uint32Array;
  generation: Uint32Array;
  tid: Uint32Array;
  weight: Uint32Array;
  duty: Float64Array;
  /** Domain to which an order that it has not followed yet sends it; -1 without one. */
  ordered: Int32Array;
  kernelThread: Uint8Array;
}

/** The memory of a map as words. */
function wordsOf(map: ArrayMap<unknown>, count: number): Uint32Array {
  const { buffer, byteOffset } = map.bytes();
  return new Uint32Array(buffer, byteOffset, count);
}

/** The memory that the BPF half shares: reading a hundred thousand records takes no system call. */
export class TaskRecords {
  private readonly words: Uint32Array;
  private readonly orders: BigUint64Array;
  private readonly masks: Uint32Array;
  private columns: TaskColumns | undefined;

  constructor(
    records: Uint32Array,
    masks: Uint32Array,
    /** Records below this were used at some time. */
    private readonly used: () => number,
  ) {
    this.words = records;
    this.orders = new BigUint64Array(records.buffer, records.byteOffset, records.length / 2);
    this.masks = masks;
  }

  static of(tasks: ArrayMap<unknown>, allowed: ArrayMap<unknown>, used: () => number): TaskRecords {
    return new TaskRecords(
      wordsOf(tasks, tasks.length * WORDS),
      wordsOf(allowed, allowed.length * MASK_WORDS),
      used,
    );
  }

  /** Whether the task in a slot may run in a domain. */
  mayRunIn(slot: number, domain: number): boolean {
    const word = domain >> 5;
    return (
      word < MASK_WORDS && ((this.masks[slot * MASK_WORDS + word]! >>> (domain & 31)) & 1) === 1
    );
  }

  private mayMove(slot: number): boolean {
    let bits = 0;
    for (let w = 0; w < MASK_WORDS && bits < 2; w++) {
      const word = this.masks[slot * MASK_WORDS + w]!;
      if (word !== 0) bits += (word & (word - 1)) === 0 ? 1 : 2;
    }
    return bits > 1;
  }

  private room(): TaskColumns {
    if (this.columns) return this.columns;
    const n = this.words.length / WORDS;
    const columns: TaskColumns = {
      count: 0,
      domain: new Uint32Array(n),
      load: new Float64Array(n),
      movable: new Uint8Array(n),
      restricted: new Uint8Array(n),
      slot: new Uint32Array(n),
      generation: new Uint32Array(n),
      tid: new Uint32Array(n),
      weight: new Uint32Array(n),
      duty: new Float64Array(n),
      ordered: new Int32Array(n),
      kernelThread: new Uint8Array(n),
      mayRunIn: (task, domain) => this.mayRunIn(columns.slot[task]!, domain),
    };
    this.columns = columns;
    return columns;
  }

  /**
   * All tasks that have a record, with their duty as of `now` (ns). `load` is duty times weight, at most
   * `heaviest`. The columns are overwritten by the next reading.
   */
  read(now: number, halfLife: number, heaviest: number): TaskColumns {
    const c = this.room();
    const { words } = this;
    const end = Math.min(this.used(), words.length / WORDS);
    let count = 0;
    for (let slot = 0; slot < end; slot++) {
      const w = slot * WORDS;
      const flags = words[w + FLAGS]!;
      if ((flags & IN_USE) === 0) continue;
      const runnable = words[w + RUNNABLE] !== 0;
      const then = words[w + DUTY]! / ONE;
      const age = now - (words[w + AT + 1]! * HIGH + words[w + AT]!);
      let duty = then;
      if (age > 0 && (runnable || then > 0)) {
        const left = age > 40 * halfLife ? 0 : 2 ** (-age / halfLife);
        duty = runnable ? 1 - (1 - then) * left : then * left;
      }
      const restricted = (flags & RESTRICTED) !== 0;
      const order = words[w + ORDER]!;
      c.slot[count] = slot;
      c.generation[count] = words[w + GENERATION]!;
      c.tid[count] = words[w + TID]!;
      c.domain[count] = words[w + DOMAIN]!;
      c.weight[count] = words[w + WEIGHT]!;
      c.duty[count] = duty;
      c.load[count] = duty * Math.min(words[w + WEIGHT]!, heaviest);
      c.restricted[count] = restricted ? 1 : 0;
      c.movable[count] = !restricted || this.mayMove(slot) ? 1 : 0;
      c.kernelThread[count] = flags & KERNEL_THREAD;
      c.ordered[count] =
        order !== 0 && words[w + ORDER + 1] === words[w + GENERATION] ? order - 1 : -1;
      count++;
    }
    c.count = count;
    return c;
  }

  /** Leaves an order for the task; one store, so that BPF sees all of it or nothing. */
  order(slot: number, generation: number, domain: number): void {
    this.orders[(slot * WORDS + ORDER) / 2] = (BigInt(generation) << 32n) | BigInt(domain + 1);
  }

  cancel(slot: number): void {
    this.orders[(slot * WORDS + ORDER) / 2] = 0n;
  }
}

/** struct Bucket of state.bpf.ts, in words of 32 bits. */
const BUCKET_WORDS = 16;
const BUCKET = { at: 0, runnable: 2, weight: 4, duty: 6, load: 8 } as const;
export const BUCKET_BYTES = BUCKET_WORDS * 4;
export const BUCKETS = 56;

/** Load of one domain by weight: what its tasks ask for, and what that weighs. */
export interface DomainLoad {
  /** CPUs that its tasks ask for on average, by bucket; and the same times their weight. */
  duty: Float64Array;
  load: Float64Array;
}

/** Running averages of the domains' buckets, brought up to `now`. */
export class BucketReader {
  private readonly words: Uint32Array;

  constructor(words: Uint32Array) {
    this.words = words;
  }

  static of(buckets: ArrayMap<unknown>): BucketReader {
    return new BucketReader(wordsOf(buckets, buckets.length * BUCKET_WORDS));
  }

  private value(at: number): number {
    return this.words[at + 1]! * HIGH + this.words[at]!;
  }

  read(domain: number, now: number, halfLife: number): DomainLoad {
    const duty = new Float64Array(BUCKETS);
    const load = new Float64Array(BUCKETS);
    for (let b = 0; b < BUCKETS; b++) {
      const w = (domain * BUCKETS + b) * BUCKET_WORDS;
      // BPF may be at it: what it has changed meanwhile shows in the time.
      for (let tries = 0; tries < 3; tries++) {
        const then = this.value(w + BUCKET.at);
        const age = Math.max(0, now - then);
        const left = age > 40 * halfLife ? 0 : 2 ** (-age / halfLife);
        const towards = (average: number, value: number): number =>
          value + (average - value) * left;
        duty[b] = towards(this.value(w + BUCKET.duty) / ONE, this.value(w + BUCKET.runnable));
        load[b] = towards(this.value(w + BUCKET.load) / ONE, this.value(w + BUCKET.weight));
        if (this.value(w + BUCKET.at) === then) break;
      }
    }
    return { duty, load };
  }
}

/** Something that happens at a time; made once and armed again and again. */
export class Timer {
  /** ns; of the last arming. */
  at = 0;
  /** Among those of the same time. */
  order = 0;
  /** Place in the heap, -1 if not armed. */
  place = -1;

  constructor(readonly fire: () => void) {}

  get armed(): boolean {
    return this.place >= 0;
  }
}

/** Gives the order among events of one time: later arming, later turn; or otherwise, to search for trouble. */
export type TieBreak = (sequence: number) => number;

/** The events of a run in order of time. Ties are in the order of arming unless `tie` says otherwise. */
export class EventQueue {
  /** ns since the machine started. */
  now = 0;
  /** Events that have happened. */
  count = 0;
  private readonly heap: Timer[] = [];
  private sequence = 0;

  constructor(private readonly tie?: TieBreak) {}

  get size(): number {
    return this.heap.length;
  }

  /** Arms a timer, or moves one that is armed; a time that has passed is now. */
  arm(timer: Timer, at: number): void {
    timer.at = at < this.now ? this.now : at;
    const sequence = this.sequence++;
    timer.order = this.tie ? this.tie(sequence) : sequence;
    if (timer.place < 0) {
      timer.place = this.heap.length;
      this.heap.push(timer);
    }
    this.settle(timer);
  }

  /** Whether it was armed. */
  cancel(timer: Timer): boolean {
    const { place } = timer;
    if (place < 0) return false;
    timer.place = -1;
    const last = this.heap.pop()!;
    if (last !== timer) {
      this.heap[place] = last;
      last.place = place;
      this.settle(last);
    }
    return true;
  }

  /** Time of the next event, Infinity if there is none. */
  next(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  /** Lets the next event happen; false if there is none until `end` (ns), which is then the time. */
  step(end: number): boolean {
    const first = this.heap[0];
    if (first === undefined || first.at > end) {
      this.now = Math.max(this.now, end);
      return false;
    }
    this.cancel(first);
    this.now = first.at;
    this.count++;
    first.fire();
    return true;
  }

  private settle(timer: Timer): void {
    const { heap } = this;
    let { place } = timer;
    while (place > 0) {
      const parent = heap[(place - 1) >> 1]!;
      if (!before(timer, parent)) break;
      heap[place] = parent;
      parent.place = place;
      place = (place - 1) >> 1;
    }
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      const lower = heap[child]!;
      if (!before(lower, timer)) break;
      heap[place] = lower;
      lower.place = place;
      place = child;
    }
    heap[place] = timer;
    timer.place = place;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

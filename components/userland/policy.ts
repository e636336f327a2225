/** A task that is ready to run. */
export interface Ready {
  tid: number;
  tgid: number;
  /** 100 for nice 0; 1 to 10000. */
  weight: number;
  cpu: number;
  /** Processor time that it has used in ns. */
  ran: bigint;
  /** Since when it waits, ns of CLOCK_MONOTONIC. */
  at: bigint;
}

export interface Decision {
  tid: number;
  /** It runs after those with a smaller order, from 0. */
  order: bigint;
  /** ns that it may run; 0: the kernel's default of 20 ms. */
  slice: bigint;
}

/** Who runs next: what a scheduler decides, as a function of what became ready. Needs no kernel. */
export interface Policy {
  /**
   * Tasks became ready. Gives what to release now; what it keeps back it gives from a later call, or the
   * kernel runs it after `stall_ms`.
   */
  decide(ready: readonly Ready[]): Decision[];
}

/** Where virtual time starts, far from 0: an order is never negative. */
const START = 1n << 40n;
/** Sleeping earns no more than this, ns. */
const CREDIT = 20_000_000n;

/** Fair by weight: the task that has run least for its weight goes first. */
export class WeightedFair implements Policy {
  private readonly tasks = new Map<number, { vtime: bigint; ran: bigint }>();
  /** How far the furthest task had come when it was released. */
  private now = START;

  /** `most` tasks are remembered; which were not heard of for longest are forgotten first. */
  constructor(private readonly most = 50_000) {}

  decide(ready: readonly Ready[]): Decision[] {
    return ready.map(({ tid, weight, ran }) => {
      const last = this.tasks.get(tid);
      let vtime = this.now;
      // A thread id that was used again starts anew.
      if (last && ran >= last.ran) {
        if (last.vtime > this.now) this.now = last.vtime;
        vtime = last.vtime + ((ran - last.ran) * 100n) / BigInt(Math.max(1, weight));
        if (vtime < this.now - CREDIT) vtime = this.now - CREDIT;
      }
      this.tasks.delete(tid);
      this.tasks.set(tid, { vtime, ran });
      this.forget();
      return { tid, order: vtime, slice: 0n };
    });
  }

  private forget(): void {
    if (this.tasks.size <= this.most) return;
    const oldest = this.tasks.keys().next().value;
    if (oldest !== undefined) this.tasks.delete(oldest);
  }
}

/** A task that waits, ordered by virtual time. */
interface Waiting {
  pid: number;
  vruntime: number;
}

interface Account {
  vruntime: number;
  /** What it had run when it was last seen, in ns. */
  ran: number;
  waiting: boolean;
}

/** Tasks in the order of their virtual run time: what they ran, divided by their weight. */
export class VruntimeQueue {
  private readonly accounts = new Map<number, Account>();
  /** Descending, so that the next one is at the end. */
  private readonly order: Waiting[] = [];
  private least = 0;

  get length(): number {
    return this.order.length;
  }

  /** A task is ready; `ran` is all that it ever ran, in ns; a weight of 100 is nice 0. */
  add(pid: number, ran: number, weight: number): void {
    let account = this.accounts.get(pid);
    if (!account) {
      account = { vruntime: this.least, ran, waiting: false };
      this.accounts.set(pid, account);
    }
    // A process number that was used again starts anew.
    account.vruntime += (Math.max(0, ran - account.ran) * 100) / weight;
    account.ran = ran;
    // Who slept for long gets nothing ahead of the others.
    account.vruntime = Math.max(account.vruntime, this.least);
    if (account.waiting) return;
    account.waiting = true;
    const { vruntime } = account;
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order[middle]!.vruntime > vruntime) low = middle + 1;
      else high = middle;
    }
    this.order.splice(low, 0, { pid, vruntime });
  }

  /** The task that has run least; undefined if none waits. */
  next(): number | undefined {
    const first = this.order.pop();
    if (!first) return undefined;
    this.least = Math.max(this.least, first.vruntime);
    const account = this.accounts.get(first.pid);
    if (account) account.waiting = false;
    return first.pid;
  }

  forget(pid: number): void {
    const account = this.accounts.get(pid);
    if (account && !account.waiting) this.accounts.delete(pid);
  }
}

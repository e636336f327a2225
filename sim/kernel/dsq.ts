import type { Task } from './task.js';

/** An element of a queue's list: a task, or the place of somebody who walks it. */
export class DsqNode {
  prev: DsqNode | null = null;
  next: DsqNode | null = null;
  /** When it was inserted, to order equals and to bound walks. */
  sequence = 0;

  constructor(readonly task: Task | null) {}
}

export type DsqKind = 'local' | 'global' | 'bypass' | 'user';
/** Queue ids below 2^53 are numbers, others bigints: equal ids are equal keys. */
export type DsqKey = number | bigint;

export function dsqKey(low: number, high: number): DsqKey {
  const top = high >>> 0;
  return top < 0x20_0000
    ? top * 0x1_0000_0000 + (low >>> 0)
    : (BigInt(top) << 32n) | BigInt(low >>> 0);
}

/**
 * A dispatch queue: first in first out, or by vtime (equal ones in order of arrival). All of a queue's
 * tasks are of one sort.
 */
export class Dsq {
  count = 0;
  /** What its tasks were inserted with; a queue that has been empty takes either. */
  byVtime = false;
  /** Changes with every insertion. */
  sequence = 0;
  private readonly end = new DsqNode(null);
  /** Nodes by vtime, from `head` on. */
  private sorted: DsqNode[] = [];
  private head = 0;

  constructor(
    readonly kind: DsqKind,
    readonly key: DsqKey,
    /** Of a local or bypass queue; node of a global or user queue. */
    readonly owner: number,
  ) {
    this.end.prev = this.end;
    this.end.next = this.end;
  }

  get first(): Task | null {
    for (let n = this.end.next!; n !== this.end; n = n.next!) if (n.task) return n.task;
    return null;
  }

  /** At the tail, or the head. */
  push(task: Task, atHead: boolean): void {
    this.byVtime = false;
    this.link(task.node, atHead ? this.end : this.end.prev!);
    this.added(task);
  }

  /** By task.vtimeLow and vtimeHigh. */
  insert(task: Task): void {
    this.byVtime = true;
    const { sorted, head } = this;
    let low = head;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (earlier(task, sorted[middle]!.task!)) high = middle;
      else low = middle + 1;
    }
    this.link(task.node, low > head ? sorted[low - 1]! : this.end);
    if (low === sorted.length) sorted.push(task.node);
    else sorted.splice(low, 0, task.node);
    this.added(task);
  }

  remove(task: Task): void {
    if (this.byVtime) this.unsort(task.node);
    this.unlink(task.node);
    this.count--;
    task.dsq = null;
  }

  /** Tasks in order; the one at hand may be removed. */
  *[Symbol.iterator](): Generator<Task> {
    for (let n = this.end.next!; n !== this.end;) {
      const next = n.next!;
      if (n.task) yield n.task;
      n = next;
    }
  }

  walk(reverse: boolean): DsqWalk {
    return new DsqWalk(this, this.end, reverse);
  }

  /** @internal */
  link(node: DsqNode, after: DsqNode): void {
    node.prev = after;
    node.next = after.next;
    after.next!.prev = node;
    after.next = node;
  }

  /** @internal */
  unlink(node: DsqNode): void {
    node.prev!.next = node.next;
    node.next!.prev = node.prev;
    node.prev = node.next = null;
  }

  private added(task: Task): void {
    task.node.sequence = ++this.sequence;
    task.dsq = this;
    this.count++;
  }

  private unsort(node: DsqNode): void {
    const { sorted } = this;
    if (sorted[this.head] === node) {
      this.head++;
      if (this.head > 64 && this.head * 2 > sorted.length) {
        sorted.splice(0, this.head);
        this.head = 0;
      }
      return;
    }
    let low = this.head;
    let high = sorted.length;
    const { sequence } = node;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sorted[middle]!;
      const after =
        earlier(node.task!, other.task!) ||
        (!earlier(other.task!, node.task!) && sequence <= other.sequence);
      if (after) high = middle;
      else low = middle + 1;
    }
    sorted.splice(low, 1);
  }
}

/** Someone who walks a queue while it changes: what is inserted after the walk began is passed over. */
export class DsqWalk {
  private readonly cursor = new DsqNode(null);
  private readonly until: number;
  private linked = false;
  /** The task that it stands at. */
  at: Task | null = null;
  /** What the next move of a task gets. */
  slice: number | undefined;
  vtime: { low: number; high: number } | undefined;

  constructor(
    readonly dsq: Dsq,
    private readonly end: DsqNode,
    private readonly reverse: boolean,
  ) {
    this.until = dsq.sequence;
  }

  next(): Task | null {
    const from = this.linked ? this.cursor : this.end;
    let node = this.reverse ? from.prev! : from.next!;
    while (node !== this.end && (!node.task || node.sequence > this.until))
      node = this.reverse ? node.prev! : node.next!;
    this.leave();
    this.at = null;
    if (node === this.end) return null;
    // Beside the task on the far side, so that it stays put when the task goes.
    this.dsq.link(this.cursor, this.reverse ? node.prev! : node);
    this.linked = true;
    this.at = node.task;
    return node.task;
  }

  leave(): void {
    if (this.linked) this.dsq.unlink(this.cursor);
    this.linked = false;
  }
}

/** Whether a's vtime is before b's, as time_before64(): the difference of two u64 is negative. */
function earlier(a: Task, b: Task): boolean {
  const borrow = a.vtimeLow >>> 0 < b.vtimeLow >>> 0 ? 1 : 0;
  return ((a.vtimeHigh - b.vtimeHigh - borrow) | 0) < 0;
}

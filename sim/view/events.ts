/** Kinds of events: those of the model's log, as cli/trace/bpf/tracer.ts numbers them too. */
export { Log as Kind } from '../kernel/log.js';

/** One event. */
export interface Event {
  /** ns since the recording began. */
  time: number;
  kind: number;
  cpu: number;
  pid: number;
  other: number;
  detail: number;
  /** Number in Recording.queues (CALL: in Recording.callbacks), -1: none. */
  queue: number;
  /** Number in Recording.lines, -1: unknown. */
  line: number;
}

const FIRST_ROOM = 1024;
/** Moves an event, on average, beyond which events are not nearly in order. */
const MOST_MOVES = 32;

/** Events in columns: a million of them take 29 MB and no object. */
export class Events {
  length = 0;
  time = new Float64Array(FIRST_ROOM);
  kind = new Uint8Array(FIRST_ROOM);
  cpu = new Uint16Array(FIRST_ROOM);
  pid = new Int32Array(FIRST_ROOM);
  other = new Int32Array(FIRST_ROOM);
  detail = new Uint32Array(FIRST_ROOM);
  queue = new Int32Array(FIRST_ROOM);
  line = new Int32Array(FIRST_ROOM);

  static of(events: Iterable<Event>): Events {
    const columns = new Events();
    for (const e of events)
      columns.add(e.time, e.kind, e.cpu, e.pid, e.other, e.detail, e.queue, e.line);
    return columns;
  }

  add(
    time: number,
    kind: number,
    cpu: number,
    pid: number,
    other: number,
    detail = 0,
    queue = -1,
    line = -1,
  ): void {
    const i = this.length;
    if (i === this.time.length) this.grow(2 * i);
    this.time[i] = time;
    this.kind[i] = kind;
    this.cpu[i] = cpu;
    this.pid[i] = pid;
    this.other[i] = other;
    this.detail[i] = detail;
    this.queue[i] = queue;
    this.line[i] = line;
    this.length++;
  }

  /** Makes room for so many. */
  grow(room: number): void {
    const larger = <T extends { set(from: T): void }>(
      column: T,
      Type: new (length: number) => T,
    ): T => {
      const made = new Type(room);
      made.set(column);
      return made;
    };
    this.time = larger(this.time, Float64Array);
    this.kind = larger(this.kind, Uint8Array);
    this.cpu = larger(this.cpu, Uint16Array);
    this.pid = larger(this.pid, Int32Array);
    this.other = larger(this.other, Int32Array);
    this.detail = larger(this.detail, Uint32Array);
    this.queue = larger(this.queue, Int32Array);
    this.line = larger(this.line, Int32Array);
  }

  at(i: number): Event {
    return {
      ...{ time: this.time[i]!, kind: this.kind[i]!, cpu: this.cpu[i]!, pid: this.pid[i]! },
      ...{ other: this.other[i]!, detail: this.detail[i]! },
      ...{ queue: this.queue[i]!, line: this.line[i]! },
    };
  }

  *[Symbol.iterator](): Iterator<Event> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** Numbers of all events in order of time: rings keep the order of reservation, which between CPUs is not quite that. */
  inOrder(): Uint32Array | undefined {
    const { time, length } = this;
    let i = 1;
    while (i < length && time[i - 1]! <= time[i]!) i++;
    if (i >= length) return undefined;
    const order = new Uint32Array(length);
    for (let n = 0; n < length; n++) order[n] = n;
    // Each event is near its place: put there one by one. Where that is not so, sorted as a whole.
    let moves = 0;
    for (; i < length; i++) {
      const own = time[i]!;
      let at = i;
      for (; at > 0 && time[order[at - 1]!]! > own; at--) order[at] = order[at - 1]!;
      order[at] = i;
      moves += i - at;
      if (moves > MOST_MOVES * length) return order.sort((a, b) => time[a]! - time[b]! || a - b);
    }
    return order;
  }
}

import { native } from '../errors.js';
import { BpfMap } from './base.js';

const BPF_EXIST = 2;

/** `queue<V>`: first in, first out. */
export class QueueMap<V> extends BpfMap {
  /** Throws ERR_MAP with errno E2BIG when it is full, unless the oldest may make room. */
  push(value: V, options: { dropOldest?: boolean } = {}): void {
    this.check();
    this.putValue(value);
    native(() => this.handle.put(options.dropOldest ? BPF_EXIST : 0));
  }

  /** Takes the next value; undefined if there is none. */
  pop(): V | undefined {
    this.check();
    // Before the call, which may be the first to need it.
    const { value } = this.scratch;
    return native(() => this.handle.take()) ? (this.value.read(value, 0) as V) : undefined;
  }

  /** The next value without taking it. */
  peek(): V | undefined {
    this.check();
    const { value } = this.scratch;
    return native(() => this.handle.get()) ? (this.value.read(value, 0) as V) : undefined;
  }
}

/** `stack<V>`: last in, first out. */
export class StackMap<V> extends QueueMap<V> {}

/** `bloomFilter<V>`: a set that says "no" for sure and "yes" with a small chance of error. */
export class BloomFilterMap<V> extends BpfMap {
  add(value: V): void {
    this.check();
    this.putValue(value);
    native(() => this.handle.put(0));
  }

  /** False: it was never added. True: it probably was. */
  has(value: V): boolean {
    this.check();
    this.putValue(value);
    return native(() => this.handle.get());
  }
}

import type { Space } from '../../engine/space.js';
import type { MapDefinition } from '../../object/maps.js';
import type { Specials } from './specials.js';

/** Errors that map operations give programs, as the kernel numbers them. */
export const E = {
  PERM: -1,
  NOENT: -2,
  '2BIG': -7,
  AGAIN: -11,
  NOMEM: -12,
  BUSY: -16,
  EXIST: -17,
  NODEV: -19,
  INVAL: -22,
  NOSPC: -28,
  OPNOTSUPP: -95,
} as const;

export const NOEXIST = 1;
export const EXIST = 2;

/** One map. Keys and values are addresses in the model's memory; a missing entry is address 0. */
export abstract class BpfMap {
  readonly keySize: number;
  readonly valueSize: number;
  /** Set when the map gets its handle. */
  handle = 0;

  constructor(
    protected readonly space: Space,
    readonly definition: MapDefinition,
    /** Locks, timers and pointers in values, which copies leave alone. */
    protected readonly specials: Specials,
  ) {
    this.keySize = definition.keySize;
    this.valueSize = definition.valueSize;
  }

  /** Of per-CPU maps: values are one for each CPU. */
  get perCpu(): boolean {
    return false;
  }
  abstract lookup(key: number): number;
  /** 0 or a negative errno. */
  abstract update(key: number, value: number, flags: number): number;
  abstract delete(key: number): number;
  /** Of a per-CPU map: the value of one CPU. */
  lookupCpu(_key: number, _cpu: number): number {
    return 0;
  }
  push(_value: number, _flags: number): number {
    return E.OPNOTSUPP;
  }
  pop(_value: number): number {
    return E.OPNOTSUPP;
  }
  peek(_value: number): number {
    return E.OPNOTSUPP;
  }
  /** Entries as (address of the key, address of the value), in a fixed order. */
  abstract entries(): Iterable<[key: number, value: number]>;
  /** The address of a key that stands before a value, for callbacks of timers. */
  keyOf(_value: number): number {
    return 0;
  }
  get size(): number {
    let count = 0;
    for (const _ of this.entries()) count++;
    return count;
  }
}

/** A map whose contents are not reached by keys. */
export abstract class KeylessMap extends BpfMap {
  lookup(_key: number): number {
    return 0;
  }
  update(_key: number, _value: number, _flags: number): number {
    return E.OPNOTSUPP;
  }
  delete(_key: number): number {
    return E.OPNOTSUPP;
  }
  entries(): Iterable<[key: number, value: number]> {
    return [];
  }
}

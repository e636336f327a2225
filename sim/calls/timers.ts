import type { Space } from '../engine/space.js';
import type { BpfMap } from './maps/map.js';
import { E } from './maps/map.js';

const ABSOLUTE = 1;
const PINNED = 2;

interface Timer {
  readonly map: BpfMap;
  /** Address of the value that it is in. */
  readonly value: number;
  callback: number;
}

/** The bpf_timers of map values. When they fire is the kernel's to say: Host. */
export class Timers {
  private readonly known = new Map<number, Timer>();
  private readonly offsets = new Map<BpfMap, number[]>();

  constructor(private readonly space: Space) {}

  /** Says where in a map's values timers are. */
  expect(map: BpfMap, offset: number): void {
    this.offsets.set(map, [...(this.offsets.get(map) ?? []), offset]);
  }

  init(address: number, handle: number): number {
    if (this.known.has(address)) return E.BUSY;
    const map = this.space.maps.at(handle);
    this.known.set(address, { map, value: address - this.offsetIn(map, address), callback: 0 });
    return 0;
  }
  /** Values lie at multiples of their stride from an entry's address; a timer's offset tells which entry. */
  private offsetIn(map: BpfMap, address: number): number {
    const offsets = this.offsets.get(map) ?? [0];
    if (offsets.length === 1) return offsets[0]!;
    for (const [, value] of map.entries())
      if (address >= value && address < value + map.valueSize) return address - value;
    return offsets[0]!;
  }
  setCallback(address: number, place: number): number {
    const timer = this.known.get(address);
    if (!timer) return E.INVAL;
    timer.callback = place;
    return 0;
  }
  start(address: number, ns: number, flags: number): number {
    const timer = this.known.get(address);
    if (!timer?.callback) return E.INVAL;
    const { host, context } = this.space;
    const at = flags & ABSOLUTE ? ns : host.ktime() + ns;
    const cpu = flags & PINNED ? context.cpu : null;
    host.startTimer(address, at, cpu, () => this.fire(timer));
    return 0;
  }
  private fire({ map, value, callback }: Timer): void {
    this.space.callBack(callback, map.handle, map.keyOf(value), value);
  }
  /** 1 where it was armed. */
  cancel(address: number): number {
    if (!this.known.has(address)) return E.INVAL;
    return this.space.host.cancelTimer(address) ? 1 : 0;
  }
  /** The value that held it is gone. */
  forget(address: number): void {
    if (this.known.delete(address)) this.space.host.cancelTimer(address);
  }
}

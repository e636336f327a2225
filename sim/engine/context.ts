import type { CallContext } from '../calls/types.js';
import { SLOT } from '../memory/layout.js';
import type { LinearMemory } from '../memory/linear.js';

/** The context of calls, kept where code finds it without JavaScript: in the memory's slots. */
export class Context implements CallContext {
  callback = '';
  private readonly slots: Int32Array;

  constructor(
    memory: LinearMemory,
    private readonly describeSite: (site: number) => string,
  ) {
    this.slots = memory.i32;
  }
  get cpu(): number {
    return this.slots[SLOT.cpu >> 2]!;
  }
  set cpu(value: number) {
    this.slots[SLOT.cpu >> 2] = value;
  }
  get current(): number {
    return this.slots[SLOT.current >> 2]! >>> 0;
  }
  set current(value: number) {
    this.slots[SLOT.current >> 2] = value;
  }
  get high(): number {
    return this.slots[SLOT.high >> 2]!;
  }
  set high(value: number) {
    this.slots[SLOT.high >> 2] = value;
  }
  get site(): number {
    return this.slots[SLOT.site >> 2]!;
  }
  instructions(): number {
    return this.slots[SLOT.instructions >> 2]! >>> 0;
  }
  where(): string {
    return this.describeSite(this.site);
  }
}

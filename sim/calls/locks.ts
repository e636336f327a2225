import { Fault } from '../errors.js';
import type { Space } from '../engine/space.js';

/** bpf_spin_lock: nothing waits here, since calls are atomic; taking one twice, or leaving it held, is a fault. */
export class Locks {
  /** Where each lock that is held was taken. */
  private readonly held = new Map<number, { where: string; program: string }>();

  constructor(private readonly space: Space) {}

  private here(): { where: string; program: string } {
    return this.space.sites.at(this.space.context.site);
  }
  take(lock: number): void {
    const here = this.here();
    const holder = this.held.get(lock);
    if (holder)
      throw new Fault(
        'DEADLOCK',
        `the lock is held already: it was taken at ${holder.where}`,
        here.where,
        here.program,
      );
    this.held.set(lock, { where: here.where, program: here.program });
    this.space.memory.u32[lock >>> 2] = 1;
  }
  give(lock: number): void {
    if (!this.held.delete(lock)) {
      const { where, program } = this.here();
      throw new Fault('NOT_LOCKED', 'the lock is given back and was not held', where, program);
    }
    this.space.memory.u32[lock >>> 2] = 0;
  }
  /** At the end of an outermost call: none may be left. */
  check(): void {
    if (this.held.size === 0) return;
    const [[lock, holder]] = [...this.held] as [[number, { where: string; program: string }]];
    this.held.delete(lock);
    throw new Fault(
      'LOCK_LEFT_HELD',
      `${holder.program} ends and holds a lock that it took here`,
      holder.where,
      holder.program,
    );
  }
  /** After a fault: a call that was cut off holds nothing. */
  clear(): void {
    for (const lock of this.held.keys()) this.space.memory.u32[lock >>> 2] = 0;
    this.held.clear();
  }
}

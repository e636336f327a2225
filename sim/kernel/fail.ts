import { disable } from './enable.js';
import { Timer } from './events.js';
import type { ExitKind } from '../../native/runtime/exit-kinds.js';
import type { Kernel } from './kernel.js';

/** Ends the scheduler: the first reason counts. What is under way goes on; the rest is done right after. */
export function endScheduler(k: Kernel, kind: ExitKind, message: string, code = 0n): void {
  if (k.state === 'disabled' || k.state === 'disabling') return;
  if (!k.exit.claim(kind, message, code, k.now)) return;
  k.hooks.ending?.();
  // An error while it is being enabled is found at the end of that.
  if (k.state === 'enabling') return;
  k.disableTimer ??= new Timer(() => disable(k));
  k.events.arm(k.disableTimer, k.now);
}

/** An error that the kernel finds. */
export function fail(k: Kernel, message: string): void {
  endScheduler(k, 'ERROR', message);
}

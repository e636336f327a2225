import { durationMs } from '../../native/runtime/duration.js';

/** ns of virtual time that a flag gives. */
export function nsOfFlag(text: string, flag: string): number {
  return Math.round(durationMs(text, flag) * 1e6);
}

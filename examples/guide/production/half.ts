import type { UserspaceContext } from 'scxts/runtime';
import type { ProductionTypes } from './chapter.skel.js';

/** For this chapter it falls silent after a second, as a process does that hangs. */
const LAST = 10;

export default async function ({ scheduler, signal }: UserspaceContext<ProductionTypes>) {
  for (let n = 1; n <= LAST && !signal.aborted; n++) {
    scheduler.globals.beats = n;
    await scheduler.clock.wait(100);
  }
}

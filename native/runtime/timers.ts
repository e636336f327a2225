import { currentBackend, type Repeating } from './backend.js';
import { ScxtsError } from './errors.js';
import { show } from './layout/layout.js';

/** What setTimeout() and setInterval() take, in ms: anything longer is 1 ms to them. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer of any length. Disposing of it stops it. */
export interface Timer extends Disposable {
  stop(): void;
  /** It does not keep the process alive. */
  unref(): Timer;
}

function checked(ms: number): number {
  if (typeof ms === 'number' && ms >= 0) return ms;
  throw new ScxtsError('ERR_ARGUMENT', `a time is a number of ms from 0 on, not ${show(ms)}`);
}

function timer(ms: number, run: () => void, repeats: boolean): Timer {
  let handle: NodeJS.Timeout | undefined;
  let keepsAlive = true;
  const wait = (left: number): void => {
    const step = Math.min(left, LONGEST_MS);
    handle = setTimeout(() => {
      if (left > step) return wait(left - step);
      // Before it runs: an error of it, or stop() in it, is the caller's.
      if (repeats) wait(ms);
      else handle = undefined;
      run();
    }, step);
    if (!keepsAlive) handle.unref();
  };
  wait(checked(ms));
  const made: Timer = {
    stop: () => {
      clearTimeout(handle);
      handle = undefined;
    },
    unref: () => {
      keepsAlive = false;
      handle?.unref();
      return made;
    },
    [Symbol.dispose]: () => made.stop(),
  };
  return made;
}

/** Runs it once after so many ms, of which there may be any number; Infinity is never. */
export function after(ms: number, run: () => void): Timer {
  return timer(ms, run, false);
}

/** Runs it again and again, with so many ms from one time to the next: of virtual time over a model. */
export function every(ms: number, run: () => void): Timer {
  const { isModel, clock } = currentBackend();
  return isModel ? ofClock(clock.every(checked(ms), run)) : timer(ms, run, true);
}

/** A model's timer: no question of whether the process stays alive. */
function ofClock(repeating: Repeating): Timer {
  const made: Timer = {
    stop: () => repeating.stop(),
    unref: () => made,
    [Symbol.dispose]: () => made.stop(),
  };
  return made;
}

/** Resolves after so many ms, or when the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const waiting = after(ms, () => {
      signal?.removeEventListener('abort', end);
      resolve();
    });
    const end = (): void => {
      waiting.stop();
      resolve();
    };
    signal?.addEventListener('abort', end, { once: true });
  });
}

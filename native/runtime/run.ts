import type { AttachedLink } from './attached.js';
import type { ExitInfo } from './exit.js';
import type { LoadedScheduler } from './loaded.js';
import type { OpenScheduler } from './open.js';
import { pause } from './timers.js';
import type { LoadOptions, SkeletonTypes } from './types.js';

export interface RunOptions<T extends SkeletonTypes> {
  /** Sets config, ops, map sizes... each time the scheduler is opened. */
  configure?: (open: OpenScheduler<T>) => void;
  /** Tells the user-space half of each start; not of one that had ended by the time attach() was done. */
  started?: (
    loaded: LoadedScheduler<T>,
    link: AttachedLink,
    /** How often it was started before. */
    restarts: number,
  ) => void;
  /** Tells it of each end, before the object is closed. */
  ended?: (exit: ExitInfo) => void;
  /** Detaches and ends when it is aborted. */
  signal?: AbortSignal;
  load?: LoadOptions;
  /** Whether to start again when the kernel asks for it; default true. */
  restart?: boolean;
}

/** What the user-space half of a scheduler is called with by `scxts load --with FILE`. */
export interface UserspaceContext<T extends SkeletonTypes = SkeletonTypes> {
  scheduler: LoadedScheduler<T>;
  link: AttachedLink;
  /** Aborted when the scheduler is to end: leave loops then. */
  signal: AbortSignal;
  /** How often the scheduler was started before. */
  restarts: number;
}

/** The CPU hotplug that the kernel asks to restart for may go on for a while. */
const FIRST_PAUSE_MS = 100;
/** Of schedulers that the kernel asks to restart as soon as they run. */
const LONGEST_PAUSE_MS = 30_000;
/** Who has run for so long starts with the first pause again. */
const STEADY_MS = 1000;

/**
 * Keeps a scheduler running: loads it again when the kernel asks for it (CPU hotplug), and gives the
 * reason of the last end. Rejects if it cannot be loaded or attached. Between two starts are 100 ms, twice as many each
 * time for one that does not run for a second, at most 30 s.
 */
export async function keepRunning<T extends SkeletonTypes>(
  open: () => OpenScheduler<T>,
  options: RunOptions<T> = {},
): Promise<ExitInfo> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let restarts = 0; ; restarts++) {
    const started = performance.now();
    const exit = await once(open, options, restarts);
    if (!exit.restart || options.restart === false || options.signal?.aborted) return exit;
    if (performance.now() - started >= STEADY_MS) pauseMs = FIRST_PAUSE_MS;
    await pause(pauseMs, options.signal);
    if (options.signal?.aborted) return exit;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

async function once<T extends SkeletonTypes>(
  open: () => OpenScheduler<T>,
  options: RunOptions<T>,
  restarts: number,
): Promise<ExitInfo> {
  const opened = open();
  let loaded: LoadedScheduler<T>;
  try {
    options.configure?.(opened);
    loaded = await opened.loadAsync(options.load);
  } finally {
    opened[Symbol.dispose]();
  }
  let exit: ExitInfo;
  try {
    const link = await loaded.attachAsync();
    const stop = (): void => void link.detachAsync().catch(() => undefined);
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      if (options.signal?.aborted) stop();
      // One that ended at once, in init() say, has nothing to be run beside.
      if (!link.exit) options.started?.(loaded, link, restarts);
      exit = await link.exited;
    } finally {
      options.signal?.removeEventListener('abort', stop);
      await link.detachAsync();
    }
  } catch (error) {
    loaded.close();
    throw error;
  }
  try {
    // While its maps can still be read.
    options.ended?.(exit);
  } finally {
    loaded.close();
  }
  return exit;
}

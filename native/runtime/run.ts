import type { AttachedLink } from './attached.js';
import { ScxtsError } from './errors.js';
import type { ExitInfo } from './exit.js';
import type { LoadedScheduler } from './loaded.js';
import type { OpenScheduler } from './open.js';
import type { LoadOptions, SkeletonTypes } from './types.js';

export interface RunOptions<T extends SkeletonTypes> {
  /** Sets config, ops, map sizes... each time the scheduler is opened. */
  configure?: (open: OpenScheduler<T>) => void;
  /** Tells the user-space half of each start. */
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
const RESTART_PAUSE_MS = 100;

/**
 * Keeps a scheduler running: loads it again when the kernel asks for it (CPU hotplug), and gives the
 * reason of the last end. Rejects if it cannot be loaded or attached.
 */
export async function keepRunning<T extends SkeletonTypes>(
  open: () => OpenScheduler<T>,
  options: RunOptions<T> = {},
): Promise<ExitInfo> {
  for (let restarts = 0; ; restarts++) {
    const exit = await once(open, options, restarts);
    if (!exit.restart || options.restart === false || options.signal?.aborted) return exit;
    await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
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
      options.started?.(loaded, link, restarts);
      exit = await link.exited;
    } finally {
      options.signal?.removeEventListener('abort', stop);
      await link.detachAsync();
    }
  } catch (error) {
    // CPUs came or went between opening and attaching: the same as while running.
    if (!(error instanceof ScxtsError) || !error.exit?.restart) {
      loaded.close();
      throw error;
    }
    exit = error.exit;
  }
  try {
    // While its maps can still be read.
    options.ended?.(exit);
  } finally {
    loaded.close();
  }
  return exit;
}

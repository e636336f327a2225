import { fileURLToPath } from 'node:url';
import type { Backend } from './backend.js';
import { openInfo } from './object.js';
import { OpenScheduler } from './open.js';
import { keepRunning, type RunOptions } from './run.js';
import type { Halves } from './components.js';
import type { ExitInfo } from './exit.js';
import type { OpsData, SkeletonTypes } from './types.js';

/** What open() can set at once. */
export interface OpenOptions<T extends SkeletonTypes> {
  config?: Partial<T['config']>;
  globals?: Partial<T['globals']>;
  ops?: Partial<OpsData>;
  /** The kernel to open it for: a model's, by default that of this machine. */
  kernel?: Backend;
}

export interface Skeleton<T extends SkeletonTypes> {
  readonly name: string;
  /** Path of the object file. */
  readonly object: string;
  /** Opens the object; no kernel is touched before load(). */
  open(options?: OpenOptions<T>): OpenScheduler<T>;
  /** Opens, loads and attaches, again whenever the kernel asks for it; resolves when it has ended. */
  run(options?: RunOptions<T>): Promise<ExitInfo>;
}

/** What generated skeletons call. */
export function defineSkeleton<T extends SkeletonTypes>(definition: {
  name: string;
  object: URL;
  /** Userspace halves of its components; null for a component without one. */
  components?: Halves;
}): Skeleton<T> {
  const object = fileURLToPath(definition.object);
  const open = (options: OpenOptions<T> = {}): OpenScheduler<T> => {
    const opened = new OpenScheduler<T>(
      openInfo(object, options.kernel),
      definition.name,
      definition.components,
    );
    try {
      Object.assign(opened.config as object, options.config);
      Object.assign(opened.globals as object, options.globals);
      Object.assign(opened.ops, options.ops);
    } catch (error) {
      opened[Symbol.dispose]();
      throw error;
    }
    return opened;
  };
  return {
    name: definition.name,
    object,
    open,
    run: (options = {}) => keepRunning(() => open(), options),
  };
}

/** Opens an object file without a skeleton, as `scxts load FILE.bpf.o` does. */
export function openObject(source: string | Uint8Array, halves?: Halves): OpenScheduler {
  const info = openInfo(source);
  return new OpenScheduler(info, info.opsMap?.replace(/_ops$/, '') ?? '', halves);
}

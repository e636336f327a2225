import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { addon, type Addon } from './addon.js';

/** Time as the kernel's machine has it: real, or a model's. Durations are ms. */
export interface Clock {
  /** Calls back again and again until it is stopped. */
  every(ms: number, run: () => void): Repeating;
  /** Resolves after that time. */
  wait(ms: number): Promise<void>;
  /** ms since some beginning, with fractions. */
  now(): number;
}

export interface Repeating {
  stop(): void;
  /** Whether the process stays alive for it; of a model that is no question. */
  ref(): void;
  unref(): void;
}

/**
 * The kernel that a scheduler is opened for: the running one, or the model of one. It is the native addon and the machine
 * around it; user space is the same on both.
 */
export interface Backend {
  readonly addon: Pick<Addon, 'BpfObject' | 'mapById' | 'kernelFacts' | 'kernelFactsAsync'>;
  readonly clock: Clock;
  /** Descriptors by which maps are asked for the values of a task or cgroup. Throw as the addon and node:fs do. */
  openTask(pid: number): number;
  openCgroup(path: string): number;
  closeOwner(descriptor: number): void;
  /** A file of /sys or /proc of its machine; undefined where there is none. */
  file(path: string): string | undefined;
  /** Where sysfs is: readTopology() and what reads of CPUs and frequencies start there. Its folder is the root of its machine. */
  readonly sysfs: string;
  /** Id of the cgroup of a folder of cgroup v2. Throws where there is none. */
  cgroupId(path: string): bigint;
  /** Of a model: throws where it cannot take a scheduler. */
  preflight(): void;
  /** What this process must ask of the operating system itself: rights, BTF, the configuration. */
  readonly isModel: boolean;
}

/* eslint-disable no-restricted-syntax -- in a model's context those of timers.ts are the model's; this is the real one */
const realClock: Clock = {
  every(ms, run) {
    const timer = setInterval(run, ms);
    return {
      stop: () => clearInterval(timer),
      ref: () => void timer.ref(),
      unref: () => void timer.unref(),
    };
  },
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => performance.now(),
};
/* eslint-enable no-restricted-syntax */

/** The kernel that this process runs on. */
export const machine: Backend = {
  get addon() {
    return addon();
  },
  clock: realClock,
  sysfs: '/sys',
  openTask: (pid) => addon().pidfdOpen(pid),
  openCgroup: (path) => openSync(path, 'r'),
  closeOwner: closeSync,
  // In cgroup v2 a cgroup's id is the inode of its folder.
  cgroupId: (path) => statSync(path, { bigint: true }).ino,
  file(path) {
    try {
      return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
    } catch {
      return undefined;
    }
  },
  preflight: () => undefined,
  isModel: false,
};

const ambient = new AsyncLocalStorage<Backend>();

/** The kernel of the code that asks: a model's in what withBackend() runs, otherwise this machine's. */
export function currentBackend(): Backend {
  return ambient.getStore() ?? machine;
}

/** The root of its file system: `/`, or a folder of a model's machine, which has `sys` in it. */
export function machineRoot(): string {
  return dirname(currentBackend().sysfs);
}

/**
 * Runs a userspace half over another kernel: what it opens without saying for which, the CPUs and files that it asks for, are
 * that one's, in everything that it starts.
 */
export function withBackend<T>(backend: Backend, run: () => T): T {
  return ambient.run(backend, run);
}

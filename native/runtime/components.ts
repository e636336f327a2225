import type { AttachedLink } from './attached.js';
import type { CounterView } from './counters.js';
import { ScxtsError } from './errors.js';
import type { OpenMap, OpenProgram } from './open-parts.js';
import type { NumberViews, SkeletonTypes, LiveViews } from './types.js';

/** A component's state before load, by the names that its source has. */
export interface OpenComponent<S extends SkeletonTypes = SkeletonTypes> {
  readonly name: string;
  readonly config: S['config'];
  readonly globals: S['globals'];
  readonly maps: { readonly [K in keyof S['maps']]: OpenMap };
  readonly progs: { readonly [K in keyof S['progs']]: OpenProgram };
}

/** A component's state in a loaded scheduler, by the names that its source has. */
export interface LoadedComponent<S extends SkeletonTypes = SkeletonTypes> {
  readonly name: string;
  readonly config: Readonly<S['config']>;
  readonly globals: S['globals'];
  readonly numbers: NumberViews<S['globals']>;
  readonly views: LiveViews<S['globals']>;
  readonly counters: Record<S['counters'], CounterView>;
  readonly maps: S['maps'];
  readonly progs: S['progs'];
}

/**
 * The half of a component that runs in user space. Its module exports it by default; `S` is what it
 * needs of the BPF half, and a skeleton whose component lacks any of it does not type-check.
 */
export interface UserspaceHalf<
  S extends SkeletonTypes,
  Open extends object,
  Loaded extends object,
> {
  /** The scheduler was opened: may set config and sizes. Gives what `open.components.NAME` is. */
  readonly open: (component: OpenComponent<S>) => Open;
  /** It is about to be loaded: the last moment to set config and sizes. */
  readonly prepare?: (open: Open) => void;
  /** It was loaded, nothing runs yet. Gives what `scheduler.components.NAME` is. */
  readonly load: (component: LoadedComponent<S>, open: Open) => Loaded;
  /** It was attached. What is returned is called when it ends, whoever ends it. */
  readonly attach?: (half: Loaded, link: AttachedLink) => (() => void) | undefined;
  /** The scheduler is closed. */
  readonly close?: (half: Loaded) => void;
}

/** What a skeleton knows of a half: the type of each of its stages. */
export interface HalfTypes {
  open: object;
  loaded: object;
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any half, whatever it needs
export type AnyHalf = UserspaceHalf<any, any, any>;
/** A half that gets by with the state `S`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever it offers
export type HalfFor<S extends SkeletonTypes> = UserspaceHalf<S, any, any>;
export type TypesOfHalf<H> =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever it needs
  H extends UserspaceHalf<any, infer Open, infer Loaded> ? { open: Open; loaded: Loaded } : never;
/** Of a component without a half in user space: its state. */
export interface TypesOfState<S extends SkeletonTypes> {
  open: OpenComponent<S>;
  loaded: LoadedComponent<S>;
}

export type OpenHalves<T extends SkeletonTypes> = {
  readonly [K in keyof T['components']]: T['components'][K] extends { open: infer O } ? O : never;
};
export type LoadedHalves<T extends SkeletonTypes> = {
  readonly [K in keyof T['components']]: T['components'][K] extends { loaded: infer L } ? L : never;
};

/** Defines the userspace half of a component: the default export of its module. */
export function userspaceHalf<S extends SkeletonTypes, Open extends object, Loaded extends object>(
  half: UserspaceHalf<S, Open, Loaded>,
): UserspaceHalf<S, Open, Loaded> {
  return half;
}

/** The state as it is: for components that have no half in user space. */
const STATE_ONLY: AnyHalf = {
  open: (component: OpenComponent) => component,
  load: (component: LoadedComponent) => component,
};

/** Halves by the name of their component; null for a component that has none. */
export type Halves = Readonly<Record<string, AnyHalf | null>>;

/** Only the members of one component, under the names that they have in its source. */
function scoped(all: object, prefix: string): object {
  const out = {};
  for (const key of Object.keys(all)) {
    if (!key.startsWith(prefix)) continue;
    Object.defineProperty(out, key.slice(prefix.length), {
      enumerable: true,
      get: () => (all as Record<string, unknown>)[key],
      set: (value: unknown) => {
        (all as Record<string, unknown>)[key] = value;
      },
    });
  }
  return Object.seal(out);
}

const OPEN_PARTS = ['config', 'globals', 'maps', 'progs'] as const;
const LOADED_PARTS = [...OPEN_PARTS, 'numbers', 'views', 'counters'] as const;

function componentOf<P extends string>(
  name: string,
  parts: readonly P[],
  scheduler: Record<P, object>,
): object {
  const views = parts.map((part) => [part, scoped(scheduler[part], `${name}_`)]);
  return Object.freeze({ name, ...Object.fromEntries(views) });
}

/** Says which component's half it was that failed. */
function blaming<T>(name: string, phase: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScxtsError) throw error;
    throw new ScxtsError(
      'ERR_COMPONENT',
      `the userspace half of component '${name}' failed to ${phase}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** The userspace halves of a scheduler's components, through its life. */
export class ComponentSet {
  readonly opened: Record<string, object> = {};
  readonly loaded: Record<string, object> = {};
  private stops: [string, () => void][] = [];

  constructor(private readonly halves: Halves) {}

  open(scheduler: Record<(typeof OPEN_PARTS)[number], object>): void {
    for (const [name, half] of Object.entries(this.halves)) {
      const component = componentOf(name, OPEN_PARTS, scheduler) as OpenComponent;
      this.opened[name] = blaming(name, 'open', () => (half ?? STATE_ONLY).open(component));
    }
    Object.freeze(this.opened);
  }

  prepare(): void {
    for (const [name, half] of Object.entries(this.halves))
      blaming(name, 'prepare', () => half?.prepare?.(this.opened[name]!));
  }

  load(scheduler: Record<(typeof LOADED_PARTS)[number], object>): void {
    for (const [name, half] of Object.entries(this.halves)) {
      const component = componentOf(name, LOADED_PARTS, scheduler) as LoadedComponent;
      this.loaded[name] = blaming(name, 'load', () =>
        (half ?? STATE_ONLY).load(component, this.opened[name]!),
      );
    }
    Object.freeze(this.loaded);
  }

  attach(link: AttachedLink): void {
    for (const [name, half] of Object.entries(this.halves)) {
      const stop = blaming(name, 'start', () => half?.attach?.(this.loaded[name]!, link));
      if (stop) this.stops.push([name, stop]);
    }
  }

  /** The scheduler has ended. */
  stop(): void {
    const stops = this.stops;
    this.stops = [];
    for (const [name, stop] of stops) blaming(name, 'stop', stop);
  }

  close(): void {
    for (const [name, half] of Object.entries(this.halves)) {
      const loaded = this.loaded[name];
      if (loaded) blaming(name, 'close', () => half?.close?.(loaded));
    }
  }
}

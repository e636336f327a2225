import type { MapOperation } from '../../ir/map-kinds.js';
import type { CollectionIr, KernelVariableIr, MapIr } from '../../ir/module.js';
import type { CollectionMethod, KernelVariableUse } from '../../ir/operations.js';
import type { Release } from '../../ir/releases.js';
import type { WalkKind } from '../../kernel/iterators.js';
import { releaseName } from './releases.js';

/** Parts of the prelude that only some programs need. */
export type Feature = 'can_loop' | 'range' | 'format';

/**
 * What the printers of a module ask for while they print: the file has that, in front of what uses it, and nothing
 * else.
 */
export class Requests {
  readonly support = new Set<string>();
  readonly features = new Set<Feature>();
  readonly walks = new Set<WalkKind>();
  readonly releases = new Map<string, Release>();
  /** Loops over the CPUs of a mask. */
  cpus = false;
  private readonly maps = new Map<MapIr, Set<MapOperation>>();
  private readonly variables = new Map<KernelVariableIr, Set<KernelVariableUse>>();
  private readonly collections = new Map<CollectionIr, Set<CollectionMethod>>();

  /** A function or macro of support.ts; gives its name. */
  use(name: string): string {
    this.support.add(name);
    return name;
  }

  /** What gives back an object on the way out of its variable's scope; gives the name of the function. */
  release(release: Release): string {
    const name = releaseName(release);
    this.releases.set(name, release);
    if (release.kind === 'record') this.use(name);
    if (
      release.kind === 'section' &&
      (release.section === 'lock' || release.section === 'arenaLock')
    )
      this.use(name);
    return name;
  }

  /** The function for an operation of a map; gives its name. */
  map(map: MapIr, operation: MapOperation): string {
    const asked = this.maps.get(map) ?? new Set<MapOperation>();
    this.maps.set(map, asked.add(operation));
    return `${map.name}_${operation}`;
  }

  /** The function that finds a variable of the kernel; gives its name. */
  variable(variable: KernelVariableIr, use: KernelVariableUse): string {
    const asked = this.variables.get(variable) ?? new Set<KernelVariableUse>();
    this.variables.set(variable, asked.add(use));
    return `${variable.name}_${use}`;
  }

  ofVariable(variable: KernelVariableIr): KernelVariableUse[] {
    return [...(this.variables.get(variable) ?? [])].sort();
  }

  /** The function for an operation of a list or tree; gives its name. */
  collection(collection: CollectionIr, method: CollectionMethod): string {
    const asked = this.collections.get(collection) ?? new Set<CollectionMethod>();
    this.collections.set(collection, asked.add(method));
    return `${collection.name}_${method}`;
  }

  /** Operations of a map that were asked for, sorted. */
  ofMap(map: MapIr): MapOperation[] {
    return [...(this.maps.get(map) ?? [])].sort();
  }

  ofCollection(collection: CollectionIr): CollectionMethod[] {
    return [...(this.collections.get(collection) ?? [])].sort();
  }
}

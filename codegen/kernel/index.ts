import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../root.js';
import { CONSTANTS, type Constant } from './constants.js';
import type { Surface } from './generate/surface.js';
import { CPU } from './kfuncs/cpu.js';
import { DSQ } from './kfuncs/dsq.js';
import { HELPERS } from './kfuncs/helpers.js';
import { TASK } from './kfuncs/task.js';
import type { KernelFunction } from './types.js';

const functions: ReadonlyMap<string, KernelFunction> = new Map(
  [...DSQ, ...CPU, ...TASK, ...HELPERS].map((fn) => [fn.name, fn]),
);

let loaded: Surface | undefined;
/** The kernel table: what each supported kernel has, from its BTF. */
export function surface(): Surface {
  loaded ??= JSON.parse(
    readFileSync(join(packageRoot(), 'codegen/kernel/surface.json'), 'utf8'),
  ) as Surface;
  return loaded;
}

export function kernelFunction(name: string): KernelFunction | undefined {
  return functions.get(name);
}

export function kernelFunctions(): Iterable<KernelFunction> {
  return functions.values();
}

export function constantByName(name: string): Constant | undefined {
  return CONSTANTS.get(name);
}

export interface EnumValue {
  enumName: string;
  since: string;
  until: string;
  value: bigint;
}

/** A value of a kernel enum, filled in by CO-RE on the running kernel. */
export function enumByName(name: string): EnumValue | undefined {
  const found = surface().enums[name];
  if (!found || !Object.hasOwn(surface().enums, name)) return undefined;
  return {
    enumName: found.enumName,
    since: found.kernels[0]!,
    until: found.kernels[found.kernels.length - 1]!,
    value: BigInt(found.value),
  };
}

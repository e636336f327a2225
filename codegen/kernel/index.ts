import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../root.js';
import { CONSTANTS, type Constant } from './constants.js';
import type { Surface } from './generate/surface.js';
import { CGROUPS } from './kfuncs/cgroup.js';
import { CIDS } from './kfuncs/cid.js';
import { CPU } from './kfuncs/cpu.js';
import { CPUMASK } from './kfuncs/cpumask.js';
import { DSQ } from './kfuncs/dsq.js';
import { HELPERS, TIME } from './kfuncs/helpers.js';
import { GIVEN } from './kfuncs/given.js';
import { IDLE } from './kfuncs/idle.js';
import { TASK } from './kfuncs/task.js';
import type { KernelFunction } from './types.js';
import { UPSTREAM } from './upstream.js';
import { KERNELS_WITH_LOST_MARKS } from './versions.js';

const HELPER_FILE = 'kernel/bpf/helpers.c';
const GROUPS: [KernelFunction[], string][] = [
  [DSQ, 'kernel/sched/ext/ext.c'],
  [IDLE, 'kernel/sched/ext/idle.c'],
  [CPU, 'kernel/sched/ext/ext.c'],
  [CIDS, 'kernel/sched/ext/cid.c'],
  [TASK, 'kernel/sched/ext/ext.c'],
  [CGROUPS, 'kernel/sched/ext/ext.c'],
  [CPUMASK, 'kernel/bpf/cpumask.c'],
  [TIME, 'kernel/sched/ext/ext.c'],
  [GIVEN, HELPER_FILE],
  [HELPERS, HELPER_FILE],
];

/** An entry with the file of its group; functions of BPF itself are elsewhere than those of sched_ext. */
function inFile(fn: KernelFunction, file: string): KernelFunction {
  if (fn.kind === 'inline') return fn;
  const ofBpf = fn.name.startsWith('bpf_') && file.startsWith('kernel/sched/');
  return { file: ofBpf ? HELPER_FILE : file, ...fn };
}

const functions: ReadonlyMap<string, KernelFunction> = new Map(
  GROUPS.flatMap(([group, file]) => group.map((fn) => [fn.name, inFile(fn, file)] as const)),
);

let loaded: Surface | undefined;
/** The kernel table: what each supported kernel has, from its BTF. */
export function surface(): Surface {
  loaded ??= JSON.parse(
    readFileSync(join(packageRoot(), 'codegen/kernel/surface.json'), 'utf8'),
  ) as Surface;
  return loaded;
}

/** Whether some build of a supported kernel can have a function without a way to call it: emit/c/compat/uncallable.ts. */
export function canBeUncallable(name: string): boolean {
  return KERNELS_WITH_LOST_MARKS.some((k) => canLackCall(name, k));
}

/** Whether some builds of that kernel can be so. */
export function canLackCall(name: string, kernel: string): boolean {
  return (
    KERNELS_WITH_LOST_MARKS.includes(kernel) &&
    functionFlags(name, kernel).includes('implicit_args')
  );
}

/** The kernels of the table that have a function. */
export function functionKernels(name: string): readonly string[] {
  const { functions: known } = surface();
  return Object.hasOwn(known, name) ? known[name]!.kernels : [];
}

/** A function of the kernel or of its headers, by its name in the language. */
export function kernelFunction(name: string): KernelFunction | undefined {
  return functions.get(name);
}

/** The functions that programs can name, as the table has them. */
export function kernelFunctions(): Iterable<KernelFunction> {
  return [...functions.values()].filter((fn) => !fn.label);
}

export function constantByName(name: string): Constant | undefined {
  return CONSTANTS.get(name);
}

export interface EnumValue {
  enumName: string;
  /** First supported kernel that has the value in that enum. */
  since: string;
  until: string;
  /** The kernel that introduced it, where that is one between those that scxts is tested with. */
  upstream?: string;
  /** The value on the newest kernel that has it. */
  value: bigint;
  /** Whether all kernels that have it give it the same value. */
  fixed: boolean;
}

/** A value of a kernel enum, filled in by CO-RE on the running kernel. */
export function enumByName(name: string): EnumValue | undefined {
  if (!Object.hasOwn(surface().enums, name)) return undefined;
  const found = surface().enums[name]!;
  const { enumNames, enumName, kernels } = found;
  // A value that moved to another enum can only be asked for by its newest home.
  const since = kernels.find((k) => !enumNames || enumNames[k] === enumName) ?? kernels[0]!;
  const upstream = UPSTREAM[name];
  return {
    enumName,
    since,
    until: kernels[kernels.length - 1]!,
    ...(upstream ? { upstream } : {}),
    value: BigInt(found.value),
    fixed: !found.values,
  };
}

/** KF_* flags of a kernel function on one kernel, lower case without the prefix. */
export function functionFlags(name: string, kernel: string): string[] {
  const { functions } = surface();
  if (!Object.hasOwn(functions, name) || !functions[name]!.kernels.includes(kernel)) return [];
  return Object.entries(functions[name]!.flags ?? {})
    .filter(([, kernels]) => kernels === true || kernels.includes(kernel))
    .map(([flag]) => flag);
}

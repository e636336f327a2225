import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../root.js';

/** A per-CPU variable of the supported kernels. */
export interface PerCpuVariable {
  /** `struct rq`, `*struct cpufreq_policy`, `s32`; the narrowest where kernels differ; '' for what is neither. */
  type: string;
  /** The kernels that have it. */
  kernels: readonly string[];
}

let loaded: Readonly<Record<string, PerCpuVariable>> | undefined;
function table(): Readonly<Record<string, PerCpuVariable>> {
  loaded ??= JSON.parse(
    readFileSync(join(packageRoot(), 'codegen/kernel/variables.json'), 'utf8'),
  ) as Record<string, PerCpuVariable>;
  return loaded;
}

/** A per-CPU variable by name, as BTF of x86 kernels has it; undefined where none of them has it. */
export function perCpuVariable(name: string): PerCpuVariable | undefined {
  return Object.hasOwn(table(), name) ? table()[name] : undefined;
}

export function perCpuVariables(): Iterable<string> {
  return Object.keys(table());
}

import { readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readBtf } from '../../toolchain/btf/image.js';
import { parseBtf } from '../../toolchain/btf/parse.js';
import { KERNELS } from '../versions.js';
import { packageRoot } from '../../root.js';
import { kernelFunctions } from '../index.js';
import { kernelDeclarations } from './declarations.js';
import { tracepointDeclarations } from './tracepoints.js';
import { addKernel, type Surface } from './surface.js';
import { indexTypes, vmlinuxDeclarations, type KernelTypes } from './vmlinux.js';

/**
 * Rebuilds codegen/kernel/surface.json and dsl/vmlinux.d.ts from kernel images:
 *   npm run kernel-table [-- 6.12=path/to/bzImage ...]
 * Kernels that are not named are taken from the cache that `scxts vm` fills.
 */
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'scxts', 'kernels');
const given = new Map(process.argv.slice(2).map((a) => a.split('=') as [string, string]));

function imageOf(version: string): string {
  const path = given.get(version);
  if (path) return path;
  const cached = readdirSync(cache).find((d) => d === version || d.startsWith(`${version}.`));
  if (!cached)
    throw new Error(
      `no image of Linux ${version}: boot it once with 'scxts vm --kernel ${version}', or pass ${version}=PATH`,
    );
  return join(cache, cached, 'vmlinuz');
}

const surface: Surface = { kernels: [], ops: {}, functions: {}, enums: {} };
const kernels: KernelTypes[] = [];
for (const version of KERNELS) {
  const types = parseBtf(readBtf(imageOf(version)));
  addKernel(surface, version, types);
  kernels.push(indexTypes(version, types));
  process.stdout.write(`${version}: ${types.length} types\n`);
}
const root = packageRoot();
// Only what the language offers is kept: kernels have hundreds of other functions.
const offered = new Set([...kernelFunctions()].map((f) => f.name));
surface.functions = Object.fromEntries(
  Object.entries(surface.functions).filter(([name]) => offered.has(name)),
);
const vmlinux = vmlinuxDeclarations(kernels);
const traces = tracepointDeclarations(kernels[kernels.length - 1]!, (s) =>
  vmlinux.includes(`export interface ${s} `),
);
writeFileSync(join(root, 'codegen/kernel/surface.json'), JSON.stringify(surface) + '\n');
writeFileSync(join(root, 'dsl/vmlinux.d.ts'), vmlinux);
writeFileSync(
  join(root, 'dsl/generated/kernel.d.ts'),
  kernelDeclarations(surface, kernelFunctions(), traces),
);

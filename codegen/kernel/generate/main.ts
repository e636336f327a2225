import { readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readKernelImage } from '../../toolchain/btf/image.js';
import { kfuncFlags, kfuncSets } from '../../toolchain/btf/kfunc-sets.js';
import { parseBtf } from '../../toolchain/btf/parse.js';
import { KERNELS } from '../versions.js';
import { packageRoot } from '../../root.js';
import { kernelFunctions } from '../index.js';
import { kernelDeclarations } from './declarations.js';
import { tracepointDeclarations } from './tracepoints.js';
import { runtimeNumbers } from './runtime-numbers.js';
import { addVariables } from './variables.js';
import { addKernel, shortenFlags, type Surface } from './surface.js';
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
  // Folders with a hyphen have another flavour (7.1.13-rt), whose structs differ.
  const cached = readdirSync(cache).find(
    (d) => d === version || (d.startsWith(`${version}.`) && !d.includes('-')),
  );
  if (!cached)
    throw new Error(
      `no image of Linux ${version}: boot it once with 'scxts vm --kernel ${version}', or pass ${version}=PATH`,
    );
  return join(cache, cached, 'vmlinuz');
}

const surface: Surface = { kernels: [], ops: {}, functions: {}, enums: {} };
const kernels: KernelTypes[] = [];
const variables: Parameters<typeof addVariables>[0] = {};
for (const version of KERNELS) {
  const image = readKernelImage(imageOf(version));
  const types = parseBtf(image.btf);
  if (!image.ids) throw new Error(`the image of Linux ${version} has no .BTF_ids section`);
  addKernel(surface, version, types, kfuncFlags(kfuncSets(image.ids, types)));
  addVariables(variables, version, types);
  kernels.push(indexTypes(version, types));
  process.stdout.write(`${version}: ${types.length} types\n`);
}
const root = packageRoot();
// Only what the language offers or uses is kept: kernels have hundreds of other functions.
const USED =
  /^(__)?scx_bpf_|^bpf_(iter_(num|task|css|css_task|bits|scx_dsq)_(new|next|destroy)|(task|cgroup|cpumask)_release|rcu_read_(un)?lock|arena_(alloc|free|reserve)_pages|(percpu_)?obj_(new|drop)|list_(push_front|push_back|pop_front|pop_back|front|back)|rbtree_(add|first|remove|root|left|right)|refcount_acquire|preempt_(dis|en)able|local_irq_(save|restore))(_impl)?$/;
const offered = new Set([...kernelFunctions()].map((f) => f.name));
surface.functions = Object.fromEntries(
  Object.entries(surface.functions).filter(([name]) => offered.has(name) || USED.test(name)),
);
shortenFlags(surface);
const vmlinux = vmlinuxDeclarations(kernels);
const traces = tracepointDeclarations(kernels[kernels.length - 1]!, (s) =>
  vmlinux.includes(`export interface ${s} `),
);
writeFileSync(join(root, 'codegen/kernel/surface.json'), JSON.stringify(surface) + '\n');
writeFileSync(
  join(root, 'codegen/kernel/variables.json'),
  JSON.stringify(Object.fromEntries(Object.entries(variables).sort())) + '\n',
);
writeFileSync(join(root, 'dsl/vmlinux.d.ts'), vmlinux);
writeFileSync(
  join(root, 'dsl/generated/kernel.d.ts'),
  kernelDeclarations(surface, kernelFunctions(), traces),
);
writeFileSync(join(root, 'native/runtime/kernel-numbers.ts'), runtimeNumbers(surface));

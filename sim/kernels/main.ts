import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../codegen/root.js';
import { kfuncFlags, kfuncSets } from '../../codegen/toolchain/btf/kfunc-sets.js';
import { readKernelImage } from '../../codegen/toolchain/btf/image.js';
import { parseBtf } from '../../codegen/toolchain/btf/parse.js';
import { KERNELS } from '../../codegen/kernel/versions.js';
import { resolveKernel } from '../../vm/kernels/index.js';
import { cutBtf } from './cut.js';
import { encodeBtf } from './encode.js';
import { keepList } from './list.js';

/**
 * Writes sim/kernels/btf/VERSION.btf of every supported kernel, from the images that `scxts vm` boots:
 *   npm run sim-kernels [-- VERSION=path/to/bzImage ...]
 */
const given = new Map(process.argv.slice(2).map((a) => a.split('=') as [string, string]));
const keep = keepList();
const target = join(packageRoot(), 'sim', 'kernels', 'btf');
mkdirSync(target, { recursive: true });
for (const version of KERNELS) {
  const { path } = await resolveKernel(given.get(version) ?? version, {
    note: (text) => process.stderr.write(`${text}\n`),
  });
  const image = readKernelImage(path);
  const types = parseBtf(image.btf);
  const names = new Set(
    types
      .filter((t) => t.kind === 'decl_tag' && t.name === 'bpf_kfunc')
      .map((t) => types[t.type]!.name),
  );
  for (const name of image.ids ? kfuncFlags(kfuncSets(image.ids, types)).keys() : [])
    names.add(name);
  // libbpf binds by name alone, marked as callable or not: some builds lost the marks (docs/kernel-types.md).
  for (const type of types)
    if (type.kind === 'func' && /^_*scx_bpf_/.test(type.name)) names.add(type.name);
  const functions = new Set([...names].filter(keep.functions));
  const cut = encodeBtf(cutBtf(types, keep, functions));
  writeFileSync(join(target, `${version}.btf`), cut);
  process.stdout.write(
    `${version}: ${types.length} types, ${image.btf.length} bytes; cut: ${cut.length} bytes\n`,
  );
}

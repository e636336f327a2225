import { KERNELS } from '../../codegen/kernel/versions.js';
import { parseBtf } from '../../codegen/toolchain/btf/parse.js';
import { SimError } from '../errors.js';
import { TypeIndex } from '../object/types.js';
import type { KernelName } from '../engine/types.js';

const known = new Map<string, Promise<TypeIndex>>();
let reader: (name: string) => Promise<Uint8Array> = readFromPackage;

/** In a browser: where the files btf/VERSION.btf are to be had from. */
export function readKernelsWith(read: (name: string) => Promise<Uint8Array>): void {
  reader = read;
  known.clear();
}

async function readFromPackage(name: string): Promise<Uint8Array> {
  const { readFile } = await import('node:fs/promises');
  const { packageRoot } = await import('../../codegen/root.js');
  return readFile(`${packageRoot()}/sim/kernels/btf/${name}.btf`);
}

/** The types of a supported kernel, read once. */
export function kernelTypes(name: KernelName): Promise<TypeIndex> {
  if (!KERNELS.includes(name))
    throw new SimError(
      'NO_SUCH_KERNEL',
      `the model has no kernel '${name as string}'`,
      `it has ${KERNELS.join(', ')}`,
    );
  let types = known.get(name);
  if (!types) {
    types = reader(name).then((bytes) => new TypeIndex(parseBtf(bytes)));
    known.set(name, types);
  }
  return types;
}

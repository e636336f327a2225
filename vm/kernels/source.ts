import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VmError } from '../errors.js';
import { projectRoot } from '../root.js';
import { BUILT_FROM_SOURCE, builtKernel, givenKernels } from './catalogue.js';
import { readImage, type KernelImage } from './image.js';
import { outdated } from './options.js';

/** Builds 6.12 with sched_ext from Debian's source package into the cache. Takes minutes, once. */
export async function buildFromSource(
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<KernelImage> {
  for (const path of [...givenKernels(), builtKernel()].filter((file) => existsSync(file))) {
    const image = readImage(path);
    note(`ignoring ${path}: ${image ? outdated(image) : 'it is not a complete kernel image'}`);
  }
  const script = join(projectRoot(), 'vm', 'kernels', 'build-6.12.sh');
  const target = builtKernel();
  note(
    `building Linux ${BUILT_FROM_SOURCE} with sched_ext from Debian's source, once (about 10 minutes on 2 cores)...`,
  );
  const result = await execa('bash', [script, target], {
    reject: false,
    all: true,
    stdin: 'ignore',
    ...(signal ? { cancelSignal: signal } : {}),
  });
  const image = readImage(target);
  if (!result.failed && image && !outdated(image)) return image;
  const last = (result.all ?? '').trimEnd().split('\n').slice(-15).join('\n');
  throw new VmError(
    `cannot build Linux ${BUILT_FROM_SOURCE}:\n${last}`,
    `run it to see all of it: ${script} ${target}; or put an image and its configuration into SCXTS_KERNEL_DIR (docs/vm.md), or name one: --kernel ./bzImage`,
  );
}

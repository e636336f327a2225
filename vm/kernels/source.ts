import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../cache.js';
import { VmError } from '../errors.js';
import { projectRoot } from '../root.js';
import { BUILT_FROM_SOURCE, givenKernels } from './catalogue.js';
import { readImage, type KernelImage } from './image.js';

/** Builds 6.12 with sched_ext from Debian's source package into the cache. Takes minutes, once. */
export async function buildFromSource(
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<KernelImage> {
  const broken = givenKernels().find((path) => existsSync(path));
  if (broken) note(`ignoring ${broken}: it is not a complete kernel image`);
  const script = join(projectRoot(), 'vm', 'kernels', 'build-6.12.sh');
  const target = join(cacheDir(), BUILT_FROM_SOURCE, 'vmlinuz');
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
  if (!result.failed && image) return image;
  const last = (result.all ?? '').trimEnd().split('\n').slice(-15).join('\n');
  throw new VmError(
    `cannot build Linux ${BUILT_FROM_SOURCE}:\n${last}`,
    `run it to see all of it: ${script} ${target}; or put a bzImage into SCXTS_KERNEL_DIR as linux-${BUILT_FROM_SOURCE}-scx.bzImage`,
  );
}

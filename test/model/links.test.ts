import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFile, createProject } from '../../codegen/index.js';
import { packageRoot } from '../../codegen/root.js';
import { readBtf } from '../../codegen/toolchain/btf/image.js';
import { parseBtf } from '../../codegen/toolchain/btf/parse.js';
import { createSpace, Space } from '../../sim/engine/space.js';
import type { KernelName, LinkRecord } from '../../sim/engine/types.js';
import { KERNELS } from '../../codegen/kernel/versions.js';
import { openInSpace } from '../../sim/object/open.js';
import { TypeIndex } from '../../sim/object/types.js';
import { findCached } from '../../vm/kernels/catalogue.js';
import { stillHost } from '../util/in-model.js';
import { scratch } from '../util/scratch.js';

const folder = scratch('links');
const examples = readdirSync(join(packageRoot(), 'examples')).filter(
  (name) =>
    name.endsWith('.ts') &&
    readFileSync(join(packageRoot(), 'examples', name), 'utf8').includes(
      'export default scheduler(',
    ),
);
const objects = new Map<string, Uint8Array>();

beforeAll(async () => {
  const project = createProject();
  for (const name of examples) {
    const built = await buildFile(join(packageRoot(), 'examples', name), {
      outDir: folder,
      project,
    });
    objects.set(name, readFileSync(built.objectPath));
  }
}, 180_000);

const BYTES = 512 << 20;

async function linksOf(space: Space, name: string): Promise<LinkRecord> {
  const opened = openInSpace(space, objects.get(name)!, name);
  return (await opened.link({ functions: [] }, stillHost())).links;
}

/** What was chosen, but for the numbers of types, which are a matter of the file that they are in. */
const chosen = ({ functions, relocations }: LinkRecord): object => ({
  functions: [...functions],
  relocations: relocations.filter((r) => !r.asked.startsWith('kernel type id')),
});

describe('every example links against every modelled kernel', () => {
  for (const kernel of KERNELS)
    it(
      kernel,
      async () => {
        expect(objects.size).toBeGreaterThan(10);
        for (const name of objects.keys()) {
          const links = await linksOf(await createSpace({ kernel, cpus: 8, bytes: BYTES }), name);
          expect([...links.functions.values()].filter((f) => f !== null).length).toBeGreaterThan(1);
          expect(links.relocations.length).toBeGreaterThan(0);
        }
      },
      60_000,
    );
});

describe('what is cut from a kernel changes no link', () => {
  for (const kernel of ['6.12', '6.18', '7.3'] as KernelName[]) {
    const image = findCached(kernel);
    // The image is there where `scxts vm` has booted it: in the tests on real kernels.
    it.skipIf(!image)(
      `${kernel}${image ? '' : ': no image of it here'}`,
      async () => {
        const full = new TypeIndex(parseBtf(readBtf(image!.path)));
        for (const name of objects.keys()) {
          const options = { kernel, cpus: 8, bytes: BYTES };
          const whole = await linksOf(new Space(options, full), name);
          expect(chosen(await linksOf(await createSpace(options), name)), name).toEqual(
            chosen(whole),
          );
        }
      },
      120_000,
    );
  }
});

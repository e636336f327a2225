import type { Run, SimulateOptions } from '../../sim/index.js';
import { objectPathOf } from '../../sim/node/object.js';
import type { ObjectFile } from '../../sim/object/file.js';

const COMPONENT = 'scxts_component_';

/** Whether an object has components with a userspace half; docs/object-format.md. */
export function hasHalves(file: ObjectFile): boolean {
  // An empty text is its NUL alone.
  return file.data.some((section) =>
    section.variables.some((v) => v.name.startsWith(COMPONENT) && v.size > 1),
  );
}

/** Runs a scheduler with the halves of its components, and its own if there is one. */
export async function runWithHalf(
  file: string,
  options: SimulateOptions,
  own: string | undefined,
): Promise<Run> {
  const { simulateWithHalf } = await import('../../sim/node/with-half.js');
  const { halvesOf } = await import('../load/halves.js');
  const { userspaceOf } = await import('../load/userspace.js');
  const half = own === undefined ? undefined : await userspaceOf(own);
  using object = await objectPathOf(file);
  const { path } = object;
  return await simulateWithHalf(path, {
    ...options,
    ...(half && { half }),
    halves: () => halvesOf(path, []),
  });
}

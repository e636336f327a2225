// Reads who comes, decides whom to favour, and writes that where the kernel's half looks.
import type { UserspaceContext } from 'scxts/runtime';
import type { HalvesTypes } from './chapter.skel.js';

export default async function ({ scheduler, signal }: UserspaceContext<HalvesTypes>) {
  const { started, favoured } = scheduler.maps;
  for await (const { pid, comm } of started.records({ signal }))
    if (comm.startsWith('web')) favoured.set(pid, true);
}

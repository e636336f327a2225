import type { UserspaceContext } from 'scxts/runtime';
import type { HalvesTaskTypes } from './task.skel.js';

const LIMIT = 10_000_000n;

export default async function ({ scheduler, signal }: UserspaceContext<HalvesTaskTypes>) {
  const { slept, demoted } = scheduler.maps;
  for await (const { pid, ran } of slept.records({ signal })) {
    if (ran > LIMIT) demoted.set(pid, true);
    else demoted.delete(pid);
  }
}

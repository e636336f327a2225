// Task: demote who runs for more than 10 ms between two sleeps, and favour again who runs for less.
import type { UserspaceContext } from 'scxts/runtime';
import type { HalvesTaskTypes } from './task.skel.js';

export default async function ({ scheduler, signal }: UserspaceContext<HalvesTaskTypes>) {
  const { slept } = scheduler.maps;
  for await (const { pid, ran } of slept.records({ signal })) {
    // ran is a bigint: it has 64 bits.
    void [pid, ran];
  }
}

import { readTopology, type UserspaceContext } from 'scxts/runtime';
import type { TopologyTypes } from './chapter.skel.js';

export default function ({ scheduler }: UserspaceContext<TopologyTypes>) {
  for (const cpu of readTopology().cpus) scheduler.maps.llcs.set(cpu.id, cpu.llc);
}

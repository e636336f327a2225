import type { Space } from '../../engine/space.js';
import type { Specials } from './specials.js';

/** Ends what a value owns when its entry goes: timers, and objects behind kptrs. */
export function dropSpecials(space: Space, specials: Specials, value: number): void {
  for (const special of specials.list) {
    const at = value + special.offset;
    if (special.kind === 'timer') space.timers.forget(at);
    if (special.kind === 'kptr') {
      const object = space.memory.u32[at >>> 2]!;
      space.memory.u32[at >>> 2] = 0;
      if (object) space.objects.release(object, special.target ?? '');
    }
  }
}

import type { Release } from '../releases.js';
import { NotModelled, type Machine } from './machine.js';

/** Gives back what a variable holds, if it still does. Sections of RCU and locks are nothing here. */
export function giveBack(m: Machine, release: Release, held: bigint): void {
  switch (release.kind) {
    case 'section':
    case 'record':
      return;
    case 'object':
      if (held !== 0n) m.free(held);
      return;
    case 'kernel':
      // Masks are memory that no one else sees.
      if (held !== 0n && release.fn !== 'bpf_cpumask_release')
        throw new NotModelled(`${release.fn}()`);
  }
}

import { Fault } from '../errors.js';
import { SLOT } from '../memory/layout.js';
import type { Space } from './space.js';

type Entry = (...args: (number | undefined)[]) => number;

/** What a call that failed becomes: a Fault at the place where it happened. */
function translate(space: Space, error: unknown): unknown {
  if (!(error instanceof Error) || !/RuntimeError|RangeError/.test(error.name)) return error;
  const { where, program } = space.sites.at(space.context.site);
  // What WebAssembly traps on by itself; a place is known only as near as the last call.
  return new Fault('TRAP', `${program} fails near here: ${error.message}`, where, program);
}

/**
 * A program's entry as the kernel calls it: counts its instructions, and gives back what a call that is cut off by a fault
 * held. Calls nest: a function of the kernel may call another callback.
 */
export function guarded(space: Space, run: Entry): (...args: number[]) => number {
  const { i32 } = space.memory;
  const [stack, instructions] = [SLOT.stack >> 2, SLOT.instructions >> 2];
  return (
    a?: number,
    b?: number,
    c?: number,
    d?: number,
    e?: number,
    f?: number,
    g?: number,
    h?: number,
  ) => {
    const top = i32[stack]!;
    if (space.depth++ === 0) i32[instructions] = 0;
    try {
      const result = run(a, b, c, d, e, f, g, h);
      if (space.depth === 1) space.locks.check();
      return result;
    } catch (error) {
      i32[stack] = top;
      space.locks.clear();
      throw translate(space, error);
    } finally {
      space.depth--;
    }
  };
}

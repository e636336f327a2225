import type { Space } from '../engine/space.js';
import { arenaCalls } from './rows-arena.js';
import { cpumaskCalls } from './rows-cpumask.js';
import { iteratorCalls } from './rows-iterators.js';
import { listCalls } from './rows-lists.js';
import { mapCalls } from './rows-maps.js';
import { memoryCalls } from './rows-memory.js';
import { taskCalls } from './rows-task.js';
import { timeCalls } from './rows-time.js';
import { treeCalls } from './rows-trees.js';
import type { CallRow } from './types.js';

/** Every function that does not need the scheduler core. */
export function standardCalls(space: Space): CallRow[] {
  return [
    mapCalls,
    timeCalls,
    taskCalls,
    memoryCalls,
    cpumaskCalls,
    listCalls,
    treeCalls,
    iteratorCalls,
    arenaCalls,
  ].flatMap((calls) => calls(space));
}

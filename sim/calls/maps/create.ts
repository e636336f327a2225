import { SimError } from '../../errors.js';
import type { Space } from '../../engine/space.js';
import type { MapDefinition } from '../../object/maps.js';
import type { Types } from '../../object/types.js';
import { ArenaMap } from './arena.js';
import { ArrayMap } from './array.js';
import { BloomMap } from './bloom.js';
import { HashMap } from './hash.js';
import { LpmMap } from './lpm.js';
import type { BpfMap } from './map.js';
import { MapOfMaps } from './nested.js';
import { PerfEventArray } from './perf.js';
import { QueueMap } from './queue.js';
import { RingMap, UserRingMap } from './ring.js';
import { Specials } from './specials.js';
import { StorageMap } from './storage.js';

type Make = (space: Space, definition: MapDefinition, specials: Specials) => BpfMap;

/** By BPF_MAP_TYPE_*. */
const KINDS: Readonly<Record<number, Make>> = {
  1: (...a) => new HashMap(...a, { perCpu: false, lru: false }),
  2: (...a) => new ArrayMap(...a, false),
  4: (...a) => new PerfEventArray(...a),
  5: (...a) => new HashMap(...a, { perCpu: true, lru: false }),
  6: (...a) => new ArrayMap(...a, true),
  9: (...a) => new HashMap(...a, { perCpu: false, lru: true }),
  10: (...a) => new HashMap(...a, { perCpu: true, lru: true }),
  11: (...a) => new LpmMap(...a),
  12: (space, definition) => new MapOfMaps(space, definition),
  13: (space, definition) => new MapOfMaps(space, definition),
  22: (...a) => new QueueMap(...a),
  23: (...a) => new QueueMap(...a),
  27: (...a) => new RingMap(...a),
  29: (...a) => new StorageMap(...a),
  30: (...a) => new BloomMap(...a),
  31: (...a) => new UserRingMap(...a),
  32: (...a) => new StorageMap(...a),
  33: (...a) => new ArenaMap(...a),
};

/** Makes a map of an object, with its handle. Throws SimError for kinds that the model has not. */
export function createMap(space: Space, definition: MapDefinition, types: Types): BpfMap {
  const make = KINDS[definition.type];
  if (!make)
    throw new SimError(
      'NO_SUCH_MAP',
      `map ${definition.name} is of type ${definition.type}, which the model has not`,
    );
  const specials = new Specials(types, definition.valueType, definition.valueSize);
  const map = space.maps.add(make(space, definition, specials));
  for (const special of specials.list)
    if (special.kind === 'timer') space.timers.expect(map, special.offset);
  return map;
}

import { SimError } from '../../errors.js';
import type { Space } from '../../engine/space.js';
import type { BpfMap } from './map.js';

/** Bytes of a handle: where a program's pointer to a map points. */
const HANDLE = 64;
const MOST = 4096;

/** All maps of a model by their handles. */
export class MapTable {
  private readonly maps: BpfMap[] = [];
  private base = 0;

  constructor(private readonly space: Space) {}

  add(map: BpfMap): BpfMap {
    this.base ||= this.space.memory.allocate(HANDLE * MOST, 'handles of maps', 64);
    if (this.maps.length === MOST) throw new SimError('TOO_MANY_MAPS', `there are ${MOST} maps`);
    map.handle = this.base + this.maps.length * HANDLE;
    this.maps.push(map);
    return map;
  }

  all(): readonly BpfMap[] {
    return this.maps;
  }

  /** The map that a handle is of; undefined where it is none. */
  find(handle: number): BpfMap | undefined {
    const index = (handle - this.base) / HANDLE;
    return this.maps[index];
  }

  /** The map of a program's pointer; throws where it is none, as with a pointer that was not tested. */
  at(handle: number): BpfMap {
    const map = this.find(handle);
    if (!map)
      throw new SimError(
        'NOT_A_MAP',
        `${this.space.context.where()}: ${this.space.memory.describe(handle)} is no map`,
      );
    return map;
  }
}

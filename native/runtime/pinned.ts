import { addon } from './addon.js';
import { native } from './errors.js';
import { makeMap, type BpfMap, type MapParts } from './maps/index.js';

/**
 * Opens a map that is pinned in a BPF file system. Keys and values of 4 and 8 bytes are integers, others
 * bytes, unless `like` (a map of the same kind from an object) says what they are.
 */
export function openPinnedMap(path: string, like?: BpfMap): BpfMap {
  const handle = native(() => addon().openPinned(path));
  try {
    const info = native(() => handle.info());
    const parts: MapParts = { name: info.name || path, handle, info, ...like?.layouts };
    return makeMap(parts);
  } catch (error) {
    handle.close();
    throw error;
  }
}

import type { Space } from '../engine/space.js';
import { SimError } from '../errors.js';
import { ArenaMap } from './maps/arena.js';
import { E } from './maps/map.js';
import { RingMap, UserRingMap } from './maps/ring.js';
import type { CallRow } from './types.js';

/** A bpf_dynptr as this model lays it out, in u32 words: where, how many bytes, and of a ring's record the ring. */
const AT = 0;
const SIZE = 1;
const RING = 2;
/** Records that one bpf_user_ringbuf_drain() takes at most. */
const MOST_RECORDS = 128 * 1024;

/** Arenas, dynptrs, and records from user space. */
export function arenaCalls(space: Space): CallRow[] {
  const { memory, maps } = space;
  const { u32, bytes } = memory;
  const arena = (handle: number): ArenaMap => {
    const map = maps.at(handle);
    if (map instanceof ArenaMap) return map;
    throw new SimError(
      'WRONG_MAP',
      `${space.context.where()}: map ${map.definition.name} is no arena`,
    );
  };
  const set = (dynptr: number, at: number, size: number, ring = 0): void => {
    const word = dynptr >>> 2;
    u32[word + AT] = at;
    u32[word + SIZE] = size;
    u32[word + RING] = ring;
    u32[word + 3] = 0;
  };
  /** Address of a part of what a dynptr shows; 0 where it does not reach so far. */
  const part = (dynptr: number, offset: number, size: number): number => {
    const word = dynptr >>> 2;
    if (!u32[word + AT] || offset + size > u32[word + SIZE]!) return 0;
    return u32[word + AT]! + offset;
  };
  const finish = (dynptr: number, sent: boolean): void => {
    const map = maps.find(u32[(dynptr >>> 2) + RING]!);
    if (map instanceof RingMap) map.finish(u32[(dynptr >>> 2) + AT]!, sent);
    set(dynptr, 0, 0);
  };
  const copy = (to: number, from: number, size: number): number => {
    if (!to || !from) return E['2BIG'];
    bytes.copyWithin(to, from, from + size);
    return 0;
  };
  return [
    {
      name: 'bpf_arena_alloc_pages',
      signature: 'ppuil:p',
      run: (map, _at, count) => arena(map!).allocate(count! >>> 0),
    },
    {
      name: 'bpf_arena_free_pages',
      signature: 'ppu:v',
      run: (map, _at, count) => arena(map!).release(count! >>> 0),
    },
    { name: 'bpf_arena_reserve_pages', signature: 'ppu:i', run: () => 0 },
    {
      name: 'bpf_dynptr_from_mem',
      signature: 'pulp:i',
      run: (data, size, _low, _high, to) => {
        set(to!, data!, size!);
        return 0;
      },
    },
    {
      name: 'bpf_ringbuf_reserve_dynptr',
      signature: 'pulp:i',
      run: (handle, size, _low, _high, to) => {
        const map = maps.at(handle!);
        const at = map instanceof RingMap ? map.reserve(size! >>> 0) : 0;
        set(to!, at, at ? size! : 0, handle!);
        return at ? 0 : E.AGAIN;
      },
    },
    { name: 'bpf_ringbuf_submit_dynptr', signature: 'pl:v', run: (d) => finish(d!, true) },
    { name: 'bpf_ringbuf_discard_dynptr', signature: 'pl:v', run: (d) => finish(d!, false) },
    {
      name: 'bpf_dynptr_read',
      signature: 'pupul:i',
      run: (to, size, from, offset) =>
        copy(to! >>> 0, part(from!, offset! >>> 0, size! >>> 0), size! >>> 0),
    },
    {
      name: 'bpf_dynptr_write',
      signature: 'pupul:i',
      run: (to, offset, from, size) =>
        copy(part(to!, offset! >>> 0, size! >>> 0), from! >>> 0, size! >>> 0),
    },
    {
      name: 'bpf_dynptr_data',
      signature: 'puu:p',
      run: (from, offset, size) => part(from!, offset! >>> 0, size! >>> 0),
    },
    {
      name: 'bpf_user_ringbuf_drain',
      signature: 'pppl:i',
      run: (handle, callback, data) => {
        const map = maps.at(handle!);
        space.context.high = 0;
        if (!(map instanceof UserRingMap)) {
          space.context.high = -1;
          return E.INVAL;
        }
        const dynptr = memory.allocate(16, 'a dynptr');
        let count = 0;
        while (count < MOST_RECORDS) {
          const record = map.take();
          if (!record) break;
          const at = memory.allocate(
            Math.max(record.length, 1),
            `a record of ${map.definition.name}`,
          );
          bytes.set(record, at);
          set(dynptr, at, record.length);
          count++;
          const stop = space.invoke(callback!, dynptr, data!, 0, 0, 0);
          memory.free(at);
          if (stop) break;
        }
        memory.free(dynptr);
        space.context.high = 0;
        return count;
      },
    },
  ];
}

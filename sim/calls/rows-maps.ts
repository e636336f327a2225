import type { Space } from '../engine/space.js';
import { Fault } from '../errors.js';
import type { CallRow } from './types.js';
import { PerfEventArray } from './maps/perf.js';
import { E } from './maps/map.js';
import { RingMap } from './maps/ring.js';
import { StorageMap } from './maps/storage.js';

const CREATE = 1;

/** Helpers on maps. */
export function mapCalls(space: Space): CallRow[] {
  const { maps, memory, context } = space;
  const wrong = (handle: number, wanted: string): Fault => {
    const { where, program } = space.sites.at(context.site);
    const name = maps.at(handle).definition.name;
    return new Fault('WRONG_MAP', `map ${name} is no ${wanted}`, where, program);
  };
  const storage = (handle: number): StorageMap => {
    const map = maps.at(handle);
    if (map instanceof StorageMap) return map;
    throw wrong(handle, 'task or cgroup storage');
  };
  const ring = (handle: number): RingMap => {
    const map = maps.at(handle);
    if (map instanceof RingMap) return map;
    throw wrong(handle, 'ring buffer');
  };
  /** The ring that a record was reserved in; 0 is no address of one. */
  const finish = (record: number, sent: boolean): void => {
    if (!record) return;
    for (const map of maps.all())
      if (map instanceof RingMap && map.owns(record)) return void map.finish(record, sent);
    const { where, program } = space.sites.at(context.site);
    throw new Fault(
      'NOT_RESERVED',
      `${memory.describe(record)} is no record of a ring`,
      where,
      program,
      'a record can be submitted or discarded once',
    );
  };
  const get = (handle: number, owner: number, value: number, flags: number): number =>
    storage(handle).get(owner, value, (flags & CREATE) !== 0);
  const remove = (handle: number, owner: number): number => storage(handle).remove(owner);

  return [
    { name: 'bpf_map_lookup_elem', signature: 'pp:p', run: (m, k) => maps.at(m!).lookup(k!) },
    {
      name: 'bpf_map_update_elem',
      signature: 'pppl:i',
      run: (m, k, v, flags) => maps.at(m!).update(k!, v!, flags!),
    },
    { name: 'bpf_map_delete_elem', signature: 'pp:i', run: (m, k) => maps.at(m!).delete(k!) },
    { name: 'bpf_map_push_elem', signature: 'ppl:i', run: (m, v, f) => maps.at(m!).push(v!, f!) },
    { name: 'bpf_map_pop_elem', signature: 'pp:i', run: (m, v) => maps.at(m!).pop(v!) },
    { name: 'bpf_map_peek_elem', signature: 'pp:i', run: (m, v) => maps.at(m!).peek(v!) },
    {
      name: 'bpf_map_lookup_percpu_elem',
      signature: 'ppu:p',
      run: (m, k, cpu) => maps.at(m!).lookupCpu(k!, cpu! >>> 0),
    },
    {
      name: 'bpf_for_each_map_elem',
      signature: 'pppl:i',
      run: (m, callback, data) => {
        let count = 0;
        for (const [key, value] of maps.at(m!).entries()) {
          count++;
          if (space.invoke(callback!, m!, key, value, data!, 0)) break;
        }
        return count;
      },
    },
    { name: 'bpf_task_storage_get', signature: 'pppl:p', run: (m, o, v, f) => get(m!, o!, v!, f!) },
    { name: 'bpf_cgrp_storage_get', signature: 'pppl:p', run: (m, o, v, f) => get(m!, o!, v!, f!) },
    { name: 'bpf_task_storage_delete', signature: 'pp:i', run: (m, o) => remove(m!, o!) },
    { name: 'bpf_cgrp_storage_delete', signature: 'pp:i', run: (m, o) => remove(m!, o!) },
    { name: 'bpf_ringbuf_output', signature: 'ppll:i', run: (m, d, n) => ring(m!).output(d!, n!) },
    { name: 'bpf_ringbuf_reserve', signature: 'pll:p', run: (m, n) => ring(m!).reserve(n!) },
    { name: 'bpf_ringbuf_submit', signature: 'pl:v', run: (record) => finish(record!, true) },
    { name: 'bpf_ringbuf_discard', signature: 'pl:v', run: (record) => finish(record!, false) },
    {
      name: 'bpf_ringbuf_query',
      signature: 'pl:l',
      run: (m, what) => {
        context.high = 0;
        return ring(m!).query(what!);
      },
    },
    {
      name: 'bpf_perf_event_read_value',
      signature: 'plpu:i',
      run: (m, low, high, buffer, size) => {
        const map = maps.at(m!);
        const cpu = low! >>> 0 === 0xffff_ffff ? context.cpu : low! >>> 0;
        if (!(map instanceof PerfEventArray) || high || size !== 24) return E.INVAL;
        const value = map.read?.(cpu);
        if (!value) {
          memory.bytes.fill(0, buffer!, buffer! + 24);
          return E.NOENT;
        }
        memory.view.setBigUint64(buffer!, value.counter, true);
        memory.view.setBigUint64(buffer! + 8, value.enabled, true);
        memory.view.setBigUint64(buffer! + 16, value.running, true);
        return 0;
      },
    },
  ];
}

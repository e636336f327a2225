import { E, KeylessMap } from './map.js';

/** BPF_MAP_TYPE_PERF_EVENT_ARRAY: counters of the PMU, which a modelled machine has none of until user space gives them. */
export class PerfEventArray extends KeylessMap {
  /** What a counter of a CPU reads; undefined where none is open. Sets by user space. */
  read:
    | ((cpu: number) => { counter: bigint; enabled: bigint; running: bigint } | undefined)
    | undefined;

  override delete(): number {
    return E.NOENT;
  }
}

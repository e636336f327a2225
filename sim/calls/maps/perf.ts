import { BpfMap, E } from './map.js';

/** BPF_MAP_TYPE_PERF_EVENT_ARRAY: counters of the PMU, which a modelled machine has none of until user space gives them. */
export class PerfEventArray extends BpfMap {
  /** What a counter of a CPU reads; undefined where none is open. Sets by user space. */
  read:
    | ((cpu: number) => { counter: bigint; enabled: bigint; running: bigint } | undefined)
    | undefined;

  lookup(): number {
    return 0;
  }
  update(): number {
    return E.OPNOTSUPP;
  }
  delete(): number {
    return E.NOENT;
  }
  entries(): Iterable<[number, number]> {
    return [];
  }
}

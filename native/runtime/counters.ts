import { addon } from './addon.js';
import { native } from './errors.js';
import type { MapHost } from './maps.js';
import type { ObjectInfo } from './object.js';

export interface CounterView {
  readonly name: string;
  readonly help: string;
  /** Sum over all CPUs. */
  total(): bigint;
  perCpu(): bigint[];
}

/** Counters are members of one per-CPU struct: one lookup reads them all. */
export function counterViews(host: MapHost, info: ObjectInfo): Record<string, CounterView> {
  const out: Record<string, CounterView> = {};
  const count = info.counters.length;
  if (count === 0) return out;
  const key = new Uint8Array(4);
  const words = new BigUint64Array(count * addon().possibleCpus());
  const bytes = new Uint8Array(words.buffer);
  for (const { name, help, index } of info.counters) {
    const perCpu = (): bigint[] => {
      host.check();
      native(() => host.native.lookup('scxts_counters', key, bytes));
      return Array.from(
        { length: words.length / count },
        (_, cpu) => words[cpu * count + index] ?? 0n,
      );
    };
    out[name] = { name, help, perCpu, total: () => perCpu().reduce((a, b) => a + b, 0n) };
  }
  return out;
}

import { component, config, counter, taskStorage, u64, type u32 } from 'scxts';

interface Load {
  since: u64;
  sum: u64;
}
export interface Measured {
  ran: u64;
  known: boolean;
}
const load = taskStorage<Load>();
export const enabled = config(true, 'measure the load of tasks');
export const measured = counter('times a task was measured');

/** Measures how long tasks run. */
export const meter = component({
  name: 'meter',
  ops: {
    init_task(p) {
      return load.create(p) ? 0 : -12;
    },
    running(p) {
      const l = load.get(p);
      if (l) l.since = p.se.sum_exec_runtime;
    },
    stopping(p) {
      const l = load.get(p);
      if (!l || !enabled) return;
      l.sum += p.se.sum_exec_runtime - l.since;
      measured.inc();
    },
  },
  api: {
    busy(p, limit: u32): boolean {
      const l = load.get(p);
      return l !== null && l.sum > limit;
    },
    /** Returns a struct by value. */
    measure(p): Measured {
      const l = load.get(p);
      return { ran: l ? l.sum : 0, known: l !== null };
    },
  },
});

import { currentBackend, type Backend } from './backend.js';
import { printableLine } from './printable.js';

export const SYSFS = '/sys/kernel/sched_ext';

/** Reads files of sched_ext on the machine of a kernel. */
const reader =
  (backend: Backend) =>
  (path: string): string | undefined =>
    backend.file(`${SYSFS}/${path}`);

export interface SchedExtState {
  /** `disabled`, `enabled`, `enabling` or `disabling`; undefined on a kernel without sched_ext. */
  state: string | undefined;
  /** Name of the scheduler that is running. */
  ops: string | undefined;
  /** How many schedulers have been enabled since boot. */
  enableSeq: string | undefined;
  /** Whether all tasks are the scheduler's, rather than only those with SCHED_EXT. */
  switchAll: boolean | undefined;
  /** Tasks that schedulers refused (`p->scx.disallow`). */
  nrRejected: string | undefined;
  /** Counts CPUs coming and going. */
  hotplugSeq: string | undefined;
  /** Counts of what went other than planned, by the kernel's names; from Linux 6.15. */
  events: Record<string, bigint>;
}

/** What /sys/kernel/sched_ext says (kernel/sched/ext.c, scx_global_attrs and scx_sched_attrs). */
export function schedExtState(backend = currentBackend()): SchedExtState {
  const read = reader(backend);
  const events: Record<string, bigint> = {};
  for (const line of (read('root/events') ?? '').split('\n')) {
    const [name, value] = line.split(/\s+/);
    if (name && value && /^-?\d+$/.test(value)) events[name] = BigInt(value);
  }
  const switchAll = read('switch_all');
  const ops = read('root/ops');
  return {
    state: read('state'),
    ops: ops === undefined ? undefined : printableLine(ops),
    enableSeq: read('enable_seq'),
    switchAll: switchAll === undefined ? undefined : switchAll === '1',
    nrRejected: read('nr_rejected'),
    hotplugSeq: read('hotplug_seq'),
    events,
  };
}

/** How many CPUs came and went since boot, for ops.hotplug_seq; undefined without sched_ext. */
export function hotplugSeq(backend = currentBackend()): bigint | undefined {
  const text = reader(backend)('hotplug_seq');
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
}

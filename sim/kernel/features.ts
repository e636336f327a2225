import type { KernelName } from '../engine/types.js';

/** In what kernels differ for schedulers. Rules ask for a feature by name, never for a version. */
export interface Features {
  /** `dispatch` is called while classes are balanced, before it is known who is next; otherwise only when the CPU is for ext. */
  dispatchInBalance: boolean;
  /** The idle masks change after `update_idle` returned rather than before it is called. */
  masksAfterUpdateIdle: boolean;
  /** One global queue for each node rather than one for all. */
  globalQueuePerNode: boolean;
  /** In bypass, tasks wait on their CPU's own queue rather than on the global one. */
  bypassQueuePerCpu: boolean;
  /** Length of a slice in bypass, ns; 0: until the next tick. */
  bypassSlice: number;
  /** `scx_bpf_reenqueue_local()` may be called anywhere and is carried out later. */
  deferredReenqueue: boolean;
  /** `SCX_OPS_ENQ_MIGRATION_DISABLED`: tasks that may not migrate now can be kept from the scheduler. */
  migrationDisabled: boolean;
  /** `SCX_OPS_ALLOW_QUEUED_WAKEUP` and its counterpart: wakers may leave the rest of a wake-up to the CPU. */
  queuedWakeup: boolean;
  /** `SCX_EV_*` are counted and shown. */
  events: boolean;
  /** `ops.dequeue` is called for every task that leaves the scheduler's custody, also for one that it dispatched. */
  custody: boolean;
  /** `SCX_ENQ_IMMED`. */
  immediate: boolean;
  /** `cgroup_set_bandwidth`. */
  cgroupBandwidth: boolean;
  /** `cgroup_set_idle`. */
  cgroupIdle: boolean;
  /** An error of ext's own deadline server: ext tasks get a part of a CPU that RT tasks keep busy. */
  deadlineServer: boolean;
  /** The message about a queue that there is not says for which task. */
  queueErrorNamesTask: boolean;
  /** Words of the message about a task in a local queue of a CPU where it may not run. */
  verdictWord: string;
}

const BASE: Features = {
  dispatchInBalance: true,
  masksAfterUpdateIdle: true,
  globalQueuePerNode: false,
  bypassQueuePerCpu: false,
  bypassSlice: 0,
  deferredReenqueue: false,
  migrationDisabled: false,
  queuedWakeup: false,
  events: false,
  custody: false,
  immediate: false,
  cgroupBandwidth: false,
  cgroupIdle: false,
  deadlineServer: false,
  queueErrorNamesTask: true,
  verdictWord: 'verdict target cpu',
};

/** What each kernel changed, oldest first; a kernel has what those before it have. */
const CHANGES: readonly (readonly [KernelName, Partial<Features>])[] = [
  ['6.12', {}],
  [
    '6.16',
    {
      masksAfterUpdateIdle: false,
      globalQueuePerNode: true,
      migrationDisabled: true,
      queuedWakeup: true,
      events: true,
      verdictWord: 'target CPU',
    },
  ],
  ['6.17', { cgroupBandwidth: true }],
  ['6.18', {}],
  [
    '6.19',
    {
      dispatchInBalance: false,
      bypassQueuePerCpu: true,
      bypassSlice: 5_000_000,
      deferredReenqueue: true,
      cgroupIdle: true,
    },
  ],
  ['7.0', {}],
  ['7.1', { custody: true, deadlineServer: true }],
  ['7.2', {}],
  ['7.3', { immediate: true, queueErrorNamesTask: false }],
];

export function featuresOf(kernel: KernelName): Features {
  const features = { ...BASE };
  for (const [name, change] of CHANGES) {
    Object.assign(features, change);
    if (name === kernel) break;
  }
  return features;
}

import type { Clock } from '../../native/runtime/backend.js';
import type { Calls, Host } from '../calls/types.js';
import type { Space } from '../engine/space.js';
import type { Program } from '../engine/types.js';
import type { LoadedObject } from '../object/open.js';
import type { StructOpsValue } from '../object/struct-ops.js';

/** Something that was started and can be ended. */
export interface Stoppable {
  stop(): void;
}

/** What the userspace half's side of a model needs of the modelled machine; sim/kernel implements it. */
export interface ModelMachine {
  readonly space: Space;
  /** The scx_* functions. */
  readonly calls: Calls;
  readonly host: Host;
  readonly clock: Clock;
  /** Folder that stands for /sys: possible and online CPUs, topology, cpufreq. */
  readonly sysfs: string;
  /** Files that change while it runs: /sys/kernel/sched_ext/state, root/ops, root/events, enable_seq, hotplug_seq. */
  file(path: string): string | undefined;
  /** Makes a scheduler the kernel's: init_task of all tasks, init, enable. Throws SimError where the kernel refuses. */
  enable(object: LoadedObject, ops: StructOpsValue): Stoppable;
  /** Has a tracing program called where its section says. Throws SimError for what the model has nothing of. */
  listen(object: LoadedObject, program: Program, cookie: bigint): Stoppable;
  /** The address of the struct cgroup of a folder of /sys/fs/cgroup; 0 where there is none. */
  cgroupOfPath(path: string): number;
  /** Its id; undefined where there is none. */
  cgroupIdOfPath(path: string): bigint | undefined;
}

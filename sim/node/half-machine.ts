import type { ModelMachine as BackendMachine, Stoppable } from '../backend/types.js';
import type { Calls, Host } from '../calls/types.js';
import type { Space } from '../engine/space.js';
import type { Program } from '../engine/types.js';
import { SimError } from '../errors.js';
import { hostOf } from '../guest/host.js';
import { listen } from '../guest/tracing.js';
import type { Cgroup } from '../kernel/cgroup.js';
import { detach } from '../kernel/enable.js';
import type { LoadedObject } from '../object/open.js';
import type { StructOpsValue } from '../object/struct-ops.js';
import type { ModelMachine } from '../run/machine.js';
import { removeSysfs, writeOnline, writeSysfs } from './sysfs.js';
import { UserspaceTask } from './userspace-task.js';

const SCHED_EXT = '/sys/kernel/sched_ext/';
/** Ticks a second of /proc/stat. */
const USER_HZ = 100;

/** A modelled machine as the userspace half's runtime wants it. */
export class HalfMachine implements BackendMachine {
  readonly space: Space;
  readonly calls: Calls;
  readonly host: Host;
  readonly sysfs: string;
  readonly process: UserspaceTask;

  constructor(private readonly model: ModelMachine) {
    const { guest, kernel } = model;
    this.space = model.space;
    this.calls = { functions: guest.rows() };
    this.host = hostOf(guest, kernel, (text) => model.output.push(text));
    this.sysfs = writeSysfs(kernel.machine, kernel.online);
    const { onlineChanged } = kernel.hooks;
    kernel.hooks.onlineChanged = () => {
      onlineChanged?.();
      writeOnline(this.sysfs, kernel.machine, kernel.online);
    };
    this.process = new UserspaceTask(kernel, model.shell);
  }

  [Symbol.dispose](): void {
    removeSysfs(this.sysfs);
  }

  get clock(): BackendMachine['clock'] {
    return this.process.clock;
  }

  file(path: string): string | undefined {
    const { kernel } = this.model;
    if (path === '/proc/stat') return this.statText();
    const comm = /^\/proc\/(\d+)\/comm$/.exec(path);
    if (comm) return kernel.tasks.get(Number(comm[1]))?.comm;
    if (!path.startsWith(SCHED_EXT)) return undefined;
    const events = [...kernel.eventCounts].map(([name, n]) => `SCX_EV_${name} ${n}`).join('\n');
    const files: Record<string, string | undefined> = {
      state: kernel.state,
      'root/ops': kernel.scheduler?.name,
      'root/events': kernel.features.events && kernel.scheduler ? events : undefined,
      enable_seq: String(kernel.enableSequence),
      hotplug_seq: String(kernel.hotplugSequence),
      switch_all: kernel.scheduler && !kernel.scheduler.flags.switchPartial ? '1' : '0',
      nr_rejected: '0',
    };
    return files[path.slice(SCHED_EXT.length)];
  }

  enable(object: LoadedObject, ops: StructOpsValue): Stoppable {
    const { kernel } = this.model;
    const before = kernel.enableSequence;
    this.model.enable(object, ops);
    const { info } = kernel.exit;
    if (info && kernel.enableSequence === before)
      throw new SimError('SIM_REFUSED', `${info.reason}: ${info.message}`);
    return { stop: () => detach(kernel) };
  }

  listen(_object: LoadedObject, program: Program): Stoppable {
    const listening = listen(this.model.guest, program);
    if (listening) return listening;
    // It never runs, as a tracepoint that nothing passes.
    this.model.output.push(`the model has no ${program.section}: that program never runs`);
    return { stop: () => undefined };
  }

  cgroupOfPath(path: string): number {
    const cgroup = this.cgroupAt(path);
    return cgroup ? this.model.guest.cgroups.addressOf(cgroup) : 0;
  }

  cgroupIdOfPath(path: string): bigint | undefined {
    const cgroup = this.cgroupAt(path);
    return cgroup && BigInt(cgroup.id);
  }

  private cgroupAt(path: string): Cgroup | undefined {
    const wanted = path.replace(/^\/sys\/fs\/cgroup/, '').replace(/\/+$/, '') || '/';
    return [...this.model.kernel.cgroups.values()].find((cgroup) => cgroup.path === wanted);
  }

  /** Of each CPU: what it did as user time, and what it was idle. */
  private statText(): string {
    const { kernel } = this.model;
    const ticks = (ns: number): number => Math.floor((ns / 1e9) * USER_HZ);
    return kernel.cpus
      .filter((cpu) => cpu.online)
      .map(
        (cpu) => `cpu${cpu.id} ${ticks(cpu.busy)} 0 0 ${ticks(kernel.now - cpu.busy)} 0 0 0 0 0 0`,
      )
      .join('\n');
  }
}

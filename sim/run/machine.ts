import { createSpace, type Space } from '../engine/space.js';
import type { KernelName, StructOps } from '../engine/types.js';
import { SimError } from '../errors.js';
import { Guest } from '../guest/guest.js';
import { fieldsNotKept } from '../guest/kept.js';
import { hostOf } from '../guest/host.js';
import { guestScheduler } from '../guest/scheduler.js';
import { attachTracing } from '../guest/tracing.js';
import { boot } from '../kernel/boot.js';
import type { Costs } from '../kernel/costs.js';
import { enable } from '../kernel/enable.js';
import type { TieBreak } from '../kernel/events.js';
import { featuresOf } from '../kernel/features.js';
import { Kernel } from '../kernel/kernel.js';
import type { Task } from '../kernel/task.js';
import type { Machine } from '../machine/machine.js';
import { openInSpace, type LoadedObject } from '../object/open.js';

export type ConfigValue = number | bigint | boolean | readonly (number | bigint | boolean)[];

export interface MachineOptions {
  kernel: KernelName;
  machine: Machine;
  costs: Costs;
  seed: number;
  trace: boolean;
  profile?: boolean;
  engine?: 'wasm' | 'interpreter';
  tie?: TieBreak;
  /** How many tasks there may be at once. */
  tasks: number;
}

/** Timer interrupts a second, as CONFIG_HZ of Debian's kernels. */
const HZ = 250;
const MIB = 1 << 20;
/** Bytes that a task takes in a program's memory: struct task_struct and storage. */
const TASK_BYTES = 20_000;
const MOST_BYTES = 2047 * MIB;

/** A modelled machine that has booted; a scheduler can be attached. */
export class ModelMachine {
  readonly output: string[] = [];
  object: LoadedObject | undefined;
  schedulerName = 'the default scheduler';

  private constructor(
    readonly kernel: Kernel,
    readonly guest: Guest,
    readonly space: Space,
    /** The parent of what is started. */
    readonly shell: Task,
  ) {}

  static async boot(options: MachineOptions): Promise<ModelMachine> {
    const { cpus } = options.machine;
    const wanted = 128 * MIB + (options.tasks + 4 * cpus) * TASK_BYTES;
    const space = await createSpace({
      ...{ kernel: options.kernel, cpus, profile: options.profile ?? false },
      bytes: Math.min(MOST_BYTES, Math.ceil(wanted / 65_536) * 65_536),
      engine: options.engine ?? 'wasm',
    });
    const guest = new Guest(space);
    const kernel = new Kernel({
      ...{ machine: options.machine, costs: options.costs, seed: options.seed },
      ...{ trace: options.trace, hz: HZ, features: featuresOf(options.kernel) },
      ...(options.tie && { tie: options.tie }),
      memoryFor: (pid) => guest.memoryFor(pid),
      where: () => space.context.where(),
      masks: {
        ...{ online: guest.online.mask, idle: guest.idle.mask, idleCores: guest.idleCores.mask },
      },
    });
    guest.attach(kernel);
    return new ModelMachine(kernel, guest, space, boot(kernel));
  }

  /** Loads an object and attaches its scheduler. */
  async attach(
    bytes: Uint8Array,
    name: string,
    config: Readonly<Record<string, ConfigValue>> = {},
  ): Promise<void> {
    const { guest, kernel } = this;
    const opened = openInSpace(this.space, bytes, name);
    for (const [variable, value] of Object.entries(config)) opened.set(variable, value);
    const host = hostOf(guest, kernel, (text) => this.output.push(text));
    const object = await opened.link({ functions: guest.rows() }, host);
    const ops = object.structOps.find((s) => s.type.startsWith('sched_ext_ops'));
    if (!ops)
      throw new SimError(
        'SIM_NO_SCHEDULER',
        `${name} holds no scheduler`,
        'it has no sched_ext_ops',
      );
    for (const section of attachTracing(guest, object))
      this.output.push(`the model has no ${section}: that program never runs`);
    this.enable(object, ops);
  }

  /** Makes a scheduler of a loaded object the kernel's. */
  enable(object: LoadedObject, ops: StructOps): void {
    this.object = object;
    for (const field of fieldsNotKept(object.links))
      this.output.push(`the model does not keep ${field}: it reads as 0`);
    const scheduler = guestScheduler(this.guest, ops);
    this.schedulerName = scheduler.name;
    enable(this.kernel, scheduler);
  }
}

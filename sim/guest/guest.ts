import type { CallRow } from '../calls/types.js';
import type { KernelSpace } from '../engine/types.js';
import type { CpuMask } from '../kernel/cpumask.js';
import type { Kernel } from '../kernel/kernel.js';
import { Changed, type Task, type TaskMemory } from '../kernel/task.js';
import { Arguments } from './arguments.js';
import { CgroupMemory } from './cgroups.js';
import { dequeueFlags, enqueueFlags } from './flags.js';
import { Masks } from './memory.js';
import { cpuRows } from './rows-cpu.js';
import { queueRows } from './rows-queue.js';
import { textRows } from './rows-text.js';
import { KernelVariables } from './variables.js';
import { GuestTaskMemory, TaskLayout } from './task-memory.js';

interface Saved {
  cpu: number;
  current: number;
  callback: string;
}

/** What stands between a modelled kernel and programs in a KernelSpace: tasks as structs, callbacks as calls. */
export class Guest {
  readonly enq;
  readonly deq;
  readonly args: Arguments;
  readonly cgroups: CgroupMemory;
  readonly layout: TaskLayout;
  readonly variables: KernelVariables;
  readonly masks: Masks;
  readonly possible: { address: number; mask: CpuMask };
  readonly online: { address: number; mask: CpuMask };
  readonly idle: { address: number; mask: CpuMask };
  readonly idleCores: { address: number; mask: CpuMask };
  kernel!: Kernel;
  /** Of the last callback. */
  instructions = 0;
  /** Set if a program is given the masks without the kernel keeping them. */
  private readonly tasks = new Map<number, Task>();
  private readonly saved: Saved[] = [];
  private depth = 0;

  constructor(readonly space: KernelSpace) {
    this.enq = enqueueFlags(space);
    this.deq = dequeueFlags(space);
    this.args = new Arguments(space);
    this.cgroups = new CgroupMemory(space);
    this.layout = new TaskLayout(space);
    this.masks = new Masks(space);
    this.variables = new KernelVariables(this, space);
    this.possible = this.masks.share('the possible CPUs');
    this.online = this.masks.share('the CPUs that are online');
    this.idle = this.masks.share('the idle CPUs');
    this.idleCores = this.masks.share('the idle cores');
    for (let cpu = 0; cpu < space.cpus; cpu++) this.possible.mask.add(cpu);
  }

  memoryFor(pid: number): TaskMemory {
    return new GuestTaskMemory(this.layout, this.cgroups, (p) => this.addressOf(p), pid);
  }

  /** Connects it with a kernel that was made with its masks and memories. */
  attach(kernel: Kernel): void {
    this.kernel = kernel;
    for (const cpu of kernel.cpus) this.created(cpu.idleTask);
    kernel.hooks.created = (p) => this.created(p);
    kernel.hooks.freed = (p) => this.freed(p);
    kernel.hooks.cgroupChanged = (c) => this.cgroups.changed(c);
    kernel.hooks.ending = () => {
      if (this.depth > 0) kernel.exit.where = this.space.context.where();
    };
  }

  addressOf(p: Task): number {
    return (p.memory as GuestTaskMemory).address;
  }

  /** Address of the mask of CPUs that it may use. */
  maskOf(p: Task): number {
    return this.addressOf(p) + this.layout.maskOffset;
  }

  taskAt(address: number): Task | undefined {
    return this.tasks.get(address);
  }

  /** Sets the context of calls for a callback; what it was comes back with leave(). */
  enter(callback: string): number {
    const { context } = this.space;
    const at = this.depth++;
    const saved = (this.saved[at] ??= { cpu: 0, current: 0, callback: '' });
    saved.cpu = context.cpu;
    saved.current = context.current;
    saved.callback = context.callback;
    const { kernel } = this;
    const cpu = kernel.frame.cpu ?? kernel.here ?? kernel.cpus[kernel.online.first()]!;
    context.cpu = cpu.id;
    context.current = this.addressOf(cpu.current ?? cpu.idleTask);
    context.callback = callback;
    this.variables.update(cpu.id, callback);
    return at;
  }

  leave(at: number): void {
    const { context } = this.space;
    const saved = this.saved[at]!;
    this.depth = at;
    // Calls within another are part of it.
    this.instructions = at === 0 ? context.instructions() : 0;
    context.cpu = saved.cpu;
    context.current = saved.current;
    context.callback = saved.callback;
  }

  rows(): CallRow[] {
    return [...queueRows(this), ...cpuRows(this), ...textRows(this)];
  }

  private created(p: Task): void {
    this.tasks.set(this.addressOf(p), p);
    p.memory.changed(p, Changed.ALL);
  }

  private freed(p: Task): void {
    const address = this.addressOf(p);
    this.tasks.delete(address);
    (this.space as { forget?(owner: number): void }).forget?.(address);
    this.space.memory.free(address);
  }
}

import type { KernelSpace } from '../engine/types.js';
import type { StructType } from '../memory/types.js';
import { UPTIME } from '../kernel/calls-cpu.js';
import { Changed, Class, loadWeight, Place, type Task, type TaskMemory } from '../kernel/task.js';
import type { CgroupMemory } from './cgroups.js';
import { Optional } from './memory.js';

/** Flags of tasks: PF_*. */
const PF = { IDLE: 0x2, EXITING: 0x4, KTHREAD: 0x20_0000 };
/** task_struct.__state. */
const STATE = { RUNNING: 0, INTERRUPTIBLE: 1, DEAD: 0x80 };
/** Scheduling policies of sched_setscheduler(2). */
const POLICY = { other: 0, fifo: 1, rr: 2, batch: 3, idle: 5, deadline: 6, ext: 7 };
/** p->scx.flags: SCX_TASK_QUEUED, and where the state is. */
const TASK_QUEUED = 1;
const STATE_SHIFT = 8;
const STATE_BITS = { none: 0, ready: 2, enabled: 3 } as const;
const ALL_ONES = 0xffff_ffff;
const HIGH = 0x1_0000_0000;

/** Where the fields are that the model keeps, of one kernel's struct task_struct. */
export class TaskLayout {
  readonly struct: StructType;
  readonly sliceOffset: number;
  readonly vtimeOffset: number;
  readonly runtimeOffset: number;
  readonly maskOffset: number;
  /** Those that change often. */
  readonly cpu: Optional;
  readonly wakeCpu: Optional;
  readonly onCpu: Optional;
  readonly onRq: Optional;
  readonly flags: Optional;
  readonly state: Optional;
  private readonly fields = new Map<string, Optional>();

  constructor(readonly space: KernelSpace) {
    this.struct = space.struct('task_struct');
    this.sliceOffset = this.struct.field('scx.slice').offset;
    this.vtimeOffset = this.struct.field('scx.dsq_vtime').offset;
    this.runtimeOffset = this.struct.field('se.sum_exec_runtime').offset;
    this.maskOffset = this.struct.field('cpus_mask').offset;
    const often = (path: string): Optional => new Optional(this.struct, path);
    this.cpu = often('thread_info.cpu');
    this.wakeCpu = often('wake_cpu');
    this.onCpu = often('on_cpu');
    this.onRq = often('on_rq');
    this.flags = often('scx.flags');
    this.state = often('__state');
  }

  /** A field by name; what this kernel lacks is left out. */
  set(at: number, path: string, value: number): void {
    let field = this.fields.get(path);
    if (!field) this.fields.set(path, (field = new Optional(this.struct, path)));
    field.set(at, value);
  }

  get(at: number, path: string): number {
    let field = this.fields.get(path);
    if (!field) this.fields.set(path, (field = new Optional(this.struct, path)));
    return field.get(at);
  }
}

/** A task's struct task_struct in the memory that programs see. */
export class GuestTaskMemory implements TaskMemory {
  readonly address: number;
  private readonly slice32: number;
  private readonly vtime32: number;
  private readonly runtime32: number;
  private readonly words: Uint32Array;

  constructor(
    private readonly layout: TaskLayout,
    private readonly cgroups: CgroupMemory,
    private readonly addressOf: (task: Task) => number,
    pid: number,
  ) {
    const { memory } = layout.space;
    this.address = memory.allocate(layout.struct.size, `task_struct of ${pid}`, 64);
    this.words = memory.u32;
    this.slice32 = (this.address + layout.sliceOffset) >>> 2;
    this.runtime32 = (this.address + layout.runtimeOffset) >>> 2;
    this.vtime32 = (this.address + layout.vtimeOffset) >>> 2;
  }

  slice(): number {
    const low = this.words[this.slice32]!;
    const high = this.words[this.slice32 + 1]!;
    return low === ALL_ONES && high === ALL_ONES ? Infinity : high * HIGH + low;
  }

  setSlice(ns: number): void {
    const infinite = ns === Infinity;
    this.words[this.slice32] = infinite ? ALL_ONES : ns % HIGH;
    this.words[this.slice32 + 1] = infinite ? ALL_ONES : Math.floor(ns / HIGH);
  }

  vtime(): { low: number; high: number } {
    return { low: this.words[this.vtime32]!, high: this.words[this.vtime32 + 1]! | 0 };
  }

  setVtime(low: number, high: number): void {
    this.words[this.vtime32] = low;
    this.words[this.vtime32 + 1] = high;
  }

  setRuntime(ns: number): void {
    this.words[this.runtime32] = ns % HIGH;
    this.words[this.runtime32 + 1] = Math.floor(ns / HIGH);
  }

  disallow(): boolean {
    return this.layout.get(this.address, 'scx.disallow') !== 0;
  }

  changed(task: Task, what: number): void {
    const { layout, address } = this;
    const set = (path: string, value: number): void => layout.set(address, path, value);
    if (what & Changed.CPU) {
      layout.cpu.set(address, task.cpu);
      layout.wakeCpu.set(address, task.cpu);
    }
    if (what & Changed.RUNNING) layout.onCpu.set(address, task.place === Place.CPU ? 1 : 0);
    if (what & Changed.QUEUE) {
      layout.onRq.set(address, task.onQueue ? 1 : 0);
      layout.flags.set(
        address,
        (task.onQueue ? TASK_QUEUED : 0) | (STATE_BITS[task.ext] << STATE_SHIFT),
      );
    }
    if (what & Changed.WEIGHT) this.writeWeight(task);
    if (what & Changed.MASK) {
      const at = (address + layout.maskOffset) >>> 2;
      this.words.set(task.mask.words, at);
      set('cpus_ptr', address + layout.maskOffset);
      set('user_cpus_ptr', 0);
      set('nr_cpus_allowed', task.mask.size);
      set('migration_disabled', task.migrationDisabled);
    }
    if (what & Changed.STATE)
      layout.state.set(
        address,
        task.dead ? STATE.DEAD : task.onQueue ? STATE.RUNNING : STATE.INTERRUPTIBLE,
      );
    if (what & Changed.FLAGS) {
      const kernel = task.kernelThread ? PF.KTHREAD : 0;
      const idle = task.class === Class.IDLE ? PF.IDLE : 0;
      set('flags', kernel | idle | (task.exiting ? PF.EXITING : 0));
    }
    if (what & Changed.CGROUP) {
      set('cgroups', this.cgroups.setOf(task.cgroup));
      set('sched_task_group', this.cgroups.groupOf(task.cgroup));
    }
    if (what === Changed.ALL) this.writeOnce(task);
  }

  private writeWeight(task: Task): void {
    const set = (path: string, value: number): void => this.layout.set(this.address, path, value);
    const realtime = task.class <= Class.RT;
    const prio =
      task.class === Class.DEADLINE ? -1 : realtime ? 99 - task.priority : 120 + task.nice;
    set('scx.weight', task.weight);
    set('static_prio', 120 + task.nice);
    set('prio', prio);
    set('normal_prio', prio);
    set('rt_priority', task.priority);
    set('policy', POLICY[task.policy]);
    set('se.load.weight', loadWeight(task.policy, task.nice) * 1024);
  }

  private writeOnce(task: Task): void {
    const { layout, address } = this;
    const { memory } = layout.space;
    const set = (path: string, value: number): void => layout.set(address, path, value);
    set('pid', task.pid);
    set('tgid', task.tgid);
    const comm = layout.struct.field('comm');
    memory.setText(address + comm.offset, comm.size, task.comm);
    const parent = task.parent ? this.addressOf(task.parent) : address;
    set('real_parent', parent);
    set('parent', parent);
    const leader = task.tgid === task.pid ? address : parent;
    set('group_leader', leader);
    set('start_time', UPTIME + task.stats.bornAt);
    set('start_boottime', UPTIME + task.stats.bornAt);
    // Programs ask only whether a task has memory of its own.
    if (!task.kernelThread) {
      set('mm', address);
      set('active_mm', address);
    }
    set('scx.sticky_cpu', -1);
    set('scx.holding_cpu', -1);
    set('scx.selected_cpu', -1);
  }
}

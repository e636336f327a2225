import type { KernelSpace } from '../engine/types.js';
import { UPTIME } from '../kernel/calls-cpu.js';
import type { Guest } from './guest.js';
import { Optional } from './memory.js';

/** What some callbacks interrupt: the tick comes in a hardware interrupt, timers of BPF fire in a softirq. */
const INTERRUPTS: Readonly<Record<string, 'softirq' | 'hardirq'>> = {
  tick: 'hardirq',
  timer: 'softirq',
};
const SOFTIRQ = 1 << 8;
/** Linux 7.3 counts disabled interrupts below the interrupts themselves. */
const HARDIRQ = 1 << 16;
const HARDIRQ_ABOVE_DISABLED = 1 << 24;
/** Jiffies start 300 s before they wrap at 32 bits (INITIAL_JIFFIES). */
const JIFFIES_BEFORE_WRAP = 300;

/** Variables of the kernel that programs find by name, as far as the model keeps them; others are zeros. */
export class KernelVariables {
  private readonly rq: Readonly<Record<string, Optional>>;
  /** Where a CPU's preempt_count is within its variable. */
  private readonly count: { variable: string; offset: number } | undefined;

  constructor(
    private readonly guest: Guest,
    private readonly space: KernelSpace,
  ) {
    const field = (path: string): Optional => new Optional(space.struct('rq'), path);
    this.rq = Object.fromEntries(RQ_FIELDS.map((path) => [path, field(path)]));
    this.count = space.hasStruct('pcpu_hot')
      ? {
          variable: 'pcpu_hot',
          offset: new Optional(space.struct('pcpu_hot'), 'preempt_count').offset,
        }
      : { variable: '__preempt_count', offset: 0 };
    space.onPerCpu((base, cpu) => {
      if (base === space.placed('runqueues')?.address) this.fillRunqueue(cpu);
    });
  }

  /** Before a callback: what time it is, and what the callback interrupts. */
  update(cpu: number, callback: string): void {
    const jiffies = this.space.placed('jiffies');
    if (jiffies) this.setJiffies(jiffies.address);
    this.interrupt(cpu, INTERRUPTS[callback]);
  }

  private interrupt(cpu: number, by: 'softirq' | 'hardirq' | undefined): void {
    const { count, space } = this;
    const variable = count && space.placed(count.variable);
    if (!variable) return;
    const hardirq = space.placed('local_interrupt_disable_state')
      ? HARDIRQ_ABOVE_DISABLED
      : HARDIRQ;
    const bits = by === 'hardirq' ? hardirq : by === 'softirq' ? SOFTIRQ : 0;
    const at = variable.address + cpu * variable.stride + count.offset;
    space.memory.view.setInt32(at, bits, true);
  }

  private setJiffies(address: number): void {
    const { kernel } = this.guest;
    const hz = Math.round(1e9 / kernel.tickNs);
    const ticks =
      2 ** 32 - JIFFIES_BEFORE_WRAP * hz + Math.floor((kernel.now + UPTIME) / kernel.tickNs);
    this.space.memory.view.setBigUint64(address, BigInt(ticks), true);
  }

  /** What the model knows of a CPU's run queue, as of now. */
  fillRunqueue(id: number): void {
    const { guest, rq } = this;
    const place = this.space.placed('runqueues');
    const cpu = guest.kernel.cpus[id];
    if (!place || !cpu) return;
    const at = place.address + id * place.stride;
    const { now } = guest.kernel;
    const others = cpu.fair.count + cpu.realtime.length;
    const running = cpu.current && !cpu.runnable.has(cpu.current) ? 1 : 0;
    rq['cpu']!.set(at, id);
    rq['online']!.set(at, cpu.online ? 1 : 0);
    rq['nr_running']!.set(at, cpu.runnable.size + others + running);
    rq['scx.nr_running']!.set(at, cpu.runnable.size);
    for (const clock of ['clock', 'clock_task', 'scx.clock'])
      rq[clock]!.setHalves(at, now | 0, Math.floor(now / 0x1_0000_0000) | 0);
    rq['curr']!.set(at, guest.addressOf(cpu.current ?? cpu.idleTask));
    rq['idle']!.set(at, guest.addressOf(cpu.idleTask));
  }
}

/** What fillRunqueue() keeps. */
export const RQ_FIELDS = [
  'cpu',
  'online',
  'nr_running',
  'scx.nr_running',
  'clock',
  'clock_task',
  'scx.clock',
  'curr',
  'idle',
] as const;

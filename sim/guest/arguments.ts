import type { KernelSpace } from '../engine/types.js';
import type { Cgroup } from '../kernel/cgroup.js';
import type { Kernel } from '../kernel/kernel.js';
import { UPTIME } from '../kernel/calls-cpu.js';
import type { ExitInfo } from '../kernel/scheduler.js';
import { Optional } from './memory.js';

/** Structs that callbacks get by reference: one of each sort, written before each call. */
export class Arguments {
  readonly acquire: number;
  private readonly places = new Map<string, number>();
  private readonly texts = new Map<string, number>();

  constructor(private readonly space: KernelSpace) {
    this.acquire = space.memory.allocate(16, 'scx_cpu_acquire_args');
  }

  release(reason: number, task: number): number {
    return this.write('scx_cpu_release_args', { reason, task });
  }

  initTask(fork: boolean, cgroup: number): number {
    return this.write('scx_init_task_args', { fork: fork ? 1 : 0, cgroup });
  }

  exitTask(cancelled: boolean): number {
    return this.write('scx_exit_task_args', { cancelled: cancelled ? 1 : 0 });
  }

  cgroupInit({ weight, period, quota, burst }: Cgroup): number {
    const at = this.write('scx_cgroup_init_args', {
      ...{ weight, bw_period_us: period, bw_burst_us: burst },
      bw_quota_us: quota === Infinity ? 0 : quota,
    });
    if (quota === Infinity)
      new Optional(this.space.struct('scx_cgroup_init_args'), 'bw_quota_us').setHalves(at, -1, -1);
    return at;
  }

  dump(kernel: Kernel): number {
    const { info } = kernel.exit;
    return this.write('scx_dump_ctx', {
      ...{ kind: info?.kind ?? 0, exit_code: 0, reason: this.text('reason', info?.reason ?? '') },
      ...{
        at_ns: UPTIME + kernel.now,
        at_jiffies: Math.floor((UPTIME + kernel.now) / kernel.tickNs),
      },
    });
  }

  exit(info: ExitInfo): number {
    const at = this.write('scx_exit_info', {
      ...{ kind: info.kind, bt: 0, bt_len: 0 },
      reason: this.text('reason', info.reason),
      msg: this.text('message', info.message),
      dump: this.text('dump', info.dump),
    });
    const code = new Optional(this.space.struct('scx_exit_info'), 'exit_code');
    code.setHalves(
      at,
      Number(BigInt.asIntN(32, info.code)),
      Number(BigInt.asIntN(32, info.code >> 32n)),
    );
    return at;
  }

  private write(struct: string, values: Record<string, number>): number {
    const type = this.space.struct(struct);
    let at = this.places.get(struct);
    if (at === undefined) {
      at = this.space.memory.allocate(Math.max(type.size, 16), `struct ${struct}`);
      this.places.set(struct, at);
    }
    for (const [name, value] of Object.entries(values)) new Optional(type, name).set(at, value);
    return at;
  }

  /** A text in the program's memory; the last one of its sort goes. */
  private text(sort: string, text: string): number {
    const { memory } = this.space;
    const before = this.texts.get(sort);
    if (before !== undefined) memory.free(before);
    const size = new TextEncoder().encode(text).length + 1;
    const at = memory.allocate(size, `the text of ${sort}`);
    memory.setText(at, size, text);
    this.texts.set(sort, at);
    return at;
  }
}

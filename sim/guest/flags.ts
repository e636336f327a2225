import type { KernelSpace } from '../engine/types.js';
import { Deq, Enq, type SchedulerFlags } from '../kernel/scheduler.js';

/** A bit of the model and the value that the modelled kernel gives it. */
interface Bit {
  model: number;
  low: number;
  high: number;
}

/** Values that are no enumerators of the kernel: ENQUEUE_RESTORE, ENQUEUE_MIGRATED, DEQUEUE_SAVE of kernel/sched/sched.h. */
const PLAIN = { RESTORE: 0x02n, MIGRATED: 0x40n, SAVE: 0x02n };

/** Translates flag words of u64 between programs and the model. */
export class FlagCodec {
  private readonly bits: Bit[] = [];
  private readonly words = new Map<number, [number, number]>();

  constructor(values: readonly (readonly [model: number, value: bigint | undefined])[]) {
    for (const [model, value] of values)
      if (value !== undefined)
        this.bits.push({
          model,
          low: Number(value & 0xffff_ffffn) | 0,
          high: Number((value >> 32n) & 0xffff_ffffn) | 0,
        });
  }

  /** Low and high half, as i32. */
  encode(flags: number): [number, number] {
    let word = this.words.get(flags);
    if (!word) {
      word = [0, 0];
      for (const bit of this.bits)
        if (flags & bit.model) {
          word[0] |= bit.low;
          word[1] |= bit.high;
        }
      this.words.set(flags, word);
    }
    return word;
  }

  decode(low: number, high: number): number {
    if (low === 0 && high === 0) return 0;
    let flags = 0;
    for (const bit of this.bits)
      if ((low & bit.low) === bit.low && (high & bit.high) === bit.high) flags |= bit.model;
    return flags;
  }
}

export function enqueueFlags(space: KernelSpace): FlagCodec {
  const value = (name: string): bigint | undefined => space.enumerator(name);
  return new FlagCodec([
    [Enq.WAKEUP, value('SCX_ENQ_WAKEUP')],
    [Enq.HEAD, value('SCX_ENQ_HEAD')],
    [Enq.CPU_SELECTED, value('SCX_ENQ_CPU_SELECTED')],
    [Enq.PREEMPT, value('SCX_ENQ_PREEMPT')],
    [Enq.REENQ, value('SCX_ENQ_REENQ')],
    [Enq.LAST, value('SCX_ENQ_LAST')],
    [Enq.IMMED, value('SCX_ENQ_IMMED')],
    [Enq.RESTORE, PLAIN.RESTORE],
    [Enq.MIGRATED, PLAIN.MIGRATED],
  ]);
}

export function dequeueFlags(space: KernelSpace): FlagCodec {
  return new FlagCodec([
    [Deq.SLEEP, space.enumerator('SCX_DEQ_SLEEP')],
    [Deq.SAVE, PLAIN.SAVE],
    [Deq.CORE_SCHED_EXEC, space.enumerator('SCX_DEQ_CORE_SCHED_EXEC')],
    [Deq.SCHED_CHANGE, space.enumerator('SCX_DEQ_SCHED_CHANGE')],
  ]);
}

/** The flags of a scheduler that the model's rules ask for. */
export function schedulerFlags(space: KernelSpace, flags: bigint): SchedulerFlags {
  const has = (name: string): boolean => {
    const value = space.enumerator(name);
    return value !== undefined && (flags & value) !== 0n;
  };
  return {
    keepBuiltinIdle: has('SCX_OPS_KEEP_BUILTIN_IDLE'),
    enqLast: has('SCX_OPS_ENQ_LAST'),
    enqExiting: has('SCX_OPS_ENQ_EXITING'),
    switchPartial: has('SCX_OPS_SWITCH_PARTIAL'),
    enqMigrationDisabled: has('SCX_OPS_ENQ_MIGRATION_DISABLED'),
    allowQueuedWakeup: has('SCX_OPS_ALLOW_QUEUED_WAKEUP'),
    builtinIdlePerNode: has('SCX_OPS_BUILTIN_IDLE_PER_NODE'),
  };
}

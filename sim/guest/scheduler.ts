import type { Program, StructOps } from '../engine/types.js';
import type { ExitInfo, ReleaseReason, Scheduler } from '../kernel/scheduler.js';
import type { Task } from '../kernel/task.js';
import type { Guest } from './guest.js';
import { schedulerFlags } from './flags.js';

const REASONS: readonly ReleaseReason[] = ['rt', 'dl', 'stop', 'unknown'];

/** Callbacks whose second argument is a number that a recording tells. */
const TOLD: ReadonlySet<keyof Scheduler> = new Set([
  ...(['select_cpu', 'enqueue', 'dequeue', 'runnable', 'stopping', 'quiescent'] as const),
  ...(['set_weight', 'update_idle'] as const),
]);

/** The scheduler that a struct_ops variable of an object describes. */
export function guestScheduler(guest: Guest, ops: StructOps): Scheduler {
  const { space, enq, deq, args } = guest;
  const at = (p: Task | null): number => (p ? guest.addressOf(p) : 0);
  const cgroup = (c: Parameters<NonNullable<Scheduler['cgroup_init']>>[0]): number =>
    guest.cgroups.addressOf(c);
  const scheduler: Scheduler = {
    name: ops.text('name'),
    flags: schedulerFlags(space, ops.big('flags')),
    timeoutMs: ops.number('timeout_ms'),
    dispatchMaxBatch: ops.number('dispatch_max_batch'),
    instructions: () => guest.instructions,
  };
  /** Gives the scheduler a callback if the object has it. */
  const bind = <F>(member: keyof Scheduler, make: (call: Program['call']) => F): void => {
    const program = ops.callbacks.get(member);
    if (!program) return;
    const run = program.call;
    // Fixed arguments: one array less for each callback.
    const call = (
      a?: number,
      b?: number,
      c?: number,
      d?: number,
      e?: number,
      f?: number,
      g?: number,
    ): number => {
      const before = guest.enter(member);
      const { entry } = guest.kernel.frame;
      if (entry && TOLD.has(member)) entry.other = b ?? 0;
      const result = run(a!, b!, c!, d!, e!, f!, g!);
      guest.leave(before);
      return result;
    };
    (scheduler as unknown as Record<string, unknown>)[member] = make(call);
  };

  bind(
    'select_cpu',
    (call) => (p: Task, prev: number, flags: number) => call(at(p), prev, flags, 0),
  );
  bind('enqueue', (call) => (p: Task, flags: number) => {
    const [low, high] = enq.encode(flags);
    call(at(p), low, high);
  });
  bind('dequeue', (call) => (p: Task, flags: number) => {
    const [low, high] = deq.encode(flags);
    call(at(p), low, high);
  });
  bind('dispatch', (call) => (cpu: number, prev: Task | null) => void call(cpu, at(prev)));
  bind('tick', (call) => (p: Task) => void call(at(p)));
  bind('runnable', (call) => (p: Task, flags: number) => {
    const [low, high] = enq.encode(flags);
    call(at(p), low, high);
  });
  bind('running', (call) => (p: Task) => void call(at(p)));
  bind('stopping', (call) => (p: Task, runnable: boolean) => void call(at(p), runnable ? 1 : 0));
  bind('quiescent', (call) => (p: Task, flags: number) => {
    const [low, high] = deq.encode(flags);
    call(at(p), low, high);
  });
  bind('yield', (call) => (from: Task, to: Task | null) => call(at(from), at(to)) !== 0);
  bind('core_sched_before', (call) => (a: Task, b: Task) => call(at(a), at(b)) !== 0);
  bind('set_weight', (call) => (p: Task, weight: number) => void call(at(p), weight));
  bind('set_cpumask', (call) => (p: Task) => void call(at(p), guest.maskOf(p)));
  bind('update_idle', (call) => (cpu: number, idle: boolean) => void call(cpu, idle ? 1 : 0));
  bind('cpu_acquire', (call) => (cpu: number) => void call(cpu, args.acquire));
  bind('cpu_release', (call) => (cpu: number, reason: ReleaseReason, by: Task) => {
    call(cpu, args.release(REASONS.indexOf(reason), at(by)));
  });
  bind(
    'init_task',
    (call) => (p: Task, fork: boolean) =>
      call(at(p), args.initTask(fork, guest.cgroups.addressOf(p.cgroup))),
  );
  bind(
    'exit_task',
    (call) => (p: Task, cancelled: boolean) => void call(at(p), args.exitTask(cancelled)),
  );
  bind('enable', (call) => (p: Task) => void call(at(p)));
  bind('disable', (call) => (p: Task) => void call(at(p)));
  bind('dump', (call) => () => void call(args.dump(guest.kernel)));
  bind(
    'dump_cpu',
    (call) => (cpu: number, idle: boolean) => void call(args.dump(guest.kernel), cpu, idle ? 1 : 0),
  );
  bind('dump_task', (call) => (p: Task) => void call(args.dump(guest.kernel), at(p)));
  bind(
    'cgroup_init',
    (call) => (c: Parameters<typeof cgroup>[0]) => call(cgroup(c), args.cgroupInit(c)),
  );
  bind('cgroup_exit', (call) => (c: Parameters<typeof cgroup>[0]) => void call(cgroup(c)));
  type Group = Parameters<typeof cgroup>[0];
  bind(
    'cgroup_prep_move',
    (call) => (p: Task, from: Group, to: Group) => call(at(p), cgroup(from), cgroup(to)),
  );
  bind(
    'cgroup_move',
    (call) => (p: Task, from: Group, to: Group) => void call(at(p), cgroup(from), cgroup(to)),
  );
  bind(
    'cgroup_cancel_move',
    (call) => (p: Task, from: Group, to: Group) => void call(at(p), cgroup(from), cgroup(to)),
  );
  bind('cgroup_set_weight', (call) => (c: Group, weight: number) => void call(cgroup(c), weight));
  bind(
    'cgroup_set_bandwidth',
    (call) => (c: Group, period: number, quota: number, burst: number) =>
      void call(cgroup(c), ...u64(period), ...u64(quota), ...u64(burst)),
  );
  bind(
    'cgroup_set_idle',
    (call) => (c: Group, idle: boolean) => void call(cgroup(c), idle ? 1 : 0),
  );
  bind('cpu_online', (call) => (cpu: number) => void call(cpu));
  bind('cpu_offline', (call) => (cpu: number) => void call(cpu));
  bind('init', (call) => () => call());
  bind('exit', (call) => (info: ExitInfo) => void call(args.exit(info)));
  return scheduler;
}

/** Halves of a u64; Infinity is all ones. */
export function u64(value: number): [number, number] {
  return value === Infinity ? [-1, -1] : [value | 0, Math.floor(value / 0x1_0000_0000) | 0];
}

import type { LinkedObject, Program } from '../engine/types.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Task } from '../kernel/task.js';
import type { Guest } from './guest.js';

/** Tracepoints that the model has; programs on others never run. */
const POINTS: Readonly<
  Record<string, (kernel: Kernel, guest: Guest, run: Program['call']) => void>
> = {
  sched_switch: (kernel, guest, run) =>
    chain(kernel, 'switched', (_cpu: number, preempted: boolean, prev: Task, next: Task) => {
      run(preempted ? 1 : 0, guest.addressOf(prev), guest.addressOf(next), 0);
    }),
  sched_wakeup: (kernel, guest, run) =>
    chain(kernel, 'woken', (p: Task, isNew: boolean) => {
      if (!isNew) run(guest.addressOf(p));
    }),
  sched_wakeup_new: (kernel, guest, run) =>
    chain(kernel, 'woken', (p: Task, isNew: boolean) => {
      if (isNew) run(guest.addressOf(p));
    }),
  sched_process_fork: (kernel, guest, run) =>
    chain(kernel, 'forked', (parent: Task, child: Task) => {
      run(guest.addressOf(parent), guest.addressOf(child));
    }),
  sched_process_exit: (kernel, guest, run) =>
    chain(kernel, 'exited', (p: Task) => void run(guest.addressOf(p), 1)),
  sched_process_free: (kernel, guest, run) =>
    chain(kernel, 'freeing', (p: Task) => void run(guest.addressOf(p))),
  cgroup_attach_task: (kernel, guest, run) =>
    chain(kernel, 'cgroupMoved', (p: Task) => {
      run(guest.cgroups.addressOf(p.cgroup), 0, guest.addressOf(p), p.tgid === p.pid ? 1 : 0);
    }),
};

type HookName = 'switched' | 'woken' | 'forked' | 'exited' | 'freeing' | 'cgroupMoved';

/** Adds a listener to those that a hook has. */
function chain(kernel: Kernel, hook: HookName, add: (...args: never[]) => void): void {
  const hooks = kernel.hooks as Record<HookName, ((...args: never[]) => void) | undefined>;
  const before = hooks[hook];
  hooks[hook] = before
    ? (...args) => {
        before(...args);
        add(...args);
      }
    : add;
}

const TRACING = /^(?:tp_btf|fentry|fexit|kprobe|kretprobe|tp|tracepoint|raw_tp|perf_event)\b/;

/** Lets a program run where the model passes its tracepoint, until it is stopped; undefined: the model never does. */
export function listen(guest: Guest, program: Program): { stop(): void } | undefined {
  const { kernel } = guest;
  const name = /^tp_btf\/(.*)$/.exec(program.section)?.[1];
  const point = name === undefined ? undefined : POINTS[name];
  if (!point) return undefined;
  let listens = true;
  point(kernel, guest, (...args) => {
    if (!listens) return 0;
    const at = guest.enter('');
    const result = program.call(...args);
    guest.leave(at);
    const { callback, instruction } = kernel.costs;
    const cpu = kernel.here;
    if (cpu) kernel.steal(cpu, Math.ceil(callback + guest.instructions * instruction));
    return result;
  });
  return { stop: () => void (listens = false) };
}

/** Lets all tracing programs of an object run; gives the sections of those that never will. */
export function attachTracing(guest: Guest, object: LinkedObject): string[] {
  return [...object.programs.values()]
    .filter((program) => TRACING.test(program.section) && !listen(guest, program))
    .map((program) => program.section);
}

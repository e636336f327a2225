import { Fault } from '../errors.js';
import type { Task } from '../kernel/task.js';
import type { Guest } from './guest.js';

/** The task at an address that a program gave; a Fault if none is there. */
export function taskOf(guest: Guest, address: number): Task {
  const task = guest.taskAt(address);
  if (task) return task;
  const { context, memory } = guest.space;
  throw new Fault(
    'NO_TASK',
    `there is no task at 0x${(address >>> 0).toString(16)} (${memory.describe(address)})`,
    context.where(),
    context.callback,
    'a task can be used until its exit_task() is over',
  );
}

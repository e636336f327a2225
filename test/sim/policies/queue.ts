import type { Task } from '../simulation.js';

/** A dispatch queue in the order of virtual time. */
export class VtimeQueue {
  private readonly tasks: Task[] = [];
  private vtimeNow = 0;

  get length(): number {
    return this.tasks.length;
  }

  push(task: Task, sliceUs: number): void {
    task.vtime = Math.max(task.vtime, this.vtimeNow - sliceUs);
    let i = this.tasks.length;
    while (i > 0 && this.tasks[i - 1]!.vtime > task.vtime) i--;
    this.tasks.splice(i, 0, task);
  }

  shift(): Task | undefined {
    const task = this.tasks.shift();
    if (task) this.vtimeNow = Math.max(this.vtimeNow, task.vtime);
    return task;
  }
}

import { loadWeight, type Task } from './task.js';

/** What the fair class gives a task before another's turn may come, ns. */
export const FAIR_SLICE = 2_800_000;
const NICE_0 = 1024;

/**
 * A CPU's queue of the fair class, after the published description of EEVDF (Stoica and Abdel-Wahab 1995,
 * Documentation/scheduler/sched-eevdf.rst): each task has a virtual time that passes in inverse proportion to its weight; of those
 * that have had no more than their due, the one with the earliest virtual deadline runs. No groups, no delayed dequeue.
 */
export class FairQueue {
  /** Tasks that wait. */
  readonly tasks: Task[] = [];
  /** Weighted mean of virtual times as of the last change; tasks that come get it. */
  private zero = 0;

  get count(): number {
    return this.tasks.length;
  }

  /** A task becomes runnable here: it comes with what it was owed when it left, bounded by two slices. */
  arrive(task: Task, current: Task | null): void {
    task.fairVtime = this.mean(current) - clampLag(task.fairVtime, task);
    task.fairDeadline = task.fairVtime + virtual(FAIR_SLICE, task);
    this.tasks.push(task);
  }

  /** What it is owed when it stops being runnable here. */
  leave(task: Task, current: Task | null): void {
    task.fairVtime = this.mean(current) - task.fairVtime;
  }

  add(task: Task): void {
    this.tasks.push(task);
  }

  remove(task: Task): void {
    this.tasks.splice(this.tasks.indexOf(task), 1);
  }

  /** sched_yield(): it has used its turn up. */
  yieldTo(task: Task): void {
    task.fairVtime = Math.max(task.fairVtime, this.mean(task));
    task.fairDeadline += virtual(FAIR_SLICE, task);
  }

  /** The one to run; `current` is runnable and not in the queue. */
  pick(current: Task | null): Task | null {
    const mean = this.mean(current);
    let best: Task | null = current && current.fairVtime <= mean ? current : null;
    for (const task of this.tasks)
      if (task.fairVtime <= mean && (!best || task.fairDeadline < best.fairDeadline)) best = task;
    return best ?? this.tasks[0] ?? current;
  }

  /** Lets `ns` of running pass. */
  charge(task: Task, ns: number): void {
    task.fairVtime += virtual(ns, task);
    if (task.fairVtime >= task.fairDeadline) {
      task.fairDeadline = task.fairVtime + virtual(FAIR_SLICE, task);
      task.fairSlice = 0;
    }
  }

  mean(current: Task | null): number {
    let weights = 0;
    let sum = 0;
    const one = (task: Task): void => {
      const weight = loadWeight(task.policy, task.nice);
      weights += weight;
      sum += weight * (task.fairVtime - this.zero);
    };
    for (const task of this.tasks) one(task);
    if (current) one(current);
    if (weights > 0) this.zero += sum / weights;
    return this.zero;
  }
}

function virtual(ns: number, task: Task): number {
  return (ns * NICE_0) / loadWeight(task.policy, task.nice);
}

function clampLag(lag: number, task: Task): number {
  const most = virtual(2 * FAIR_SLICE, task);
  return Math.max(-most, Math.min(most, lag));
}

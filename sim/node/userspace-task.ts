import type { Clock, Repeating } from '../../native/runtime/backend.js';
import { UPTIME } from '../kernel/calls-cpu.js';
import { Timer } from '../kernel/events.js';
import type { Kernel } from '../kernel/kernel.js';
import { fork, wake } from '../kernel/life.js';
import { Changed, type Behaviour, type Step, type Task } from '../kernel/task.js';

const MS = 1e6;

/**
 * The process of the userspace half: a task of the modelled machine. Its timers wake it, and what they call runs when the
 * scheduler has given it a CPU.
 */
export class UserspaceTask implements Behaviour {
  readonly task: Task;
  /** It has done something: promises may go on. */
  turn = false;
  private readonly due: (() => void)[] = [];
  /** CPU time that it is to take besides, ns. */
  private owed = 0;

  constructor(
    private readonly kernel: Kernel,
    parent: Task,
  ) {
    this.task = fork(kernel, parent, { comm: 'scxts', behaviour: this, asleep: true })!;
    // The half tells the scheduler its own process id: that of this process.
    this.task.tgid = process.pid;
    this.task.memory.changed(this.task, Changed.ALL);
  }

  /** What it has just done took so much longer, ns. */
  compute(ns: number): void {
    this.owed += ns;
  }

  next(): Step {
    if (this.owed > 0) {
      const work = this.owed;
      this.owed = 0;
      return { do: 'run', work };
    }
    const run = this.due.shift();
    if (!run) return { do: 'sleep', until: Infinity };
    run();
    this.turn = true;
    return { do: 'run', work: this.kernel.costs.userspace };
  }

  /** Lets the half do something as soon as it gets a CPU. */
  later(run: () => void): void {
    this.due.push(run);
    wake(this.kernel, this.task);
  }

  /** Virtual time for the runtime and for components. */
  readonly clock: Clock = {
    every: (ms, run): Repeating => {
      let waiting = false;
      const timer = new Timer(() => {
        this.kernel.events.arm(timer, this.kernel.now + ms * MS);
        // As setInterval(): one that is late is not made up for.
        if (waiting) return;
        waiting = true;
        this.wakeFromTimer(() => {
          waiting = false;
          if (timer.armed) run();
        });
      });
      this.kernel.events.arm(timer, this.kernel.now + ms * MS);
      const keeps = (): void => undefined;
      return { stop: () => void this.kernel.events.cancel(timer), ref: keeps, unref: keeps };
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = new Timer(() => this.wakeFromTimer(resolve));
        this.kernel.events.arm(timer, this.kernel.now + ms * MS);
      }),
    now: () => (UPTIME + this.kernel.now) / MS,
  };

  private wakeFromTimer(run: () => void): void {
    const { kernel, task } = this;
    kernel.here = kernel.cpus[kernel.online.has(task.cpu) ? task.cpu : kernel.online.first()]!;
    this.later(run);
  }
}

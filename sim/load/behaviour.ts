import { SimError } from '../errors.js';
import { setAffinity, setCgroup, setNice, setPolicy } from '../kernel/change.js';
import { CpuMask } from '../kernel/cpumask.js';
import type { Kernel } from '../kernel/kernel.js';
import { wake } from '../kernel/life.js';
import { Wake } from '../kernel/scheduler.js';
import type { Behaviour, Step, Task } from '../kernel/task.js';
import type { Random } from '../random.js';
import type { Draw, Group, Op } from './program.js';

/** What tasks of a load share. */
export class Shared {
  readonly semaphores = new Map<string, { tokens: number; waiters: Task[] }>();
  readonly barriers = new Map<string, Task[]>();
  readonly locks = new Map<string, { owner: Task | null; waiters: Task[] }>();

  constructor(
    readonly kernel: Kernel,
    /** Starts `count` tasks of a group as children of one. */
    readonly start: (group: string, count: number, parent: Task) => void,
    readonly cgroup: (path: string) => Task['cgroup'],
  ) {}
}

export function draw(time: Draw, random: Random): number {
  if (time.kind === 'fixed') return time.ns;
  if (time.kind === 'between') return time.least + random.below(time.most - time.least + 1);
  return random.gap(time.mean);
}

/** One task's way through the steps of its group. */
export class Script implements Behaviour {
  private at = 0;
  private readonly rounds: number[];
  private startedAt = -1;
  private arrival = -1;

  constructor(
    private readonly group: Group,
    private readonly shared: Shared,
    private readonly random: Random,
  ) {
    this.rounds = group.ops.map(() => 0);
  }

  next(p: Task): Step {
    const { kernel } = this.shared;
    if (this.startedAt < 0) this.startedAt = this.arrival = kernel.now;
    for (;;) {
      const op = this.group.ops[this.at]!;
      if (op.op === 'again') {
        const round = ++this.rounds[this.at]!;
        if (round < op.times) this.at = op.to;
        else this.rounds[this.at++] = 0;
        // One step of the caller's for each round, so that a loop without work is noticed.
        return { do: 'run', work: 0 };
      }
      this.at++;
      const step = this.carryOut(op, p);
      if (step) return step;
    }
  }

  /** What the kernel is to do; undefined: it was done. */
  private carryOut(op: Exclude<Op, { op: 'again' }>, p: Task): Step | undefined {
    const { kernel } = this.shared;
    switch (op.op) {
      case 'run':
        return { do: 'run', work: draw(op.time, this.random) };
      case 'sleep':
        return { do: 'sleep', until: kernel.now + draw(op.time, this.random) };
      case 'until':
        return op.ns > kernel.now ? { do: 'sleep', until: op.ns } : undefined;
      case 'period': {
        const done = Math.floor((this.arrival - this.startedAt) / op.ns);
        this.arrival = this.startedAt + (done + 1) * op.ns;
        return this.arrival > kernel.now ? { do: 'sleep', until: this.arrival } : undefined;
      }
      case 'poisson':
        this.arrival += this.random.gap(op.mean);
        return this.arrival > kernel.now ? { do: 'sleep', until: this.arrival } : undefined;
      case 'yield':
        return { do: 'yield' };
      case 'exit':
        return { do: 'exit' };
      case 'wait':
        return this.wait(op.name, p);
      case 'wake':
        return this.post(op.name, op.count, op.sync);
      case 'barrier':
        return this.barrier(op.name, op.of, p);
      case 'lock':
        return this.lock(op.name, p);
      case 'unlock':
        return this.unlock(op.name, p);
      case 'fork':
        return void this.shared.start(op.group, op.count, p);
      case 'nice':
        return void setNice(kernel, p, op.nice);
      case 'cpus':
        return void setAffinity(kernel, p, CpuMask.of(kernel.machine.cpus, op.cpus));
      case 'cgroup':
        return void setCgroup(kernel, p, this.shared.cgroup(op.path));
      case 'policy':
        return void setPolicy(kernel, p, op.policy, op.priority);
    }
  }

  private wait(name: string, p: Task): Step | undefined {
    const semaphore = semaphoreOf(this.shared, name);
    if (semaphore.tokens > 0) {
      semaphore.tokens--;
      return undefined;
    }
    semaphore.waiters.push(p);
    return { do: 'sleep', until: Infinity };
  }

  private post(name: string, count: number, sync: boolean): undefined {
    const semaphore = semaphoreOf(this.shared, name);
    for (let i = 0; i < count; i++) {
      const waiter = semaphore.waiters.shift();
      if (waiter) wake(this.shared.kernel, waiter, sync ? Wake.SYNC : 0);
      else semaphore.tokens++;
    }
  }

  private barrier(name: string, of: number, p: Task): Step | undefined {
    let waiting = this.shared.barriers.get(name);
    if (!waiting) this.shared.barriers.set(name, (waiting = []));
    if (waiting.length + 1 < of) {
      waiting.push(p);
      return { do: 'sleep', until: Infinity };
    }
    this.shared.barriers.delete(name);
    for (const waiter of waiting) wake(this.shared.kernel, waiter);
    return undefined;
  }

  private lock(name: string, p: Task): Step | undefined {
    const lock = lockOf(this.shared, name);
    if (lock.owner === null) {
      lock.owner = p;
      return undefined;
    }
    if (lock.owner === p)
      throw new SimError('SIM_LOAD', `${p} waits for lock '${name}', which it holds itself`);
    lock.waiters.push(p);
    return { do: 'sleep', until: Infinity };
  }

  private unlock(name: string, p: Task): undefined {
    const lock = lockOf(this.shared, name);
    if (lock.owner !== p)
      throw new SimError('SIM_LOAD', `${p} unlocks '${name}', which it does not hold`);
    const next = lock.waiters.shift() ?? null;
    lock.owner = next;
    if (next) wake(this.shared.kernel, next);
  }
}

function semaphoreOf(shared: Shared, name: string): { tokens: number; waiters: Task[] } {
  let semaphore = shared.semaphores.get(name);
  if (!semaphore) shared.semaphores.set(name, (semaphore = { tokens: 0, waiters: [] }));
  return semaphore;
}

function lockOf(shared: Shared, name: string): { owner: Task | null; waiters: Task[] } {
  let lock = shared.locks.get(name);
  if (!lock) shared.locks.set(name, (lock = { owner: null, waiters: [] }));
  return lock;
}

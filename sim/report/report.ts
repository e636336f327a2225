import type { Kernel } from '../kernel/kernel.js';
import { charge } from '../kernel/account.js';
import { extWeight, type Task } from '../kernel/task.js';
import type { RunningLoad } from '../load/start.js';
import { Latencies, type Quantiles } from './latency.js';
import { dueShares } from './due.js';

/** Times in ns, shares of all CPU time that there was. */
export interface GroupReport {
  name: string;
  tasks: number;
  /** CPU time of all its tasks. */
  cpuTime: number;
  share: number;
  /** What would be fair: by weight, no more than was wanted. */
  due: number;
  /** From being woken until running. */
  latency: Quantiles;
  /** From being woken until it sleeps again. */
  response: Quantiles;
  /** What its tasks have done, in ns of the fastest CPU at its highest frequency. */
  work: number;
  /** Runnable and not running, of the time that its tasks could have run. */
  wait: number;
  longestWait: number;
  migrations: number;
  preemptions: number;
  /** Its tasks were runnable all the time. */
  always: boolean;
  /** Of its tasks that are runnable all the time: largest difference from the mean CPU time, of it. */
  spread: number;
}

export interface CpuReport {
  id: number;
  /** Of the time. */
  busy: number;
  switches: number;
  /** The kernel's and the scheduler's own time, of the time. */
  overhead: number;
  /** uJ; 0 if nothing is known of power. */
  energy: number;
}

export interface CallbackReport {
  name: string;
  calls: number;
  instructions: number;
  ns: number;
}

/** Gathers what a run shows; made before anything happens. */
export class Recorder {
  private readonly latencies = new Map<string, Latencies>();
  private readonly responses = new Map<string, Latencies>();

  constructor(
    private readonly kernel: Kernel,
    private readonly load: RunningLoad,
  ) {
    for (const { name } of load.groups) {
      this.latencies.set(name, new Latencies());
      this.responses.set(name, new Latencies());
    }
    kernel.hooks.latency = (p, ns) => this.latencies.get(p.group)?.add(ns);
    kernel.hooks.response = (p, ns) => this.responses.get(p.group)?.add(ns);
  }

  /** Accounts what runs at this moment. */
  settle(): void {
    for (const cpu of this.kernel.cpus) charge(this.kernel, cpu);
  }

  groups(): GroupReport[] {
    const { kernel, load } = this;
    const time = kernel.now * kernel.machine.cpus;
    const due = dueShares(kernel, load);
    return load.groups.map((group) => {
      const tasks = load.tasks.get(group.name)!;
      const sum = (of: (p: Task) => number): number => tasks.reduce((n, p) => n + of(p), 0);
      const cpuTime = sum((p) => p.stats.ran);
      const waited = sum((p) => p.stats.waited + waitingNow(kernel, p));
      const longest = tasks.map((p) => Math.max(p.stats.longestWait, waitingNow(kernel, p)));
      return {
        ...{ name: group.name, tasks: tasks.length, cpuTime },
        share: time > 0 ? cpuTime / time : 0,
        due: due.get(group.name) ?? 0,
        latency: this.latencies.get(group.name)!.summary(),
        response: this.responses.get(group.name)!.summary(),
        work: sum((p) => p.stats.work),
        wait: cpuTime + waited > 0 ? waited / (cpuTime + waited) : 0,
        longestWait: Math.max(0, ...longest),
        migrations: sum((p) => p.stats.migrations),
        preemptions: sum((p) => p.stats.preemptions),
        always: tasks.length > 0 && tasks.every((p) => !p.dead && p.stats.wakeups === 0),
        spread: spreadOf(tasks),
      };
    });
  }

  cpus(): CpuReport[] {
    const { now } = this.kernel;
    return this.kernel.cpus.map((cpu) => ({
      ...{ id: cpu.id, switches: cpu.switches, energy: cpu.energyUj },
      busy: now > 0 ? cpu.busy / now : 0,
      overhead: now > 0 ? cpu.overheadTotal / now : 0,
    }));
  }

  callbacks(): CallbackReport[] {
    return [...this.kernel.callbackStats]
      .map(([name, stats]) => ({ name, ...stats }))
      .sort((a, b) => b.ns - a.ns || (a.name < b.name ? -1 : 1));
  }
}

/** How long a task has been waiting at this moment. */
export function waitingNow(kernel: Kernel, p: Task): number {
  return p.onQueue && kernel.cpus[p.cpu]!.current !== p ? kernel.now - p.since : 0;
}

function spreadOf(tasks: readonly Task[]): number {
  const always = tasks.filter((p) => !p.dead && p.stats.wakeups === 0);
  if (always.length < 2) return 0;
  const mean = always.reduce((n, p) => n + p.stats.ran, 0) / always.length;
  if (mean === 0) return 0;
  return Math.max(...always.map((p) => Math.abs(p.stats.ran - mean))) / mean;
}

/** Weight of a task as fairness counts it. */
export function fairWeight(p: Task): number {
  return extWeight(p.policy, p.nice);
}

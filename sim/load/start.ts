import { SimError } from '../errors.js';
import { setAffinity, setCgroup, setNice, setPolicy } from '../kernel/change.js';
import { setBandwidth, setCgroupIdle, setCgroupWeight } from '../kernel/cgroup-change.js';
import type { Cgroup } from '../kernel/cgroup.js';
import { CpuMask } from '../kernel/cpumask.js';
import { Timer } from '../kernel/events.js';
import { setOnline } from '../kernel/hotplug.js';
import type { Kernel } from '../kernel/kernel.js';
import { fork } from '../kernel/life.js';
import type { Task } from '../kernel/task.js';
import { Random } from '../random.js';
import { draw, Script, Shared } from './behaviour.js';
import { cpusOf, groupsOf, niceOf, pathOf, policyOf, priorityOf } from './check.js';
import type { Load, LoadEvent } from './description.js';
import { nsOf, type Duration } from './duration.js';
import type { Group } from './program.js';

/** A load on a kernel. */
export class RunningLoad {
  readonly groups: readonly Group[];
  /** Tasks by group, also those that are gone. */
  readonly tasks = new Map<string, Task[]>();
  /** Forks that the scheduler refused. */
  refused = 0;
  private readonly shared: Shared;
  private readonly random: Random;
  private readonly leaders = new Map<string, Task>();

  /** Checks it all before anything happens. `shell` is the parent of what starts by itself. */
  constructor(
    private readonly kernel: Kernel,
    load: Load,
    private readonly shell: Task,
    seed: number,
  ) {
    const cpus = kernel.machine.cpus;
    this.random = new Random(seed);
    this.groups = groupsOf(load, cpus);
    for (const group of this.groups) this.tasks.set(group.name, []);
    this.shared = new Shared(
      kernel,
      (group, count, parent) => this.startSome(group, count, parent),
      (path) => this.cgroupAt(path),
    );
    for (const c of load.cgroups ?? []) {
      const cgroup = this.cgroupAt(pathOf(c.path, 'cgroups'));
      if (c.weight !== undefined) setCgroupWeight(kernel, cgroup, weightOf(c.weight));
      if (c.max) setBandwidth(kernel, cgroup, ...maxOf(c.max));
      if (c.idle !== undefined) setCgroupIdle(kernel, cgroup, c.idle);
    }
    for (const group of this.groups) this.cgroupAt(group.cgroup);
    const actions = (load.events ?? []).map((event, i) => this.actionOf(event, `events[${i}]`));
    for (const { at, run } of actions) kernel.events.arm(new Timer(run), at);
    for (const group of this.groups) this.plan(group);
  }

  private plan(group: Group): void {
    if (!group.start) return;
    let at = this.kernel.now + draw(group.start, this.random);
    for (let i = 0; i < group.count; i++) {
      this.kernel.events.arm(new Timer(() => this.startOne(group, this.shell)), at);
      at += draw(group.apart, this.random);
    }
  }

  private startSome(name: string, count: number, parent: Task): void {
    const group = this.groups.find((g) => g.name === name)!;
    for (let i = 0; i < count; i++) this.startOne(group, parent);
  }

  private startOne(group: Group, parent: Task): void {
    const { kernel } = this;
    const started = this.tasks.get(group.name)!;
    kernel.here ??=
      kernel.cpus[kernel.online.has(parent.cpu) ? parent.cpu : kernel.online.first()]!;
    const { nice, policy, priority, kernelThread } = group;
    const task = fork(kernel, parent, {
      ...{ nice, policy, priority, kernelThread, group: group.name },
      comm: group.name.slice(0, 15),
      ...(group.cpus && { mask: CpuMask.of(kernel.machine.cpus, group.cpus) }),
      ...(group.threads && this.leaders.has(group.name)
        ? { tgid: this.leaders.get(group.name)!.pid }
        : {}),
      cgroup: this.cgroupAt(group.cgroup),
      behaviour: new Script(group, this.shared, this.random.fork(started.length)),
    });
    if (!task) {
      this.refused++;
      return;
    }
    if (group.threads && !this.leaders.has(group.name)) this.leaders.set(group.name, task);
    started.push(task);
  }

  private cgroupAt(path: string): Cgroup {
    let cgroup = this.kernel.root;
    for (const name of path.split('/').filter(Boolean))
      cgroup = cgroup.children.find((c) => c.name === name) ?? this.kernel.addCgroup(name, cgroup);
    return cgroup;
  }

  private actionOf(event: LoadEvent, what: string): { at: number; run: () => void } {
    const { kernel } = this;
    const { cpus } = kernel.machine;
    const at = nsOf(event.at, `${what}.at`);
    if ('cpu' in event) {
      const [cpu] = cpusOf([event.cpu], cpus, what);
      return { at, run: () => setOnline(kernel, cpu!, event.online) };
    }
    if ('task' in event) {
      if (!this.tasks.has(event.task))
        throw new SimError('SIM_LOAD', `${what}: there are no tasks '${event.task}'`);
      const each = (act: (p: Task) => void) => ({
        at,
        run: () => {
          for (const p of this.tasks.get(event.task)!) if (!p.dead) act(p);
        },
      });
      if ('nice' in event) {
        const nice = niceOf(event.nice, what);
        return each((p) => setNice(kernel, p, nice));
      }
      if ('cpus' in event) {
        const set = cpusOf(event.cpus, cpus, what);
        return each((p) => setAffinity(kernel, p, CpuMask.of(cpus, set)));
      }
      if ('cgroup' in event) {
        const path = pathOf(event.cgroup, what);
        return each((p) => void setCgroup(kernel, p, this.cgroupAt(path)));
      }
      const policy = policyOf(event.policy, what);
      const priority = priorityOf(policy, event.priority, what);
      return each((p) => setPolicy(kernel, p, policy, priority));
    }
    const path = pathOf(event.cgroup, what);
    const on = (act: (c: Cgroup) => void) => ({ at, run: () => act(this.cgroupAt(path)) });
    if ('weight' in event) {
      const weight = weightOf(event.weight);
      return on((c) => setCgroupWeight(kernel, c, weight));
    }
    if ('max' in event) {
      const [quota, period] = maxOf(event.max);
      return on((c) => setBandwidth(kernel, c, quota, period));
    }
    if ('idle' in event) return on((c) => setCgroupIdle(kernel, c, event.idle));
    throw new SimError(
      'SIM_LOAD',
      `${what}: ${JSON.stringify(event)} says nothing that can happen`,
    );
  }
}

function weightOf(weight: unknown): number {
  if (typeof weight === 'number' && Number.isInteger(weight) && weight >= 1 && weight <= 10_000)
    return weight;
  throw new SimError('SIM_LOAD', `cpu.weight is ${String(weight)}, not from 1 to 10000`);
}

/** us. */
function maxOf([quota, period]: readonly [Duration | 'max', Duration]): [number, number] {
  const us = (value: Duration): number => Math.round(nsOf(value, 'cpu.max') / 1000);
  return [quota === 'max' ? Infinity : us(quota), us(period)];
}

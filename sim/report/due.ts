import type { Kernel } from '../kernel/kernel.js';
import type { RunningLoad } from '../load/start.js';
import type { Task } from '../kernel/task.js';
import { fairWeight } from './report.js';

/**
 * Which share of the machine's CPU time each group is due: every task gets time in proportion to its weight, and none more
 * than it wants. What one leaves goes to the others. Affinity and cgroups are left out.
 */
export function dueShares(kernel: Kernel, load: RunningLoad): Map<string, number> {
  const time = kernel.now;
  const capacity = kernel.online.size * time;
  const open = [...load.tasks.values()].flat().map((p) => ({
    ...{ group: p.group, weight: fairWeight(p) },
    wanted: wantedBy(p, time),
  }));
  const given = new Map<string, number>();
  const give = (group: string, ns: number): void =>
    void given.set(group, (given.get(group) ?? 0) + ns);
  let left = capacity;
  let weights = open.reduce((n, t) => n + t.weight, 0);
  // Those that want least for their weight are satisfied first.
  open.sort((a, b) => a.wanted / a.weight - b.wanted / b.weight);
  for (const task of open) {
    const share = Math.min(task.wanted, (left * task.weight) / weights);
    give(task.group, share);
    left -= share;
    weights -= task.weight;
  }
  const total = time * kernel.machine.cpus;
  return new Map([...given].map(([group, ns]) => [group, total > 0 ? ns / total : 0]));
}

/** CPU time that a task would take if it never waited: as large a part of its life as it is of its time not waiting. */
function wantedBy(p: Task, now: number): number {
  const { ran, slept, bornAt } = p.stats;
  if (p.dead) return ran;
  const asleep = p.onQueue ? slept : slept + (now - p.since);
  const active = ran + asleep;
  return active > 0 ? ((now - bornAt) * ran) / active : now - bornAt;
}

import type * as FastCheck from 'fast-check';
import type { LoadEvent, Step, TaskGroup } from '../load/description.js';
import type { MachineDescription } from '../machine/machine.js';

/** One case of a search: a machine, what it has to do, and the order of things at equal times. */
export interface Scenario {
  machine: MachineDescription;
  tasks: TaskGroup[];
  events: LoadEvent[];
  seed: number;
  shuffle: number;
}

export interface ScenarioLimits {
  /** CPUs of the largest machine. */
  cpus: number;
  /** ns. */
  duration: number;
  /** CPUs may come and go. */
  hotplug: boolean;
  /** Tasks may be bound to CPUs: what is due does not count that. */
  affinity: boolean;
}

const us = (n: number): string => `${n}us`;

/**
 * What a search draws its cases from. Small numbers first: a failure is shrunk towards few CPUs, few tasks, no events.
 */
export function scenarios(
  fc: typeof FastCheck,
  limits: ScenarioLimits,
): FastCheck.Arbitrary<Scenario> {
  const machine = fc
    .record({
      cores: fc.integer({ min: 1, max: limits.cpus }),
      smt: fc.boolean(),
      llcs: fc.boolean(),
    })
    .map(({ cores, smt, llcs }): MachineDescription => {
      const threads = smt && cores % 2 === 0 ? 2 : 1;
      const physical = cores / threads;
      return {
        cpus: cores,
        ...(threads > 1 && { threads }),
        ...(llcs && physical % 2 === 0 && { llcs: 2 }),
      };
    });
  return machine.chain((m) =>
    fc
      .record({
        machine: fc.constant(m),
        tasks: fc
          .array(group(fc, m.cpus!, limits), { minLength: 1, maxLength: 4 })
          .map((groups) => groups.map((g, i) => ({ ...g, name: `t${i}` }))),
        events: fc.array(event(fc, m.cpus!, limits), { maxLength: 6 }),
        seed: fc.integer({ min: 1, max: 1000 }),
        shuffle: fc.nat({ max: 1000 }),
      })
      .map(({ events, ...rest }) => ({ ...rest, events: inReach(events, rest.tasks) })),
  );
}

/** Events that name a group of the load, and one of CPUs only where another stays. */
function inReach(events: LoadEvent[], tasks: readonly TaskGroup[]): LoadEvent[] {
  return events.map((e) =>
    'task' in e ? { ...e, task: `t${Number(e.task.slice(1)) % tasks.length}` } : e,
  );
}

function cpuSet(fc: typeof FastCheck, cpus: number): FastCheck.Arbitrary<number[]> {
  return fc
    .uniqueArray(fc.integer({ min: 0, max: cpus - 1 }), { minLength: 1, maxLength: cpus })
    .map((list) => list.sort((a, b) => a - b));
}

function group(
  fc: typeof FastCheck,
  cpus: number,
  { affinity }: ScenarioLimits,
): FastCheck.Arbitrary<TaskGroup> {
  const run = fc.integer({ min: 10, max: 30_000 }).map((n): Step => ({ run: us(n) }));
  const step: FastCheck.Arbitrary<Step> = fc.oneof(
    { weight: 4, arbitrary: run },
    { weight: 4, arbitrary: fc.integer({ min: 10, max: 20_000 }).map((n) => ({ sleep: us(n) })) },
    { weight: 1, arbitrary: fc.constant({ yield: true } as const) },
    { weight: 1, arbitrary: fc.integer({ min: -20, max: 19 }).map((nice) => ({ nice })) },
    {
      weight: 1,
      arbitrary: cpuSet(fc, cpus).map((set): Step => (affinity ? { cpus: set } : { yield: true })),
    },
    { weight: 1, arbitrary: fc.constant({ wake: 'a', sync: true }) },
  );
  return fc
    .record({
      count: fc.integer({ min: 1, max: 6 }),
      // The run in front keeps every loop from standing still.
      loop: fc.option(fc.tuple(run, fc.array(step, { maxLength: 4 })), { nil: undefined }),
      nice: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -20, max: 19 })),
      cpus: fc.option(cpuSet(fc, cpus), { nil: undefined, freq: 3 }),
      start: fc.integer({ min: 0, max: 50_000 }),
      times: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 4 }),
      realtime: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ count, loop, nice, cpus: set, start, times, realtime }): TaskGroup => {
      // RT tasks that never sleep leave nothing to anybody: theirs is a short run and a longer sleep.
      const rt = realtime === 9;
      const steps: Step[] | undefined = rt
        ? [{ run: '300us' }, { sleep: '5ms' }]
        : loop && [loop[0], ...loop[1]];
      return {
        ...{ name: '', count, nice },
        ...(steps ? { loop: steps, ...(times !== undefined && { times }) } : { run: 'forever' }),
        ...(set && affinity && { cpus: set }),
        ...(start > 0 && { start: us(start) }),
        ...(rt && { policy: 'fifo' as const, priority: 1 }),
      };
    });
}

function event(
  fc: typeof FastCheck,
  cpus: number,
  limits: ScenarioLimits,
): FastCheck.Arbitrary<LoadEvent> {
  const at = fc.integer({ min: 1, max: Math.floor(limits.duration / 1000) }).map(us);
  const task = fc.nat({ max: 3 }).map((n) => `t${n}`);
  const kinds: FastCheck.Arbitrary<LoadEvent>[] = [
    fc.record({ at, task, nice: fc.integer({ min: -20, max: 19 }) }),
  ];
  if (limits.affinity) kinds.push(fc.record({ at, task, cpus: cpuSet(fc, cpus) }));
  if (limits.affinity && limits.hotplug && cpus > 1)
    kinds.push(fc.record({ at, cpu: fc.integer({ min: 1, max: cpus - 1 }), online: fc.boolean() }));
  return fc.oneof(...kinds);
}

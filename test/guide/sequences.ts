// In which order the kernel calls a scheduler: taken from runs of the model kernel with the guide's scheduler that has every callback.
import { MODEL_KERNELS, Simulation, type SimulateOptions } from '../../sim/index.js';
import type { ObjectBytes } from '../../sim/run/run.js';

/** One call: of which callback, and about which task; '' where it is about none. */
export interface Call {
  callback: string;
  task: string;
  /** The first kernel that makes this call, where older ones do not. */
  since?: string;
}
export interface Sequence {
  title: string;
  calls: Call[];
}

interface Scenario {
  title: string;
  options: SimulateOptions;
  /** Not before this time, ms. */
  after?: number;
  /** 'callback task': the first call that is shown; without it, all since `after`. */
  first?: string;
  /** The last one. */
  last: string;
  /** Calls about other tasks are left out. */
  tasks: readonly string[];
  /** Callbacks that are left out. */
  without?: readonly string[];
}

const machine = (cpus: number): SimulateOptions => ({ duration: '400ms', machine: { cpus } });
const hog = (name: string) => ({ name, run: 'forever' }) as const;
const sleeper = { name: 'A', first: [{ sleep: '100ms' }], run: 'forever' } as const;

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'The scheduler is attached; A is there already',
    options: { ...machine(1), tasks: [] },
    ...{ after: -1, first: 'init ', last: 'set_cpumask sh', tasks: ['sh', ''] },
  },
  {
    title: 'A is started, and a CPU is idle',
    options: { ...machine(2), tasks: [hog('A')] },
    ...{ first: 'init_task A', last: 'running A', tasks: ['A', ''] },
  },
  {
    title: 'A wakes up, and a CPU is idle',
    options: { ...machine(2), tasks: [sleeper] },
    ...{ after: 50, first: 'select_cpu A', last: 'running A', tasks: ['A'] },
  },
  {
    title: 'A wakes up, and no CPU is idle',
    options: { ...machine(2), tasks: [hog('B'), { ...hog('C'), cpus: '1' }, sleeper] },
    ...{ after: 50, first: 'select_cpu A', last: 'running A', tasks: ['A', 'B'] },
  },
  {
    title: "A's slice is over, and B waits",
    options: { ...machine(1), tasks: [hog('A'), hog('B')] },
    ...{ after: 100, first: 'dispatch A', last: 'running B', tasks: ['A', 'B'] },
  },
  {
    title: "A's slice is over, and nobody waits: A goes on",
    options: { ...machine(1), tasks: [hog('A')] },
    ...{ after: 100, first: 'dispatch A', last: 'dispatch A', tasks: ['A'] },
  },
  {
    title: 'A goes to sleep, and B waits',
    options: {
      ...machine(1),
      tasks: [{ name: 'A', loop: [{ run: '5ms' }, { sleep: 'forever' }] }, hog('B')],
    },
    ...{ first: 'stopping A', last: 'running B', tasks: ['A', 'B'] },
  },
  {
    title: 'A exits',
    options: { ...machine(1), tasks: [{ name: 'A', run: '5ms' }] },
    ...{ first: 'stopping A', last: 'exit_task A', tasks: ['A'], without: ['dispatch'] },
  },
  {
    title: 'The nice value of A changes while it runs',
    options: {
      ...machine(1),
      tasks: [hog('A')],
      events: [{ at: '101ms', task: 'A', nice: 5 }],
    },
    ...{ after: 101, first: 'stopping A', last: 'running A', tasks: ['A'] },
  },
  {
    title: 'The affinity of A changes while it waits',
    options: {
      ...machine(1),
      tasks: [hog('B'), { ...hog('A'), start: '1ms' }],
      events: [{ at: '2ms', task: 'A', cpus: '0' }],
    },
    ...{ after: 1.9, last: 'enqueue A', tasks: ['A'] },
  },
  {
    title: 'A real-time task takes the CPU from A, and gives it back',
    options: {
      ...machine(1),
      tasks: [
        hog('A'),
        { name: 'R', policy: 'fifo', priority: 5, first: [{ sleep: '50ms' }], run: '5ms' },
      ],
    },
    ...{ after: 40, first: 'stopping A', last: 'running A', tasks: ['A', 'R', ''] },
    without: ['exit_task'],
  },
  {
    title: 'A CPU is taken away, and comes back',
    options: {
      ...machine(2),
      tasks: [],
      events: [
        { at: '100ms', cpu: 1, online: false },
        { at: '200ms', cpu: 1, online: true },
      ],
    },
    ...{ first: 'cpu_offline ', last: 'cpu_online ', tasks: [''], without: ['dispatch'] },
  },
  {
    title: 'The scheduler is detached',
    options: { ...machine(1), tasks: [] },
    ...{ after: 300, first: 'disable sh', last: 'exit ', tasks: ['sh', ''], without: ['dispatch'] },
  },
];

async function callsOf(object: ObjectBytes, kernel: string, scenario: Scenario): Promise<Call[]> {
  const simulation = await Simulation.prepare({ ...scenario.options, kernel });
  const model = simulation.machine.kernel;
  const all: (Call & { at: number })[] = [];
  const enter = model.enter.bind(model);
  model.enter = (cpu, callback, task) => {
    all.push({ callback, task: task?.comm ?? '', at: model.now / 1e6 });
    enter(cpu, callback, task);
  };
  await simulation.machine.attach(object.bytes, object.name, {});
  simulation.run();
  simulation.finish();

  const left = (name: string): boolean => name === 'tick' || !!scenario.without?.includes(name);
  const calls = all
    .filter((c) => c.at >= (scenario.after ?? 0) && !left(c.callback))
    .filter((c) => scenario.tasks.includes(c.task));
  const is = (text: string) => (c: Call) => `${c.callback} ${c.task}` === text;
  const first = scenario.first === undefined ? 0 : calls.findIndex(is(scenario.first));
  const last = calls.findIndex((c, i) => i >= first && is(scenario.last)(c));
  if (first < 0 || last < 0)
    throw new Error(
      `${scenario.title}: no '${scenario.first ?? ''}' ... '${scenario.last}' in ${calls.map((c) => `${c.callback} ${c.task}`).join(', ')}`,
    );
  // A task that is there before the scheduler stands for all of them.
  return calls
    .slice(first, last + 1)
    .map(({ callback, task }) => ({ callback, task: task === 'sh' ? 'A' : task }));
}

/** Which calls of `newer` are in `older` too, in the same order: the longest common subsequence. */
function common(older: readonly Call[], newer: readonly Call[]): Set<number> {
  const same = (a: Call, b: Call): boolean => a.callback === b.callback && a.task === b.task;
  const length = older.map(() => newer.map(() => 0));
  const at = (i: number, j: number): number => length[i]?.[j] ?? 0;
  for (let i = older.length - 1; i >= 0; i--)
    for (let j = newer.length - 1; j >= 0; j--)
      length[i]![j] = same(older[i]!, newer[j]!)
        ? 1 + at(i + 1, j + 1)
        : Math.max(at(i + 1, j), at(i, j + 1));
  const found = new Set<number>();
  for (let i = 0, j = 0; i < older.length && j < newer.length;)
    if (same(older[i]!, newer[j]!)) {
      found.add(j++);
      i++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  return found;
}

const text = (calls: readonly Call[]): string =>
  calls.map((c) => `${c.callback} ${c.task}`).join(', ');

/**
 * The calls of the newest kernel, and since when there are those that the oldest leaves out. A kernel that makes calls
 * which the newest does not make, or of which there are more than two kinds, is an error: it could not be drawn.
 */
async function sequence(object: ObjectBytes, scenario: Scenario): Promise<Sequence> {
  const calls = await callsOf(object, MODEL_KERNELS.at(-1)!, scenario);
  const oldest = await callsOf(object, MODEL_KERNELS[0]!, scenario);
  const kept = common(oldest, calls);
  if (kept.size !== oldest.length)
    throw new Error(
      `${scenario.title}: Linux ${MODEL_KERNELS[0]} makes other calls: ${text(oldest)}`,
    );
  if (kept.size < calls.length) {
    let [old, current] = [0, MODEL_KERNELS.length - 1];
    while (current - old > 1) {
      const middle = (old + current) >> 1;
      const found = text(await callsOf(object, MODEL_KERNELS[middle]!, scenario));
      if (found === text(calls)) current = middle;
      else if (found === text(oldest)) old = middle;
      else
        throw new Error(`${scenario.title}: Linux ${MODEL_KERNELS[middle]} is a third: ${found}`);
    }
    for (const [i, call] of calls.entries()) if (!kept.has(i)) call.since = MODEL_KERNELS[current];
  }
  return { title: scenario.title, calls };
}

export async function sequences(object: ObjectBytes): Promise<Sequence[]> {
  const found: Sequence[] = [];
  for (const scenario of SCENARIOS) found.push(await sequence(object, scenario));
  return found;
}

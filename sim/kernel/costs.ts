/** What things take on the modelled machine, in ns unless the name says otherwise. A run's report names those in force. */
export interface Costs {
  /** One BPF instruction of a callback. */
  instruction: number;
  /** Entering and leaving a callback. */
  callback: number;
  /** Changing from one task to another. */
  contextSwitch: number;
  /** Looking for the next task, callbacks aside; also where the same one goes on. */
  schedule: number;
  /** What waking a task takes the waker, callbacks aside. */
  wakeup: number;
  /** Until another CPU notices that it is to schedule: an inter-processor interrupt. */
  interrupt: number;
  /** Until an idle CPU runs again. */
  idleExit: number;
  /** What a task that comes from another CPU with the same cache takes longer. */
  migration: number;
  /** From another last-level cache. */
  migrationCache: number;
  /** From another NUMA node. */
  migrationNode: number;
  /** The timer tick. */
  tick: number;
  /** What the userspace half takes each time that it does something. */
  userspace: number;
  /** Speed of a hyperthread whose sibling is busy, in thousandths of that of one alone. */
  smtSpeed: number;
}

interface CostRow {
  value: number;
  /** Where the figure comes from. */
  source: string;
}

/** The one table of costs; docs/sim.md shows it. */
export const COST_TABLE: Readonly<Record<keyof Costs, CostRow>> = {
  instruction: { value: 0.5, source: 'measured: BPF_PROG_TEST_RUN, 0.52 ns native' },
  callback: { value: 20, source: 'assumed: a trampoline and its two indirect calls' },
  schedule: {
    value: 300,
    source: 'assumed: __schedule() that changes nothing, as sched_yield() alone on a CPU',
  },
  contextSwitch: {
    value: 1000,
    source: 'assumed: about half of one of pipe round trips of two pinned tasks, x86-64',
  },
  wakeup: { value: 700, source: 'assumed: try_to_wake_up() in function-graph traces, x86-64' },
  interrupt: { value: 800, source: 'assumed: inter-processor interrupt, same socket' },
  idleExit: { value: 2000, source: 'assumed: C1, x86-64' },
  migration: { value: 500, source: 'assumed: refilling L1 and L2 of a small working set' },
  migrationCache: { value: 3000, source: 'assumed: refilling from another last-level cache' },
  migrationNode: { value: 6000, source: 'assumed: refilling from another node' },
  tick: { value: 500, source: 'assumed: timer interrupt with sched_ext ticks' },
  userspace: { value: 100_000, source: 'assumed: a pass of JavaScript' },
  smtSpeed: { value: 620, source: 'assumed: two hyperthreads together do 1.24 of one' },
};

export const DEFAULT_COSTS: Readonly<Costs> = Object.fromEntries(
  Object.entries(COST_TABLE).map(([name, row]) => [name, row.value]),
) as unknown as Costs;

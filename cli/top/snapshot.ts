/** What is told of a moment, and of the time since the one before. Times are ns, parts from 0 to 1. */
export interface Snapshot {
  scheduler: string;
  kernel: string;
  /** Time since the one before. */
  span: number;
  cpus: CpuNow[];
  /** Those that ran or waited lately. */
  tasks: TaskNow[];
  queues: { name: string; length: number; most: number }[];
  /** SCX_EV_*: how often since boot, how often a second, and that for the last moments. */
  events: { name: string; total: number; rate: number; rates: number[] }[];
  /** A second. */
  switches: number;
  wakeups: number;
  /** Events that there was no room for, in all. */
  dropped: number;
  /** What this costs itself, of a CPU. */
  cost: number;
}

export interface CpuNow {
  id: number;
  busy: number;
  /** Who runs there; '' is idle. */
  runs: string;
  /** Tasks that wait on it, in whatever queue. */
  waiting: number;
  /** How busy it was in the last moments. */
  history: number[];
}

export interface TaskNow {
  pid: number;
  name: string;
  process: number;
  /** Of a CPU. */
  share: number;
  /** From being woken or losing its CPU until running, in the last seconds. */
  p50: number;
  p99: number;
  waits: number;
  /** How long it has been waiting now, 0: it does not. */
  waiting: number;
  /** Changes of its CPU a second. */
  migrations: number;
}

export type SortKey = 'share' | 'p99' | 'p50' | 'waiting' | 'name';
export const SORTS: readonly SortKey[] = ['share', 'p99', 'p50', 'waiting', 'name'];

/** Tasks whose name or PID has a text, in an order; of equals the lower PID is first. */
export function chosen(tasks: readonly TaskNow[], sort: SortKey, filter: string): TaskNow[] {
  const wanted = filter.toLowerCase();
  return tasks
    .filter(({ name, pid }) => `${name} ${pid}`.toLowerCase().includes(wanted))
    .sort((a, b) =>
      sort === 'name'
        ? a.name.localeCompare(b.name) || a.pid - b.pid
        : b[sort] - a[sort] || b.share - a.share || a.pid - b.pid,
    );
}

/** Kinds of events, as cli/trace/bpf/tracer.ts numbers them. */
export const SWITCH = 0;
export const WAKEUP = 1;
export const WAKEUP_NEW = 2;
export const INSERT = 3;

export const DEFAULT_SCHEDULER = 'the default scheduler';

/** What the tracer tells; its `Event` says what the fields are. */
export interface TraceEvent {
  time: bigint;
  kind: number;
  cpu: number;
  pid: number;
  other: number;
  state: number;
  preempted: number;
  comm: string;
  dsq: bigint;
}

/** Everything that was recorded. */
export interface Recording {
  events: TraceEvent[];
  /** CLOCK_MONOTONIC, in ns. */
  begin: bigint;
  end: bigint;
  /** CPUs that were online. */
  cpus: number[];
  /** Names of tasks that no event tells. */
  names: Record<number, string>;
  /** The sched_ext scheduler, undefined if there was none. */
  scheduler?: string;
  /** Events that there was no room for. */
  dropped: number;
}

/** A time for which one task ran on a CPU, in µs since the recording began. */
export interface Slice {
  cpu: number;
  pid: number;
  start: number;
  end: number;
  /** Time from being ready to run until it did; undefined where its begin was not seen. */
  waited?: number;
  /** What made it ready. */
  cause?: string;
  /** The dispatch queue that a sched_ext scheduler put it into last before it ran. */
  queue?: string;
  /** The CPU that did so. */
  queuedBy?: number;
  /** Time from then until it ran. */
  queued?: number;
  /** Why it ran no longer. */
  ended: string;
}

export interface Timeline {
  scheduler: string;
  /** In µs. */
  length: number;
  dropped: number;
  cpus: number[];
  /** Name by pid. */
  tasks: Record<number, string>;
  slices: Slice[];
}

interface Ready {
  since: bigint;
  cause: string;
}

interface Insertion {
  since: bigint;
  queue: string;
  cpu: number;
}

/** enum scx_dsq_id_flags, include/linux/sched/ext.h: queues of the kernel itself have the highest bit. */
export function queueName(dsq: bigint): string {
  const kind = BigInt.asUintN(64, dsq) >> 62n;
  if (kind === 3n) return `SCX_DSQ_LOCAL_ON | ${dsq & 0xffff_ffffn}`;
  if (kind !== 2n) return `DSQ ${dsq}`;
  const id = dsq & 0xffff_ffffn;
  return { 1: 'SCX_DSQ_GLOBAL', 2: 'SCX_DSQ_LOCAL' }[Number(id)] ?? `built-in DSQ ${id}`;
}

/** task_struct.__state, include/linux/sched.h: what a task waits for. */
function stopReason(state: number, preempted: boolean): string {
  if (preempted) return 'preempted';
  if (state === 0) return 'yielded, or its slice ended';
  if (state & 0x80) return 'exited';
  if (state & 0x400 && state & 0x2) return 'sleeps (kernel, idle)';
  if (state & 0x2) return 'sleeps (uninterruptible)';
  if (state & 0x1) return 'sleeps';
  if (state & 0x4 || state & 0x8) return 'stopped';
  return `not runnable (state 0x${state.toString(16)})`;
}

const IDLE = 0;

/** Who ran where, from begin to end; time of a CPU that no slice covers is idle. */
export function timelineOf(recording: Recording): Timeline {
  const { begin, end, cpus } = recording;
  // Rings keep the order of reservation, which between CPUs is not quite that of time.
  const events = recording.events
    .filter((e) => e.time >= begin && e.time <= end)
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const micros = (time: bigint): number => Number(time - begin) / 1000;
  const tasks: Record<number, string> = {};
  for (const { pid, comm } of events) if (pid !== IDLE) tasks[pid] = comm;
  const nameOf = (pid: number): string => (tasks[pid] ??= recording.names[pid] ?? 'a task');
  const ready = new Map<number, Ready>();
  const inserted = new Map<number, Insertion>();
  const running = new Map<
    number,
    { pid: number; start: bigint; ready?: Ready; inserted?: Insertion }
  >();
  const seen = new Set<number>();
  const slices: Slice[] = [];

  const finish = (cpu: number, time: bigint, ended: string): void => {
    const run = running.get(cpu);
    running.delete(cpu);
    if (!run || run.pid === IDLE || time === run.start) return;
    const slice: Slice = { cpu, pid: run.pid, start: micros(run.start), end: micros(time), ended };
    if (run.ready) {
      slice.waited = Number(run.start - run.ready.since) / 1000;
      slice.cause = run.ready.cause;
    }
    if (run.inserted) {
      slice.queue = run.inserted.queue;
      slice.queuedBy = run.inserted.cpu;
      slice.queued = Number(run.start - run.inserted.since) / 1000;
    }
    slices.push(slice);
  };

  for (const e of events) {
    if (e.kind === INSERT) {
      inserted.set(e.pid, { since: e.time, queue: queueName(e.dsq), cpu: e.cpu });
      continue;
    }
    if (e.kind !== SWITCH) {
      const by =
        e.other === IDLE ? `an interrupt on CPU ${e.cpu}` : `${nameOf(e.other)} (${e.other})`;
      const verb = e.kind === WAKEUP_NEW ? 'started' : 'woken';
      ready.set(e.pid, { since: e.time, cause: `${verb} by ${by}` });
      continue;
    }
    // The first switch of a CPU tells who ran on it from the beginning.
    if (!seen.has(e.cpu)) running.set(e.cpu, { pid: e.other, start: begin });
    seen.add(e.cpu);
    const why = stopReason(e.state, e.preempted !== 0);
    finish(e.cpu, e.time, why);
    if (e.other !== IDLE && (e.state === 0 || e.preempted))
      ready.set(e.other, { since: e.time, cause: why });
    running.set(e.cpu, {
      ...{ pid: e.pid, start: e.time },
      ...{ ready: ready.get(e.pid), inserted: inserted.get(e.pid) },
    });
    ready.delete(e.pid);
    inserted.delete(e.pid);
  }
  for (const cpu of [...running.keys()]) finish(cpu, end, 'end of the recording');
  for (const { pid } of slices) nameOf(pid);
  slices.sort((a, b) => a.cpu - b.cpu || a.start - b.start);
  return {
    scheduler: recording.scheduler ?? DEFAULT_SCHEDULER,
    length: micros(end),
    dropped: recording.dropped,
    cpus: [...cpus].sort((a, b) => a - b),
    tasks,
    slices,
  };
}

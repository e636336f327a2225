import type { Timeline } from './model.js';

/** µs without the noise of binary fractions. */
const toNs = (us: number): number => Math.round(us * 1000) / 1000;

/**
 * The trace-event format that ui.perfetto.dev and chrome://tracing open: one process whose threads are the CPUs,
 * and a complete event ('X', times in µs) for each slice.
 */
export function chromeTrace({ scheduler, cpus, tasks, slices, dropped, length }: Timeline): string {
  const names = [
    { ph: 'M', pid: 1, tid: 0, name: 'process_name', args: { name: `CPUs (${scheduler})` } },
    ...cpus.flatMap((cpu) => [
      { ph: 'M', pid: 1, tid: cpu + 1, name: 'thread_name', args: { name: `CPU ${cpu}` } },
      { ph: 'M', pid: 1, tid: cpu + 1, name: 'thread_sort_index', args: { sort_index: cpu } },
    ]),
  ];
  const runs = slices.map(({ cpu, pid, start, end, ...why }) => ({
    ph: 'X',
    pid: 1,
    tid: cpu + 1,
    ts: start,
    dur: toNs(end - start),
    name: tasks[pid],
    cat: 'sched',
    args: {
      ...{ pid, ready: why.cause, waited_us: why.waited },
      ...{ queue: why.queue, queued_by_cpu: why.queuedBy, queued_us: why.queued },
      ended: why.ended,
    },
  }));
  // One event a line, so that a trace can be searched with grep.
  const lines = [...names, ...runs].map((event) => JSON.stringify(event));
  return (
    `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ scheduler, dropped, length_us: length })},` +
    `"traceEvents":[\n${lines.join(',\n')}\n]}\n`
  );
}

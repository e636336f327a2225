import { endText } from '../../sim/view/names.js';
import { lineText, readyText, taskName } from '../../sim/view/text.js';
import { Why, type View } from '../../sim/view/view.js';

/** Tracks of the trace-event format: CPUs are threads of one process, queues and counters have their own. */
const CPUS = 1;
const QUEUES = 2;
const COUNTERS = 3;
/** Tasks are threads of further processes. */
const FIRST_PROCESS = 10;

/** ns as the format's µs, without the noise of binary fractions. */
const micros = (ns: number): number => Math.round(ns) / 1000;

/**
 * The trace-event format that ui.perfetto.dev and chrome://tracing open. Processes: the CPUs, whose slices are who ran ('X',
 * with a flow 's' to 'f' from waker to woken); one for each process, whose threads are its tasks with what they did; queues and
 * counters ('C').
 */
export function perfettoTrace(view: View): string {
  const { recording } = view;
  const { scheduler, dropped } = recording;
  const other = { scheduler, dropped, length_us: micros(view.length), cut: recording.cut };
  // One event a line, so that a trace can be searched with grep.
  const lines: string[] = [];
  for (const event of eventsOf(view)) lines.push(JSON.stringify(event));
  return (
    `{"displayTimeUnit":"ms","otherData":${JSON.stringify(other)},` +
    `"traceEvents":[\n${lines.join(',\n')}\n]}\n`
  );
}

function* eventsOf(view: View): Iterable<object> {
  const processes = new Map<string, number>();
  for (const { process } of view.tasks)
    if (!processes.has(process)) processes.set(process, FIRST_PROCESS + processes.size);
  yield* names(view, processes);
  yield* cpuSlices(view);
  yield* taskSlices(view, processes);
  yield* flows(view);
  for (const { name, times, lengths } of view.queues)
    for (let i = 0; i < times.length; i++)
      yield {
        ...{
          ph: 'C',
          pid: QUEUES,
          tid: 0,
          ts: micros(times[i]!),
          name,
          args: { tasks: lengths[i]! },
        },
      };
  for (const { name, unit, times, values } of view.recording.series)
    for (let i = 0; i < times.length; i++)
      yield {
        ...{ ph: 'C', pid: COUNTERS, tid: 0, ts: micros(times[i]!), name },
        args: { [unit || 'value']: values[i]! },
      };
}

function* names(view: View, processes: Map<string, number>): Iterable<object> {
  const process = (pid: number, name: string): object => ({
    ...{ ph: 'M', pid, tid: 0, name: 'process_name', args: { name } },
  });
  const order = (pid: number, sort_index: number): object => ({
    ...{ ph: 'M', pid, tid: 0, name: 'process_sort_index', args: { sort_index } },
  });
  yield process(CPUS, `CPUs (${view.recording.scheduler})`);
  yield order(CPUS, 0);
  for (const { id } of view.cpus) {
    yield { ph: 'M', pid: CPUS, tid: id + 1, name: 'thread_name', args: { name: `CPU ${id}` } };
    yield { ph: 'M', pid: CPUS, tid: id + 1, name: 'thread_sort_index', args: { sort_index: id } };
  }
  if (view.queues.some((q) => q.times.length > 0)) {
    yield process(QUEUES, 'Dispatch queues');
    yield order(QUEUES, 1);
  }
  if (view.recording.series.length > 0) {
    yield process(COUNTERS, 'Counters');
    yield order(COUNTERS, 2);
  }
  for (const [name, pid] of processes) {
    yield process(pid, name);
    yield order(pid, pid);
  }
  for (const [task, { pid, process: of }] of view.tasks.entries())
    yield {
      ...{ ph: 'M', pid: processes.get(of)!, tid: pid, name: 'thread_name' },
      args: { name: taskName(view, task) },
    };
}

/** Why a slice was where it was: the table of docs/trace.md. */
function argumentsOf(view: View, slice: number): Record<string, unknown> {
  const { slices, waits, tasks, queues, cpus } = view;
  const wait = slices.wait[slice]!;
  const args: Record<string, unknown> = { pid: tasks[slices.task[slice]!]!.pid };
  if (wait >= 0 && waits.why[wait] !== Why.UNSEEN) {
    args['ready'] = readyText(view, wait);
    args['waited_us'] = micros(slices.start[slice]! - waits.start[wait]!);
  }
  if (wait >= 0 && waits.queue[wait]! >= 0) {
    args['queue'] = queues[waits.queue[wait]!]!.name;
    args['queued_by_cpu'] = cpus[waits.queuedBy[wait]!]!.id;
    args['queued_us'] = micros(slices.start[slice]! - waits.queuedAt[wait]!);
    const line = lineText(view, wait);
    if (line) args['line'] = line;
  }
  args['ended'] = endText(slices.ended[slice]!);
  return args;
}

function* cpuSlices(view: View): Iterable<object> {
  const { slices, tasks, cpus } = view;
  for (let i = 0; i < slices.length; i++)
    yield {
      ...{ ph: 'X', pid: CPUS, tid: cpus[slices.cpu[i]!]!.id + 1, ts: micros(slices.start[i]!) },
      ...{ dur: micros(slices.end[i]! - slices.start[i]!), name: tasks[slices.task[i]!]!.name },
      ...{ cat: 'sched', args: argumentsOf(view, i) },
    };
}

/** What a task did: ran on which CPU, waited in which queue. */
function* taskSlices(view: View, processes: Map<string, number>): Iterable<object> {
  const { slices, waits, tasks, cpus, queues } = view;
  const track = (task: number): object => ({
    ...{ pid: processes.get(tasks[task]!.process)!, tid: tasks[task]!.pid },
  });
  for (let i = 0; i < slices.length; i++)
    yield {
      ...{ ph: 'X', ...track(slices.task[i]!), ts: micros(slices.start[i]!), cat: 'running' },
      ...{
        dur: micros(slices.end[i]! - slices.start[i]!),
        name: `CPU ${cpus[slices.cpu[i]!]!.id}`,
      },
    };
  for (let i = 0; i < waits.length; i++) {
    if (waits.end[i]! <= waits.start[i]!) continue;
    const where = waits.queue[i]! >= 0 ? ` in ${queues[waits.queue[i]!]!.name}` : '';
    yield {
      ...{ ph: 'X', ...track(waits.task[i]!), ts: micros(waits.start[i]!), cat: 'waiting' },
      ...{ dur: micros(waits.end[i]! - waits.start[i]!), name: `waits${where}` },
      args: { ready: readyText(view, i) },
    };
  }
}

/** From where a task was woken to where it ran. */
function* flows(view: View): Iterable<object> {
  const { waits, slices, cpus } = view;
  for (let i = 0; i < waits.length; i++) {
    const [slice, why] = [waits.slice[i]!, waits.why[i]!];
    // An interrupt of an idle CPU has no slice that an arrow could begin in.
    if (slice < 0 || why > Why.STARTED || waits.by[i]! < 0) continue;
    const flow = { id: i, name: 'wakes', cat: 'wake' };
    const from = cpus[waits.byCpu[i]!]!.id + 1;
    yield { ph: 's', pid: CPUS, tid: from, ts: micros(waits.start[i]!), ...flow };
    const to = cpus[slices.cpu[slice]!]!.id + 1;
    yield { ph: 'f', bp: 'e', pid: CPUS, tid: to, ts: micros(slices.start[slice]!), ...flow };
  }
}

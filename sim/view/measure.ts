import { Latencies } from '../report/latency.js';
import { upperBound } from './order.js';
import { migrated, Why, type View } from './view.js';

/** A part of a view: times in ns, and the tasks that count (all if not given). */
export interface Part {
  from: number;
  to: number;
  tasks?: ReadonlySet<number>;
}

/** What tasks did in a part. Times are ns. */
export interface Measure {
  /** Time on CPUs. */
  ran: number;
  slices: number;
  /** Of slices, on another CPU than the one before. */
  migrations: number;
  preemptions: number;
  /** Waits that ended in it, from being woken until running. */
  woken: Latencies;
  /** All waits that ended in it. */
  waits: Latencies;
  /** The longest wait in it, ended or not. */
  longest: number;
}

export function emptyMeasure(): Measure {
  return {
    ...{ ran: 0, slices: 0, migrations: 0, preemptions: 0, longest: 0 },
    ...{ woken: new Latencies(), waits: new Latencies() },
  };
}

/** Adds what one task did to a measure. */
export function addTask(view: View, task: number, part: Part, to: Measure): void {
  const { slices, waits, ofTask, waitFirst } = view;
  const last = ofTask.first[task + 1]!;
  for (let place = firstAfter(view, task, part.from); place < last; place++) {
    const i = ofTask.numbers[place]!;
    const start = slices.start[i]!;
    if (start >= part.to) break;
    to.ran += Math.min(slices.end[i]!, part.to) - Math.max(start, part.from);
    to.slices++;
    if (start >= part.from && migrated(view, task, place)) to.migrations++;
  }
  const end = waitFirst[task + 1]!;
  for (
    let i = upperBound(waits.end, part.from - 1, waitFirst[task]!, end);
    i < end && waits.start[i]! < part.to;
    i++
  ) {
    const length = waits.end[i]! - waits.start[i]!;
    const why = waits.why[i]!;
    const ended = waits.end[i]! <= part.to && waits.slice[i] !== -1;
    if (why === Why.PREEMPTED && waits.start[i]! >= part.from) to.preemptions++;
    if (why === Why.UNSEEN) continue;
    to.longest = Math.max(to.longest, length);
    if (!ended || waits.end[i]! < part.from) continue;
    to.waits.add(length);
    if (why === Why.WOKEN) to.woken.add(length);
  }
}

/** Of a task's slices, the place of the first that ends after a time. */
export function firstAfter(view: View, task: number, time: number): number {
  const { first, numbers } = view.ofTask;
  let [low, high] = [first[task]!, first[task + 1]!];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (view.slices.end[numbers[middle]!]! > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What all tasks that count did. */
export function measure(view: View, part: Part): Measure {
  const sum = emptyMeasure();
  if (part.tasks) for (const task of part.tasks) addTask(view, task, part, sum);
  else for (let task = 0; task < view.tasks.length; task++) addTask(view, task, part, sum);
  return sum;
}

/** The same by process. */
export function measureProcesses(view: View, part: Part): Map<string, Measure> {
  const sums = new Map<string, Measure>();
  for (let task = 0; task < view.tasks.length; task++) {
    if (part.tasks && !part.tasks.has(task)) continue;
    const { process } = view.tasks[task]!;
    let sum = sums.get(process);
    if (!sum) sums.set(process, (sum = emptyMeasure()));
    addTask(view, task, part, sum);
  }
  return sums;
}

/** Of a part of the time, how much a CPU (number in View.cpus) was busy: from 0 to 1. */
export function busyOf(view: View, cpu: number, from: number, to: number): number {
  if (to <= from) return 0;
  return (busyUntil(view, cpu, to) - busyUntil(view, cpu, from)) / (to - from);
}

/** Time that a CPU was busy from the beginning on. */
function busyUntil(view: View, cpu: number, time: number): number {
  const { slices, cpuFirst, busyBefore } = view;
  const first = cpuFirst[cpu]!;
  const i = upperBound(slices.start, time, first, cpuFirst[cpu + 1]!) - 1;
  if (i < first) return 0;
  return busyBefore[i]! + Math.min(slices.end[i]!, time) - slices.start[i]!;
}

/** The slice of a CPU at a time, -1: it was idle. */
export function sliceAt(view: View, cpu: number, time: number): number {
  const { slices, cpuFirst } = view;
  const i = upperBound(slices.start, time, cpuFirst[cpu], cpuFirst[cpu + 1]) - 1;
  return i >= cpuFirst[cpu]! && slices.end[i]! > time ? i : -1;
}

/** The wait of a task at a time, -1: none. */
export function waitAt(view: View, task: number, time: number): number {
  const { waits, waitFirst } = view;
  const i = upperBound(waits.start, time, waitFirst[task], waitFirst[task + 1]) - 1;
  return i >= waitFirst[task]! && waits.end[i]! > time ? i : -1;
}

/** How long a queue was at a time. */
export function lengthAt(view: View, queue: number, time: number): number {
  const { times, lengths } = view.queues[queue]!;
  const i = upperBound(times, time) - 1;
  return i < 0 ? 0 : lengths[i]!;
}

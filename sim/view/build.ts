import { Kind } from './events.js';
import {
  END_OF_RECORDING,
  EVENTS_LOST,
  LOCAL,
  localQueue,
  PREEMPTED,
  waitsAfter,
} from './names.js';
import { orderBy } from './order.js';
import { QueueLog } from './queues.js';
import type { RecordedTask, Recording } from './recording.js';
import { Why, type Slices, type View, type Waits } from './view.js';

const NONE = -1;
const IDLE = 0;
const NOBODY = -2;
const NO_TIME = -2;

function slicesOf(room: number): Slices {
  return {
    length: 0,
    ...{ cpu: new Int32Array(room), task: new Int32Array(room), wait: new Int32Array(room) },
    ...{ start: new Float64Array(room), end: new Float64Array(room), ended: new Int32Array(room) },
  };
}

function waitsOf(room: number): Waits {
  return {
    length: 0,
    ...{ task: new Int32Array(room), start: new Float64Array(room), end: new Float64Array(room) },
    ...{ why: new Int32Array(room), by: new Int32Array(room), byCpu: new Int32Array(room) },
    ...{ queue: new Int32Array(room), queuedAt: new Float64Array(room) },
    ...{ queuedBy: new Int32Array(room), line: new Int32Array(room), slice: new Int32Array(room) },
  };
}

/** Rows of a column in another order. One function for each type: a shared one is many times slower. */
function floats(from: Float64Array, numbers: Int32Array): Float64Array {
  const to = new Float64Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) to[i] = from[numbers[i]!]!;
  return to;
}
function whole(from: Int32Array, numbers: Int32Array): Int32Array {
  const to = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) to[i] = from[numbers[i]!]!;
  return to;
}

function arrangedSlices(s: Slices, order: Int32Array): Slices {
  return {
    length: s.length,
    ...{ cpu: whole(s.cpu, order), task: whole(s.task, order), wait: whole(s.wait, order) },
    ...{ start: floats(s.start, order), end: floats(s.end, order), ended: whole(s.ended, order) },
  };
}

function arrangedWaits(w: Waits, order: Int32Array): Waits {
  return {
    length: w.length,
    ...{ task: whole(w.task, order), start: floats(w.start, order), end: floats(w.end, order) },
    ...{ why: whole(w.why, order), by: whole(w.by, order), byCpu: whole(w.byCpu, order) },
    ...{ queue: whole(w.queue, order), queuedAt: floats(w.queuedAt, order) },
    ...{ queuedBy: whole(w.queuedBy, order), line: whole(w.line, order) },
    slice: whole(w.slice, order),
  };
}

/** Makes a view of a recording in one pass over its events. */
class Builder {
  private readonly slices: Slices;
  private readonly waits: Waits;
  private readonly tasks: RecordedTask[] = [];
  private readonly numbers = new Map<number, number>();
  private readonly cpuNumber = new Map<number, number>();
  private readonly queues: QueueLog;
  private readonly local: number;
  /** Of each CPU: who runs, since when, after which wait. */
  private readonly current: Int32Array;
  private readonly since: Float64Array;
  private readonly currentWait: Int32Array;
  private readonly seen: Uint8Array;
  /** Of each task. */
  private readonly state: TaskState[] = [];

  constructor(private readonly recording: Recording) {
    const { events } = recording;
    let [switches, others] = [0, 0];
    for (let i = 0; i < events.length; i++)
      if (events.kind[i] === Kind.SWITCH) switches++;
      else others++;
    const cpus = [...recording.cpus].sort((a, b) => a.id - b.id);
    // A slice a switch, and one for what ran before the first and after the last of each CPU.
    this.slices = slicesOf(switches + cpus.length);
    this.waits = waitsOf(switches + others + 1);
    cpus.forEach((cpu, i) => this.cpuNumber.set(cpu.id, i));
    this.current = new Int32Array(cpus.length).fill(NONE);
    this.since = new Float64Array(cpus.length);
    this.currentWait = new Int32Array(cpus.length).fill(NONE);
    this.seen = new Uint8Array(cpus.length);
    this.queues = new QueueLog(recording.queues);
    this.local = recording.queues.indexOf(LOCAL);
    for (const task of recording.tasks) this.numberOf(task.pid, task);
  }

  build(): View {
    const { events, length } = this.recording;
    const order = events.inOrder();
    for (let n = 0; n < events.length; n++) {
      const i = order ? order[n]! : n;
      const time = events.time[i]!;
      if (time < 0 || time > length) continue;
      // A CPU that came during the recording and is not listed is left out.
      const cpu = this.cpuNumber.get(events.cpu[i]!);
      if (cpu === undefined) continue;
      const kind = events.kind[i]!;
      if (kind === Kind.SWITCH)
        this.switched(time, cpu, events.pid[i]!, events.other[i]!, events.detail[i]!);
      else if (kind === Kind.WAKEUP || kind === Kind.WAKEUP_NEW)
        this.woken(time, cpu, i, kind === Kind.WAKEUP ? Why.WOKEN : Why.STARTED);
      else if (kind === Kind.INSERT) this.inserted(time, cpu, i);
      else if (kind === Kind.EXIT) this.numberOf(events.pid[i]!);
    }
    return this.finish(length);
  }

  private numberOf(pid: number, task?: RecordedTask): number {
    let number = this.numbers.get(pid);
    if (number === undefined) {
      number = this.tasks.length;
      this.numbers.set(pid, number);
      this.tasks.push(task ?? { pid, name: 'a task', process: 'a task' });
      this.state.push(new TaskState());
    }
    return number;
  }

  private switched(time: number, cpu: number, pid: number, other: number, detail: number): void {
    // The first switch of a CPU tells who ran on it from the beginning.
    if (!this.seen[cpu]) {
      this.seen[cpu] = 1;
      if (other !== IDLE) this.starts(0, cpu, this.numberOf(other), NONE);
    }
    this.stops(time, cpu, detail);
    if (other !== IDLE) {
      const task = this.numberOf(other);
      if (waitsAfter(detail))
        this.waitsFrom(time, task, detail >= PREEMPTED ? Why.PREEMPTED : Why.ENDED, NOBODY, cpu);
      else this.queues.leave(time, this.state[task]!);
    }
    if (pid === IDLE) return;
    const task = this.numberOf(pid);
    const state = this.state[task]!;
    // It runs elsewhere: the switch there was lost.
    if (state.cpu >= 0) this.stops(time, state.cpu, EVENTS_LOST);
    const wait = state.wait;
    if (wait >= 0) this.endsWait(time, state, wait);
    this.queues.leave(time, state);
    this.starts(time, cpu, task, wait);
  }

  private starts(time: number, cpu: number, task: number, wait: number): void {
    this.current[cpu] = task;
    this.since[cpu] = time;
    this.currentWait[cpu] = wait;
    this.state[task]!.cpu = cpu;
  }

  /** Ends what runs on a CPU. */
  private stops(time: number, cpu: number, detail: number): void {
    const task = this.current[cpu]!;
    if (task === NONE) return;
    this.current[cpu] = NONE;
    this.state[task]!.cpu = NONE;
    const start = this.since[cpu]!;
    const { slices } = this;
    const wait = this.currentWait[cpu]!;
    if (time <= start) {
      if (wait >= 0) this.waits.slice[wait] = NO_TIME;
      return;
    }
    const i = slices.length++;
    slices.cpu[i] = cpu;
    slices.task[i] = task;
    slices.start[i] = start;
    slices.end[i] = time;
    slices.ended[i] = detail;
    slices.wait[i] = wait;
    if (wait >= 0) this.waits.slice[wait] = i;
  }

  private waitsFrom(time: number, task: number, why: number, by: number, cpu: number): void {
    const state = this.state[task]!;
    const { waits } = this;
    if (state.wait >= 0 && waits.why[state.wait] !== Why.UNSEEN) return;
    // Newer kernels put it into a queue before they tell that it is woken.
    const i = state.wait >= 0 ? state.wait : waits.length++;
    if (state.wait < 0) {
      state.best = NONE;
      state.bestFor = -1;
      waits.queuedAt[i] = NaN;
      waits.queue[i] = waits.queuedBy[i] = waits.line[i] = NONE;
    }
    state.wait = i;
    waits.task[i] = task;
    waits.start[i] = time;
    waits.why[i] = why;
    waits.by[i] = by;
    waits.byCpu[i] = cpu;
    waits.slice[i] = NONE;
  }

  private endsWait(time: number, state: TaskState, wait: number): void {
    const { waits } = this;
    this.settle(time, state);
    waits.end[wait] = time;
    waits.queue[wait] = state.best;
    if (state.best >= 0) {
      waits.queuedAt[wait] = state.bestSince;
      waits.queuedBy[wait] = state.bestBy;
      waits.line[wait] = state.bestLine;
    }
    state.wait = NONE;
    state.best = NONE;
    state.bestFor = -1;
    state.queuedBy = NONE;
  }

  /** The queue at hand is the one to tell if the task waited there longest; of equals the last. */
  private settle(time: number, state: TaskState): void {
    if (state.queue < 0 || time - state.since < state.bestFor) return;
    state.bestFor = time - state.since;
    state.best = state.queue;
    state.bestSince = state.since;
    state.bestBy = state.queuedBy;
    state.bestLine = state.line;
  }

  private woken(time: number, cpu: number, i: number, why: number): void {
    const { events } = this.recording;
    const task = this.numberOf(events.pid[i]!);
    const state = this.state[task]!;
    // It had not got to sleep yet.
    if (state.cpu >= 0) return;
    const other = events.other[i]!;
    this.waitsFrom(time, task, why, other === IDLE ? NONE : this.numberOf(other), cpu);
    const target = events.detail[i]! - 1;
    if (state.toLocal && target >= 0)
      this.moves(time, state, this.queues.named(localQueue(target)));
  }

  private inserted(time: number, cpu: number, i: number): void {
    const { events } = this.recording;
    const task = this.numberOf(events.pid[i]!);
    const state = this.state[task]!;
    if (state.cpu < 0 && state.wait < 0) this.waitsFrom(time, task, Why.UNSEEN, NOBODY, cpu);
    this.settle(time, state);
    let queue = events.queue[i]!;
    // Which CPU's local queue it is is settled where the task is woken, or is the one that it is on.
    state.toLocal = queue === this.local && queue >= 0;
    const at = events.detail[i]! - 1;
    if (state.toLocal && at >= 0) queue = this.queues.named(localQueue(at));
    state.since = time;
    state.queuedBy = cpu;
    state.line = events.line[i]!;
    this.moves(time, state, queue);
  }

  private moves(time: number, state: TaskState, queue: number): void {
    if (state.queue >= 0) this.queues.add(time, state.queue, -1);
    state.queue = queue;
    if (queue >= 0) this.queues.add(time, queue, 1);
  }

  private finish(length: number): View {
    const { recording } = this;
    for (let cpu = 0; cpu < this.current.length; cpu++) this.stops(length, cpu, END_OF_RECORDING);
    for (const state of this.state) if (state.wait >= 0) this.endsWait(length, state, state.wait);
    const cpus = [...recording.cpus].sort((a, b) => a.id - b.id);
    // Both are in order of time so far: what is by task or waker stays so.
    const byCpu = orderBy(this.slices.cpu, this.slices.length, cpus.length);
    const byTask = orderBy(this.waits.task, this.waits.length, this.tasks.length);
    const ofTask = orderBy(this.slices.task, this.slices.length, this.tasks.length);
    const wokenBy = orderBy(
      this.waits.by.subarray(0, this.waits.length).map((by) => by - NOBODY),
      this.waits.length,
      this.tasks.length - NOBODY,
    );
    const slicePlaces = placesOf(byCpu.numbers);
    const waitPlaces = placesOf(byTask.numbers);
    const slices = arrangedSlices(this.slices, byCpu.numbers);
    const waits = arrangedWaits(this.waits, byTask.numbers);
    renumber(slices.wait, waitPlaces);
    renumber(waits.slice, slicePlaces);
    renumber(ofTask.numbers, slicePlaces);
    renumber(wokenBy.numbers, waitPlaces);
    const busyBefore = new Float64Array(slices.length);
    for (let i = 1; i < slices.length; i++)
      if (slices.cpu[i] === slices.cpu[i - 1])
        busyBefore[i] = busyBefore[i - 1]! + slices.end[i - 1]! - slices.start[i - 1]!;
    return {
      ...{ recording, length, cpus, tasks: this.tasks, slices, waits, busyBefore },
      ...{ cpuFirst: byCpu.first, waitFirst: byTask.first },
      ...{ ofTask, wokenBy },
      queues: this.queues.lengths(),
    };
  }
}

/** Where a task is while a recording is gone through. */
export class TaskState {
  /** Where it runs, NONE: nowhere. */
  cpu = NONE;
  /** The wait that is open. */
  wait = NONE;
  queue = NONE;
  /** It was put into the local queue of a CPU that was not told. */
  toLocal = false;
  since = 0;
  queuedBy = NONE;
  line = NONE;
  best = NONE;
  bestFor = -1;
  bestSince = 0;
  bestBy = NONE;
  bestLine = NONE;
}

function placesOf(numbers: Int32Array): Int32Array {
  const places = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) places[numbers[i]!] = i;
  return places;
}

/** Numbers in a column after the rows that they are of were arranged. */
function renumber(column: Int32Array, places: Int32Array): void {
  for (let i = 0; i < column.length; i++) if (column[i]! >= 0) column[i] = places[column[i]!]!;
}

/** What a recording shows: who ran where and when, who waited, who woke whom, how long queues were. */
export function viewOf(recording: Recording): View {
  return new Builder(recording).build();
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordingOf, type TraceFacts } from '../../../cli/trace/convert.js';
import type { TraceEvent } from '../../../cli/trace/event.js';
import { perfettoTrace } from '../../../cli/trace/perfetto.js';
import { tracePage } from '../../../cli/view/page.js';
import { viewOf } from '../../../sim/view/build.js';
import { Kind } from '../../../sim/view/events.js';
import { decodeRecording, fromBase64 } from '../../../sim/view/file.js';
import { endText, queueName } from '../../../sim/view/names.js';
import type { Recording } from '../../../sim/view/recording.js';
import { readyText } from '../../../sim/view/text.js';
import { Why, type View } from '../../../sim/view/view.js';

const { SWITCH, WAKEUP, WAKEUP_NEW, INSERT } = Kind;
type Row = [number, number, number, number, number, number, number, string, bigint?, number?];
const toEvent = ([
  time,
  kind,
  cpu,
  pid,
  other,
  state,
  preempted,
  comm,
  dsq,
  tgid,
]: Row): TraceEvent => ({
  ...{ time: BigInt(time), kind, cpu, pid, other, state, preempted, comm, dsq: dsq ?? 0n },
  tgid: tgid ?? pid,
});
const place = (id: number) => ({ id, core: id, llc: 0, node: 0, capacity: 1024 });
const recording = (events: Row[], more: Partial<TraceFacts> = {}): Recording =>
  recordingOf(events.map(toEvent), {
    ...{ begin: 0n, end: 10_000n, cpus: [place(0), place(1)], names: {}, dropped: 0 },
    ...{ kernel: '7.3.0', ...more },
  });

/** A slice as the page and the JSON tell it; times are ns. */
interface Told {
  cpu: number;
  pid: number;
  start: number;
  end: number;
  waited?: number;
  cause?: string;
  queue?: string;
  queuedBy?: number;
  queued?: number;
  ended: string;
}
function slicesOf(view: View): Told[] {
  const { slices, waits } = view;
  return Array.from({ length: slices.length }, (_, i) => {
    const told: Told = {
      ...{ cpu: view.cpus[slices.cpu[i]!]!.id, pid: view.tasks[slices.task[i]!]!.pid },
      ...{ start: slices.start[i]!, end: slices.end[i]!, ended: endText(slices.ended[i]!) },
    };
    const wait = slices.wait[i]!;
    if (wait >= 0 && waits.why[wait] !== Why.UNSEEN) {
      told.waited = told.start - waits.start[wait]!;
      told.cause = readyText(view, wait);
    }
    if (wait >= 0 && waits.queue[wait]! >= 0) {
      told.queue = view.queues[waits.queue[wait]!]!.name;
      told.queuedBy = view.cpus[waits.queuedBy[wait]!]!.id;
      told.queued = told.start - waits.queuedAt[wait]!;
    }
    return told;
  });
}
const timelineOf = (of: Recording) => {
  const view = viewOf(of);
  const tasks = Object.fromEntries(view.tasks.map((t) => [t.pid, t.name]));
  return {
    view,
    slices: slicesOf(view),
    tasks,
    length: view.length,
    cpus: view.cpus.map((c) => c.id),
  };
};

/** 20 ms of a machine with two CPUs that was busy with a virtual machine and compilers. */
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'trace.json'), 'utf8'),
) as { length: number; cpus: number[]; names: Record<number, string>; events: Row[] };
const recorded = recording(fixture.events, {
  ...{ end: BigInt(fixture.length), cpus: fixture.cpus.map(place), names: fixture.names },
});

describe('viewOf', () => {
  it('tells when a task ran, what made it ready, how long it waited and why it stopped', () => {
    const { slices, tasks } = timelineOf(
      recording([
        [1000, WAKEUP, 0, 7, 9, 1, 0, 'seven'],
        [3000, SWITCH, 1, 7, 0, 0, 0, 'seven'],
        [5000, SWITCH, 1, 0, 7, 1, 0, 'swapper/1'],
        [6000, SWITCH, 0, 8, 9, 0, 1, 'eight'],
      ]),
    );
    expect(slices).toEqual([
      { cpu: 0, pid: 9, start: 0, end: 6000, ended: 'preempted' },
      { cpu: 0, pid: 8, start: 6000, end: 10_000, ended: 'end of the recording' },
      {
        cpu: 1,
        pid: 7,
        start: 3000,
        end: 5000,
        waited: 2000,
        cause: 'woken by a task (9)',
        ended: 'sleeps',
      },
    ]);
    expect(tasks).toEqual({ 7: 'seven', 8: 'eight', 9: 'a task' });
  });

  it('counts waiting from when a task lost its CPU', () => {
    const { slices } = timelineOf(
      recording([
        [1000, SWITCH, 0, 2, 1, 0, 0, 'two'],
        [4000, SWITCH, 0, 1, 2, 0x80, 0, 'one'],
      ]),
    );
    expect(slices.map((s) => [s.pid, s.waited, s.cause, s.ended])).toEqual([
      [1, undefined, undefined, 'yielded, or its slice ended'],
      [2, undefined, undefined, 'exited'],
      [1, 3000, 'yielded, or its slice ended', 'end of the recording'],
    ]);
  });

  it('names who started a task, and an interrupt that woke one', () => {
    const { slices } = timelineOf(
      recording([
        [100, WAKEUP_NEW, 0, 5, 4, 1, 0, 'child'],
        [200, SWITCH, 1, 5, 0, 0, 0, 'child'],
        [300, WAKEUP, 0, 6, 0, 0, 0, 'six'],
        [400, SWITCH, 0, 6, 4, 2, 0, 'six'],
      ]),
    );
    expect(slices.find((s) => s.pid === 5)?.cause).toBe('started by a task (4)');
    expect(slices.find((s) => s.pid === 6)?.cause).toBe('woken by an interrupt on CPU 0');
    expect(slices.find((s) => s.pid === 4)?.ended).toBe('sleeps (uninterruptible)');
  });

  it('tells the queue that a task was put into last before it ran, and which CPU did so', () => {
    const { slices } = timelineOf(
      recording([
        [1000, INSERT, 1, 5, 0, 0, 0, 'five', 7n],
        [2000, INSERT, 0, 5, 4, 0, 0, 'five', (3n << 62n) | 1n],
        [3000, SWITCH, 1, 5, 0, 0, 0, 'five'],
        [4000, SWITCH, 1, 0, 5, 1, 0, 'swapper/1'],
        [5000, SWITCH, 1, 5, 0, 0, 0, 'five'],
      ]),
    );
    expect(slices.map((s) => [s.queue, s.queuedBy, s.queued])).toEqual([
      ['SCX_DSQ_LOCAL_ON | 1', 0, 1000],
      [undefined, undefined, undefined],
    ]);
  });

  it.each([
    [0n, 'DSQ 0'],
    [(1n << 62n) - 1n, 'DSQ 4611686018427387903'],
    [(1n << 63n) | 1n, 'SCX_DSQ_GLOBAL'],
    [(1n << 63n) | 2n, 'SCX_DSQ_LOCAL'],
    [(1n << 63n) | 9n, 'built-in DSQ 9'],
  ])('calls queue %d %s', (dsq, name) => {
    expect(queueName(dsq)).toBe(name);
  });

  it('puts events in the order of time, and leaves out those from before and after', () => {
    const rows: Row[] = [
      [4000, SWITCH, 0, 0, 1, 1, 0, 'swapper/0'],
      [2000, SWITCH, 0, 1, 0, 0, 0, 'one'],
      [11_000, SWITCH, 0, 3, 0, 0, 0, 'late'],
    ];
    const { slices } = timelineOf(recording(rows));
    expect(slices.map((s) => [s.pid, s.start, s.end])).toEqual([[1, 2000, 4000]]);
  });

  it('has no CPU and no task twice at a time in what was recorded', () => {
    const { slices, length, cpus } = timelineOf(recorded);
    expect(slices.length).toBeGreaterThan(30);
    expect(new Set(slices.map((s) => s.cpu))).toEqual(new Set(cpus));
    for (const field of ['cpu', 'pid'] as const) {
      const last = new Map<number, number>();
      for (const s of [...slices].sort((a, b) => a.start - b.start)) {
        expect(s.start).toBeGreaterThanOrEqual(last.get(s[field]) ?? 0);
        expect(s.end).toBeGreaterThan(s.start);
        last.set(s[field], s.end);
      }
      expect(Math.max(...last.values())).toBeLessThanOrEqual(length);
    }
  });
});

describe('waits', () => {
  it('are told with their queue although newer kernels queue a task before they tell that it is woken', () => {
    const { slices, view } = timelineOf(
      recording([
        [900, INSERT, 0, 5, 4, 1, 0, 'five', (1n << 63n) | 2n],
        [1000, WAKEUP, 0, 5, 4, 0, 0, 'five'],
        [3000, SWITCH, 0, 5, 4, 1, 0, 'five'],
      ]),
    );
    expect(slices.find((s) => s.pid === 5)).toMatchObject({
      ...{ waited: 2000, cause: 'woken by a task (4)', queuedBy: 0 },
      // The CPU that it was put on is known when it is woken: the queue is that one's.
      queue: 'SCX_DSQ_LOCAL_ON | 0',
    });
    expect(view.waits.length).toBe(1);
  });

  it('of tasks that never run last to the end, and a task that runs is not woken', () => {
    const { view } = timelineOf(
      recording([
        [1000, SWITCH, 0, 5, 0, 0, 0, 'five'],
        [2000, WAKEUP, 1, 5, 4, 0, 0, 'five'],
        [3000, WAKEUP, 0, 6, 5, 1, 0, 'six'],
      ]),
    );
    const { waits } = view;
    expect([...waits.start].slice(0, waits.length)).toEqual([3000]);
    expect(waits.end[0]).toBe(10_000);
    expect(waits.slice[0]).toBe(-1);
  });

  it('are told with the queue in which the task was longest, though it passed another on its way', () => {
    const { slices } = timelineOf(
      recording([
        [1000, WAKEUP, 0, 5, 4, 0, 0, 'five'],
        [1100, INSERT, 0, 5, 4, 0, 0, 'five', 7n],
        [2990, INSERT, 1, 5, 0, 1, 0, 'five', (3n << 62n) | 1n],
        [3000, SWITCH, 1, 5, 0, 0, 0, 'five'],
      ]),
    );
    expect(slices[0]).toMatchObject({ queue: 'DSQ 7', queuedBy: 0, queued: 1900 });
  });

  it('end where the task is seen on another CPU although the switch between was lost', () => {
    const { slices } = timelineOf(
      recording([
        [1000, SWITCH, 0, 5, 0, 0, 0, 'five'],
        [3000, SWITCH, 1, 5, 0, 0, 0, 'five'],
      ]),
    );
    expect(slices.map((s) => [s.cpu, s.start, s.end, s.ended])).toEqual([
      [0, 1000, 3000, 'not known: events were lost'],
      [1, 3000, 10_000, 'end of the recording'],
    ]);
  });
});

describe('queues', () => {
  it('have a length at every time: put in, moved, taken out to run, asleep', () => {
    const { view } = timelineOf(
      recording([
        [1000, INSERT, 0, 5, 4, 0, 0, 'five', 7n],
        [2000, INSERT, 0, 6, 4, 0, 0, 'six', 7n],
        [3000, INSERT, 0, 6, 4, 0, 0, 'six', 8n],
        [4000, SWITCH, 1, 5, 0, 0, 0, 'five'],
        [5000, SWITCH, 0, 6, 4, 1, 0, 'six'],
      ]),
    );
    expect(view.queues.map((q) => [q.name, q.most, [...q.times], [...q.lengths]])).toEqual([
      ['DSQ 7', 2, [1000, 2000, 3000, 4000], [1, 2, 1, 0]],
      ['DSQ 8', 1, [3000, 5000], [1, 0]],
    ]);
  });
});

describe('tasks', () => {
  it('are grouped by the process that they are threads of', () => {
    const { view } = timelineOf(
      recording([
        [1000, SWITCH, 0, 11, 0, 0, 0, 'worker', 0n, 10],
        [2000, SWITCH, 0, 10, 11, 1, 0, 'main', 0n, 10],
        [3000, SWITCH, 0, 12, 10, 1, 0, 'other', 0n, 12],
      ]),
    );
    expect(view.tasks.map((t) => [t.pid, t.name, t.process])).toEqual([
      [11, 'worker', 'main (10)'],
      [10, 'main', 'main (10)'],
      [12, 'other', 'other (12)'],
    ]);
  });
});

interface PerfettoEvent {
  ph: string;
  pid: number;
  tid: number;
  name: string;
  ts?: number;
  dur?: number;
  id?: number;
  args?: Record<string, unknown>;
}
const perfettoOf = (of: Recording) =>
  JSON.parse(perfettoTrace(viewOf(of))) as {
    otherData: unknown;
    traceEvents: PerfettoEvent[];
  };

describe('perfettoTrace', () => {
  it('has a thread for each CPU and an event for each slice', () => {
    const { slices, tasks, cpus } = timelineOf(recorded);
    const trace = perfettoOf({ ...recorded, dropped: 4 });
    const runs = trace.traceEvents.filter((e) => e.ph === 'X' && e.pid === 1);
    expect(runs).toHaveLength(slices.length);
    expect(new Set(runs.map((e) => e.tid - 1))).toEqual(new Set(cpus));
    expect(runs[0]).toMatchObject({ ts: 0, name: tasks[slices[0]!.pid] });
    expect(trace.otherData).toMatchObject({ dropped: 4, cut: false });
  });

  it('has tracks for tasks by process, for queues, and flows from waker to woken', () => {
    const { traceEvents } = perfettoOf(
      recording([
        [500, SWITCH, 0, 4, 0, 0, 0, 'four'],
        [1000, INSERT, 0, 5, 4, 0, 0, 'five', 7n],
        [1000, WAKEUP, 0, 5, 4, 0, 0, 'five'],
        [3000, SWITCH, 1, 5, 0, 0, 0, 'five'],
      ]),
    );
    const named = (name: string) => traceEvents.filter((e) => e.name === name);
    const task = named('thread_name').find((e) => e.args?.['name'] === 'five (5)')!;
    const own = traceEvents.filter((e) => e.ph === 'X' && e.pid === task.pid && e.tid === 5);
    expect(own.map((e) => [e.name, e.ts, e.dur])).toEqual([
      ['CPU 1', 3, 7],
      ['waits in DSQ 7', 1, 2],
    ]);
    expect(named('DSQ 7').map((e) => [e.ph, e.ts, e.args])).toEqual([
      ['C', 1, { tasks: 1 }],
      ['C', 3, { tasks: 0 }],
    ]);
    const flow = named('wakes');
    expect(flow.map((e) => [e.ph, e.pid, e.tid, e.ts])).toEqual([
      ['s', 1, 1, 1],
      ['f', 1, 2, 3],
    ]);
    expect(flow[0]!.id).toBe(flow[1]!.id);
  });
});

describe('tracePage', () => {
  const recordingIn = (page: string): string =>
    /<script id="recording" [^>]*>(.*?)<\/script>/.exec(page)![1]!;

  it('needs no other file and no network', async () => {
    const page = (await tracePage(recorded)).replaceAll('http://www.w3.org/2000/svg', '');
    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|@import|url\(|fetch\(|import\(/);
  });

  it('holds the whole recording, and names cannot end its script or become markup', async () => {
    const evil = recording([[1000, SWITCH, 0, 7, 0, 0, 0, '</script><b>']], { scheduler: '<b>' });
    const text = await tracePage(evil);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).not.toContain('<b>');
    const back = await decodeRecording(fromBase64(recordingIn(text)));
    expect(back.tasks).toEqual([{ pid: 7, name: '</script><b>', process: '</script><b> (7)' }]);
    expect(back).toMatchObject({ scheduler: '<b>', cut: false });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromeTrace } from '../../cli/trace/chrome.js';
import {
  INSERT,
  queueName,
  SWITCH,
  timelineOf,
  WAKEUP,
  WAKEUP_NEW,
  type Recording,
  type TraceEvent,
} from '../../cli/trace/model.js';
import { tracePage } from '../../cli/trace/page.js';

type Row = [number, number, number, number, number, number, number, string, bigint?];
const toEvent = ([time, kind, cpu, pid, other, state, preempted, comm, dsq]: Row): TraceEvent => ({
  ...{ time: BigInt(time), kind, cpu, pid, other, state, preempted, comm, dsq: dsq ?? 0n },
});
const recording = (events: Row[], more: Partial<Recording> = {}): Recording => ({
  ...{ events: events.map(toEvent), begin: 0n, end: 10_000n, cpus: [0, 1], names: {}, dropped: 0 },
  ...more,
});

/** 20 ms of a machine with two CPUs that was busy with a virtual machine and compilers. */
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'trace.json'), 'utf8'),
) as { length: number; cpus: number[]; names: Record<number, string>; events: Row[] };
const recorded = recording(fixture.events, {
  ...{ end: BigInt(fixture.length), cpus: fixture.cpus, names: fixture.names },
});

describe('timelineOf', () => {
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
      { cpu: 0, pid: 9, start: 0, end: 6, ended: 'preempted' },
      { cpu: 0, pid: 8, start: 6, end: 10, ended: 'end of the recording' },
      {
        cpu: 1,
        pid: 7,
        start: 3,
        end: 5,
        waited: 2,
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
      [1, 3, 'yielded, or its slice ended', 'end of the recording'],
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
      ['SCX_DSQ_LOCAL_ON | 1', 0, 1],
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
    expect(slices.map((s) => [s.pid, s.start, s.end])).toEqual([[1, 2, 4]]);
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

describe('chromeTrace', () => {
  it('is one process with a thread for each CPU and an event for each slice', () => {
    const timeline = timelineOf(recorded);
    const trace = JSON.parse(chromeTrace({ ...timeline, dropped: 4 })) as {
      otherData: unknown;
      traceEvents: { ph: string; tid: number; name: string; ts?: number; dur?: number }[];
    };
    const runs = trace.traceEvents.filter((e) => e.ph === 'X');
    expect(runs).toHaveLength(timeline.slices.length);
    expect(new Set(runs.map((e) => e.tid - 1))).toEqual(new Set(timeline.cpus));
    expect(runs[0]).toMatchObject({ ts: 0, name: timeline.tasks[timeline.slices[0]!.pid] });
    expect(trace.otherData).toMatchObject({ dropped: 4 });
  });
});

describe('tracePage', () => {
  const page = tracePage({ ...timelineOf(recorded), scheduler: '<b>' });

  it('needs no other file and no network', () => {
    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|@import|url\(|fetch\(|import\(/);
  });

  it('holds the whole timeline, and names cannot end its script or become markup', () => {
    const timeline = timelineOf(
      recording([[1000, SWITCH, 0, 7, 0, 0, 0, '</script><b>'] as Row], { scheduler: '<b>' }),
    );
    const text = tracePage(timeline);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).not.toContain('<b>');
    const data = /<script id="data" [^>]*>(.*?)<\/script>/.exec(text)![1]!;
    expect(JSON.parse(data)).toMatchObject({ tasks: { 7: '</script><b>' } });
  });

  it('says that events were lost', () => {
    expect(page).not.toContain('were lost');
    expect(tracePage({ ...timelineOf(recorded), dropped: 12 })).toContain('12 events were lost');
  });
});

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildTracer } from '../../dist/cli/trace/build.js';
import { bundleOf } from '../../dist/cli/view/bundle.js';
import { viewOf } from '../../sim/view/build.js';
import { decodeRecording, fromBase64 } from '../../sim/view/file.js';
import { runInVm, type VmResult } from '../../vm/index.js';
import { buildScheduler, root } from './examples/build.js';
import { reportsOf } from './reports.js';

/** An event of the trace-event format. */
interface TraceEvent {
  ph: string;
  pid: number;
  tid: number;
  name: string;
  ts?: number;
  dur?: number;
  args: Record<string, unknown>;
}
interface Slice extends TraceEvent {
  ts: number;
  dur: number;
  args: {
    pid: number;
    ended: string;
    ready?: string;
    waited_us?: number;
    queue?: string;
    queued_by_cpu?: number;
    queued_us?: number;
  };
}
interface Trace {
  displayTimeUnit: string;
  otherData: { scheduler: string; dropped: number; length_us: number };
  traceEvents: TraceEvent[];
}
interface Report {
  cpus: number;
  scheduler: string;
  /** Every task of the load got something. */
  all: boolean;
  load: { kind: string; pid: number; cpuMs: number }[];
  code: number;
  stdout: string;
  stderr: string;
  json: string;
  page: string;
}

/** The process of the trace whose threads are the CPUs. */
const CPUS = 1;
/** Times are told in µs with three digits: two of them may be off by as much. */
const ROUNDING = 0.002;
/** `npm run test:trace`: kernels whose functions to insert into queues differ. The suite boots the newest alone. */
const KERNELS = process.env['SCXTS_TEST_TRACE'] ? ['6.12', '6.18', '7.3'] : ['newest'];

/** Pairs of neighbours that overlap. */
function overlaps(slices: Slice[]): [Slice, Slice][] {
  const sorted = [...slices].sort((a, b) => a.ts - b.ts);
  return sorted.flatMap((s, i): [Slice, Slice][] => {
    const next = sorted[i + 1];
    return next && s.ts + s.dur > next.ts + ROUNDING ? [[s, next]] : [];
  });
}

const sum = (slices: Slice[]): number => slices.reduce((total, s) => total + s.dur, 0);

describe.each(KERNELS)('scxts trace on Linux %s', (kernel) => {
  let result: VmResult;
  let report: Report;
  let trace: Trace;
  let slices: Slice[];
  const ofTask = (pid: number): Slice[] => slices.filter((s) => s.args.pid === pid);
  const ofKind = (kind: string): Slice[] =>
    report.load.filter((t) => t.kind === kind).flatMap((t) => ofTask(t.pid));

  beforeAll(async () => {
    await buildTracer();
    await bundleOf('trace');
    await buildScheduler(join(root, 'examples', 'simple.ts'));
    result = await runInVm({
      kernel,
      cpus: 2,
      timeoutSec: 230,
      cwd: root,
      command: ['node', 'test/vm/trace-guest.mjs'],
    });
    report = reportsOf(result)<Report>('trace');
    trace = JSON.parse(report.json) as Trace;
    slices = trace.traceEvents.filter((e): e is Slice => e.ph === 'X' && e.pid === CPUS);
  });

  it('runs beside the scheduler, names it and loses nothing', () => {
    expect(report.code, report.stderr).toBe(0);
    expect(report.scheduler).toBe('enabled');
    expect(report.all).toBe(true);
    expect(trace.otherData).toMatchObject({ dropped: 0 });
    expect(trace.otherData.scheduler).toMatch(/^simple/);
    expect(report.stdout).toContain('/tmp/t.json, /tmp/t.html, /tmp/t.scxtrec: ');
    expect(report.stderr).toMatch(/^recording simple\S* for 150 s; .*\nrecorded \d+ events\n$/);
  });

  it('is what the trace-event format asks for', () => {
    for (const e of trace.traceEvents) {
      expect(Number.isInteger(e.pid) && Number.isInteger(e.tid) && e.name !== '').toBe(true);
      if (e.ph === 'M') expect(e.name).toMatch(/^(process|thread)_(name|sort_index)$/);
      else if (e.ph === 'X') expect([e.ts! >= 0, e.dur! > 0]).toEqual([true, true]);
      else expect([/^[Csf]$/.test(e.ph), e.ts! >= 0]).toEqual([true, true]);
    }
    const rows = trace.traceEvents.filter((e) => e.name === 'thread_name' && e.pid === CPUS);
    expect(rows.map((e) => [e.tid, e.args['name']])).toEqual(
      Array.from({ length: report.cpus }, (_, i) => [i + 1, `CPU ${i}`]),
    );
    // A slice without a row would be shown as a thread of its own.
    expect(new Set(slices.map((s) => s.tid))).toEqual(new Set(rows.map((e) => e.tid)));
  });

  it('has no CPU run two tasks at once, and no task run on two CPUs', () => {
    for (const tid of new Set(slices.map((s) => s.tid)))
      expect(overlaps(slices.filter((s) => s.tid === tid))).toEqual([]);
    for (const pid of new Set(slices.map((s) => s.args.pid)))
      expect(overlaps(ofTask(pid))).toEqual([]);
    const { length_us: length } = trace.otherData;
    expect(slices.filter((s) => s.ts + s.dur > length + ROUNDING)).toEqual([]);
  });

  it('shows each task of the load for as long as the kernel says that it ran', () => {
    for (const { kind, pid, cpuMs } of report.load) {
      expect(ofTask(pid).length, kind).toBeGreaterThan(0);
      // The kernel leaves time of interrupts out, the trace does not; a tick is 10 ms.
      expect(sum(ofTask(pid)) / 1000 + 10, kind).toBeGreaterThan(cpuMs * 0.99);
    }
    // More tasks compute than there are CPUs: they take the CPU from each other.
    expect(ofKind('busy').some((s) => /preempted|slice ended/.test(s.args.ended))).toBe(true);
    expect(ofKind('sleepy').some((s) => s.args.ended === 'sleeps')).toBe(true);
  });

  it('tells who woke a task and how long it waited', () => {
    expect(ofKind('pair').some((s) => /^woken by sh \(\d+\)$/.test(s.args.ready ?? ''))).toBe(true);
    const waits = slices.map((s) => s.args.waited_us).filter((w) => w !== undefined);
    expect(waits.length).toBeGreaterThan(slices.length / 2);
    expect(waits.filter((w) => w < 0)).toEqual([]);
  });

  it('tells the queue that the scheduler put a task into, and which CPU did so', () => {
    const queued = slices.filter((s) => s.args.queue !== undefined);
    // simple has two places for a task: its shared queue, and the one of an idle CPU.
    expect(new Set(queued.map((s) => s.args.queue))).toContain('DSQ 0');
    for (const { args } of queued) {
      expect(args.queue).toMatch(/^(DSQ 0|SCX_DSQ_LOCAL|SCX_DSQ_LOCAL_ON \| [01]|SCX_DSQ_GLOBAL)$/);
      expect(args.queued_by_cpu).toBeLessThan(report.cpus);
      expect(args.queued_us).toBeGreaterThanOrEqual(0);
    }
    // What computes gets a CPU only from a queue, but where its slice is prolonged because nothing else waits.
    const busy = ofKind('busy');
    expect(busy.filter((s) => s.args.queue).length).toBeGreaterThan(busy.length / 2);
  });

  it('has flows from who wakes to who is woken, and a length of each queue', () => {
    const of = (ph: string): TraceEvent[] => trace.traceEvents.filter((e) => e.ph === ph);
    expect(of('s').length).toBeGreaterThan(10);
    expect(of('f')).toHaveLength(of('s').length);
    const shared = of('C').filter((e) => e.name === 'DSQ 0');
    expect(shared.some((e) => Number(e.args['tasks']) > 0)).toBe(true);
    expect(shared.every((e) => Number(e.args['tasks']) >= 0)).toBe(true);
  });

  it('writes a page with the same slices', async () => {
    const data = /<script id="recording" [^>]*>(.*?)<\/script>/.exec(report.page)![1]!;
    const view = viewOf(await decodeRecording(fromBase64(data)));
    expect(view.slices.length).toBe(slices.length);
    // Threads are shown with the process that they are of.
    expect(view.tasks.some((t) => t.process !== `${t.name} (${t.pid})`)).toBe(true);
  });
});

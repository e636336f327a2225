import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulate, type Run } from '../../../sim/index.js';
import { viewOf } from '../../../sim/view/build.js';
import { busyOf, lengthAt, measure, measureProcesses } from '../../../sim/view/measure.js';
import type { View } from '../../../sim/view/view.js';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples');

describe.each(['simple.ts', 'central.ts', 'none'])(
  'the view of a run of %s in the model kernel',
  (file) => {
    let run: Run;
    let view: View;
    beforeAll(async () => {
      const of = file === 'none' ? null : join(examples, file);
      run = await simulate(of, { duration: '500ms', machine: { cpus: 4, llcs: 2 }, trace: true });
      view = viewOf(run.trace());
    }, 60_000);

    it('agrees with the report: CPU time, wake-up latency and migrations of each group', () => {
      const found = measureProcesses(view, { from: 0, to: view.length });
      for (const group of run.groups.filter((g) => g.tasks > 0)) {
        const one = found.get(group.name)!;
        expect(one.ran, group.name).toBe(group.cpuTime);
        expect(one.woken.summary(), group.name).toEqual(group.latency);
        // A task that was moved and never ran there counts in the report alone.
        expect(one.migrations, group.name).toBeLessThanOrEqual(group.migrations);
      }
    });

    it('agrees with the report about each CPU', () => {
      for (const { id, busy } of run.cpus)
        expect(busyOf(view, id, 0, view.length)).toBeCloseTo(busy, 9);
    });

    it('knows the machine, the config, the counters and the end', () => {
      const { recording, cpus } = view;
      expect(cpus.map((c) => c.llc)).toEqual([0, 0, 1, 1]);
      expect(recording.kernel).toBe('7.3');
      for (const { name, total } of run.counterList)
        expect(recording.series.find((s) => s.name === name)?.values.at(-1)).toBe(total);
      if (file !== 'none') expect(recording.exit?.kind).toBe('SCX_EXIT_UNREG');
    });

    it('gives each task one thing to do at a time, and each wait what ended it', () => {
      const { slices, waits, ofTask, waitFirst } = view;
      for (let task = 0; task < view.tasks.length; task++) {
        const times = [
          ...ofTask.numbers.subarray(ofTask.first[task]!, ofTask.first[task + 1]!),
        ].map((i): [number, number] => [slices.start[i]!, slices.end[i]!]);
        for (let i = waitFirst[task]!; i < waitFirst[task + 1]!; i++)
          times.push([waits.start[i]!, waits.end[i]!]);
        times.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        for (const [i, [start]] of times.entries())
          if (i > 0) expect(start).toBeGreaterThanOrEqual(times[i - 1]![1]);
      }
    });

    it('has no queue below nothing, and all empty of what has run', () => {
      for (const { lengths } of view.queues) expect(Math.min(0, ...lengths)).toBe(0);
      if (file === 'none') return expect(view.queues).toEqual([]);
      expect(view.queues.some((q) => q.most > 0)).toBe(true);
      expect(lengthAt(view, 0, -1)).toBe(0);
    });

    it('tells the line that put a task into a queue', () => {
      if (file === 'none') return expect(view.recording.lines).toEqual([]);
      const { lines } = view.recording;
      expect(
        lines.some((line) => line.endsWith(`examples/${file}:41`) || line.includes(file)),
      ).toBe(true);
      for (const line of lines) expect(line).toMatch(/^[^.][^:]*\.ts:\d+$/);
    });

    it('measures parts that add up', () => {
      const middle = view.length / 2;
      const ran = (from: number, to: number) => measure(view, { from, to }).ran;
      expect(ran(0, middle) + ran(middle, view.length)).toBeCloseTo(ran(0, view.length), 3);
    });
  },
);

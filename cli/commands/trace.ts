import type { Command } from 'commander';
import { report } from '../load/failure.js';
import { complain, print } from '../terminal.js';
import { durationMs } from '../../native/runtime/duration.js';
import { writeWhole } from '../../native/runtime/write-whole.js';

interface Options {
  duration: string;
  out: string;
}

export function registerTrace(program: Command): void {
  program
    .command('trace')
    .description('record which task runs on which CPU, when and why, under whatever scheduler runs')
    .option('--duration <time>', 'how long to record; Ctrl-C ends it earlier', '5s')
    .option(
      '--out <file>',
      'FILE.json is written for ui.perfetto.dev and chrome://tracing, and FILE.html, a page of its own',
      'trace.json',
    )
    .action((options: Options) => report(() => trace(options), 'scxts trace'));
}

/** What is recorded is held in memory until it is written. */
const MOST_MS = 600_000;

/** What both files are called but for `.json` and `.html`. */
function baseName(out: string): string {
  return out.replace(/\.(json|html)$/, '');
}

async function trace({ duration, out }: Options): Promise<number> {
  const lengthMs = durationMs(duration, '--duration', { most: MOST_MS });
  const base = baseName(out);
  if (base === '') throw new Error(`--out takes the name of a file, not '${out}'`);
  const { record } = await import('../trace/record.js');
  const { DEFAULT_SCHEDULER, timelineOf } = await import('../trace/model.js');
  const { chromeTrace } = await import('../trace/chrome.js');
  const { tracePage } = await import('../trace/page.js');
  const { Stop } = await import('../load/stop.js');
  using stop = new Stop();
  // On standard error, for those who wait for one of the two: a load that begins with the recording, or that ends with it.
  const recording = await record({
    durationMs: lengthMs,
    signal: stop.signal,
    onBegin: (scheduler = DEFAULT_SCHEDULER) =>
      complain(`recording ${scheduler} for ${lengthMs / 1000} s; Ctrl-C ends it earlier\n`),
    onEnd: (events) => complain(`recorded ${events} events\n`),
  });
  const timeline = timelineOf(recording);
  writeWhole(`${base}.json`, chromeTrace(timeline));
  writeWhole(`${base}.html`, tracePage(timeline));
  const { slices, tasks, dropped, length, cpus, scheduler } = timeline;
  print(
    `${base}.json, ${base}.html: ${slices.length} slices of ${Object.keys(tasks).length} tasks on ` +
      `${cpus.length} CPUs in ${(length / 1e6).toFixed(1)} s under ${scheduler}\n`,
  );
  if (dropped > 0)
    complain(
      `warning: ${dropped} events were lost, the ring was full: what is shown has gaps\n` +
        '  hint: the recording is read 20 times a second; that scxts gets too little time is likely: sudo nice -n -10 scxts trace\n',
    );
  return 0;
}

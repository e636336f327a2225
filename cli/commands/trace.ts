import type { Command } from 'commander';
import { report } from '../load/failure.js';
import { complain, print } from '../terminal.js';
import type { Recording } from '../../sim/view/recording.js';

interface Options {
  duration: string;
  out: string;
  from?: string;
}

export function registerTrace(program: Command): void {
  program
    .command('trace')
    .description('record which task runs on which CPU, when and why, under whatever scheduler runs')
    .option('--duration <time>', 'how long to record; Ctrl-C ends it earlier', '5s')
    .option(
      '--out <file>',
      'FILE.json is written for ui.perfetto.dev and chrome://tracing, FILE.html, a page of its own, and FILE.scxtrec, the recording',
      'trace.json',
    )
    .option('--from <file>', 'makes them of a recording (FILE.scxtrec) instead of recording')
    .action((options: Options) => report(() => trace(options), 'scxts trace'));
}

/** What is recorded is held in memory until it is written. */
const MOST_MS = 600_000;

/** What the files are called but for their endings. */
function baseName(out: string): string {
  return out.replace(/\.(json|html|scxtrec)$/, '');
}

async function trace({ duration, out, from }: Options): Promise<number> {
  const { durationMs } = await import('../../native/runtime/duration.js');
  const lengthMs = durationMs(duration, '--duration', { most: MOST_MS });
  const base = baseName(out);
  if (base === '') throw new Error(`--out takes the name of a file, not '${out}'`);
  const { readRecording, writeRecording } = await import('../view/write.js');
  const recording = from === undefined ? await recordNow(lengthMs) : await readRecording(from);
  const files = [
    `${base}.json`,
    `${base}.html`,
    ...(from === undefined ? [`${base}.scxtrec`] : []),
  ];
  const { slices, tasks, cpus, length } = await writeRecording(recording, files);
  print(
    `${files.join(', ')}: ${slices.length} slices of ${tasks.length} tasks on ` +
      `${cpus.length} CPUs in ${(length / 1e9).toFixed(1)} s under ${recording.scheduler}\n`,
  );
  if (recording.cut)
    complain('warning: the recording was cut short: what is shown ends where its file does\n');
  if (recording.dropped > 0)
    complain(
      `warning: ${recording.dropped} events were lost, the ring was full: what is shown has gaps\n` +
        '  hint: the recording is read 20 times a second; that scxts gets too little time is likely: sudo nice -n -10 scxts trace\n',
    );
  return 0;
}

async function recordNow(lengthMs: number): Promise<Recording> {
  const { record } = await import('../trace/record.js');
  const { DEFAULT_SCHEDULER } = await import('../../sim/view/names.js');
  const { Stop } = await import('../load/stop.js');
  using stop = new Stop();
  // On standard error, for those who wait for one of the two: a load that begins with the recording, or that ends with it.
  return await record({
    durationMs: lengthMs,
    signal: stop.signal,
    onBegin: (scheduler = DEFAULT_SCHEDULER) =>
      complain(`recording ${scheduler} for ${lengthMs / 1000} s; Ctrl-C ends it earlier\n`),
    onEnd: (events) => complain(`recorded ${events} events\n`),
  });
}

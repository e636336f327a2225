// What the userspace halves of the examples share: flags, statistics once in a while, a clean end.
import { parseArgs } from 'node:util';
import { basename } from 'node:path';
import {
  after,
  durationMs,
  every,
  onlineCpus,
  ScxtsError,
  type LoadedScheduler,
  type OpenScheduler,
  type Skeleton,
  type SkeletonTypes,
  type Timer,
} from 'scxts/runtime';

export interface Flag {
  /** Of the C scheduler. */
  short: string;
  /** What its value is, e.g. 'SLICE_US'; none for a switch. */
  value?: string;
  help: string;
}

/** The flags that were given, by name. */
export class Flags<N extends string> {
  constructor(private readonly values: Record<string, string | boolean | undefined>) {}

  has(name: N): boolean {
    return this.values[name] !== undefined;
  }

  /** What was given, as it is; undefined if the flag was not given. */
  text(name: N): string | undefined {
    const text = this.values[name];
    return typeof text === 'string' ? text : undefined;
  }

  /** A whole number from `from` to `to`; undefined if the flag was not given. */
  number(name: N, from = 0, to = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text === '' || !Number.isInteger(value) || value < from || value > to)
      throw new Error(`--${name} takes a whole number from ${from} to ${to}, not '${text}'`);
    return value;
  }

  /** The number of a CPU that is online; undefined if the flag was not given. */
  cpu(name: N): number | undefined {
    const cpu = this.number(name, 0);
    if (cpu !== undefined && !onlineCpus().has(cpu))
      throw new Error(`--${name} takes a CPU that is online (${onlineCpus()}), not ${cpu}`);
    return cpu;
  }

  /** ms of a time above 0: `10` (seconds), `500ms`. */
  time(name: N | 'duration'): number | undefined {
    const text = this.values[name];
    return typeof text === 'string' ? durationMs(text, `--${name}`) : undefined;
  }

  /** Microseconds as the nanoseconds that a config wants. */
  microseconds(name: N): bigint | undefined {
    const value = this.number(name, 1, 1e12);
    return value === undefined ? undefined : BigInt(value) * 1000n;
  }
}

export interface Example<T extends SkeletonTypes, N extends string> {
  /** One sentence. */
  about: string;
  flags: Record<N, Flag>;
  /** Between opening and loading: config, tables, ops. */
  configure?: (open: OpenScheduler<T>, flags: Flags<N>) => void;
  /** Each time that it is attached; what it gives is called when the scheduler has ended. */
  started?: (scheduler: LoadedScheduler<T>, flags: Flags<N>) => (() => void) | void;
  /** The statistics, as text; `seq` counts the calls. */
  statistics: (scheduler: LoadedScheduler<T>, seq: number) => string;
  /** Seconds between two prints, where no `interval` flag says otherwise; 1 by default. */
  intervalSec?: number;
}

function usage(about: string, flags: Record<string, Flag>): string {
  const rows: [string, Partial<Flag> & { help: string }][] = [
    ...Object.entries(flags),
    ['duration', { value: 'TIME', help: 'end after that: 30 (seconds), 500ms, 5m' }],
    ['help', { short: 'h', help: 'show this help' }],
  ];
  const left = rows.map(
    ([name, f]) =>
      `  ${f.short ? `-${f.short}, ` : '    '}--${name}${f.value ? ` ${f.value}` : ''}`,
  );
  const width = Math.max(...left.map((l) => l.length)) + 2;
  return (
    `${about}\n\nUsage: scxts run ${basename(process.argv[1] ?? '')} [flags]\n\n` +
    rows.map(([, f], i) => left[i]!.padEnd(width) + f.help).join('\n') +
    '\n'
  );
}

function readFlags<N extends string>(flags: Record<N, Flag>): Flags<N | 'help'> {
  const known: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    duration: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, flag] of Object.entries<Flag>(flags))
    known[name] = { type: flag.value ? 'string' : 'boolean', short: flag.short };
  return new Flags(parseArgs({ options: known }).values);
}

/** Runs a scheduler until Ctrl-C, the end of its time or the kernel's end of it. */
export async function runExample<T extends SkeletonTypes, N extends string>(
  skeleton: Skeleton<T>,
  example: Example<T, N>,
): Promise<void> {
  try {
    process.exitCode = await run(skeleton, example);
  } catch (error) {
    const hint = error instanceof ScxtsError && error.hint ? `\n  hint: ${error.hint}` : '';
    process.stderr.write(`error: ${(error as Error).message}${hint}\n`);
    process.exitCode = 1;
  }
}

async function run<T extends SkeletonTypes, N extends string>(
  skeleton: Skeleton<T>,
  { about, flags, configure, started, statistics, intervalSec }: Example<T, N>,
): Promise<number> {
  const given = readFlags(flags);
  if (given.has('help')) {
    process.stdout.write(usage(about, flags));
    return 0;
  }
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const duration = given.time('duration');
  const interval =
    ('interval' in flags ? given.time('interval' as N) : undefined) ?? (intervalSec ?? 1) * 1000;
  let end: (() => void) | undefined;
  let seq = 0;
  let ticker: Timer | undefined;
  let timer: Timer | undefined;
  const exit = await skeleton.run({
    signal: stop.signal,
    configure: (open) => configure?.(open, given),
    started: (scheduler) => {
      const print = (): void => void process.stdout.write(statistics(scheduler, seq++) + '\n');
      ticker = every(interval, print);
      if (duration !== undefined) timer ??= after(duration, () => stop.abort());
      const finish = started?.(scheduler, given);
      end = () => {
        ticker?.stop();
        finish?.();
        print();
      };
    },
    ended: (why) => {
      end?.();
      process.stderr.write(
        `${skeleton.name} ended: ${why.reason}${why.message ? ` (${why.message})` : ''}\n`,
      );
    },
  });
  timer?.stop();
  return exit.error ? 1 : 0;
}

/** Values of an object of counters or globals in columns, as the C schedulers print them. */
export function columns(rows: Record<string, bigint | number>[], width = 10): string {
  return rows
    .map((row) =>
      Object.entries(row)
        .map(([label, value]) => `${label}:${String(value).padStart(width)}`)
        .join('  '),
    )
    .join('\n');
}

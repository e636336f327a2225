import type { Command } from 'commander';
import { report } from '../load/failure.js';
import { complain, print } from '../terminal.js';
import type { Snapshot } from '../top/snapshot.js';

interface Options {
  interval: string;
  web?: string | true;
  json?: boolean;
  count?: string;
}

export function registerTop(program: Command): void {
  program
    .command('top')
    .description('watch what schedules: CPUs, tasks and how long they wait, queues, kernel events')
    .option('--interval <time>', 'between two pictures', '1s')
    .option('--web [port]', 'in a browser of this machine instead of the terminal')
    .option('--json', 'a JSON object a line instead')
    .option('--count <n>', 'ends after so many')
    .action((options: Options) => report(() => top(options), 'scxts top'));
}

async function top(options: Options): Promise<number> {
  const { durationMs } = await import('../../native/runtime/duration.js');
  const interval = durationMs(options.interval, '--interval', { most: 60_000 });
  if (interval < 200) throw new Error(`--interval is at least 200ms, not '${options.interval}'`);
  const count = options.count === undefined ? Infinity : Number(options.count);
  if (!(count >= 1)) throw new Error(`--count takes a number from 1 on, not '${options.count!}'`);
  if (options.web === undefined && !options.json && !process.stdout.isTTY)
    throw Object.assign(new Error('standard output is no terminal'), {
      hint: 'scxts top --json gives lines for pipes and files, scxts top --web a page',
    });
  const { Stop } = await import('../load/stop.js');
  const { Watch } = await import('../top/watch.js');
  using stop = new Stop();
  /** What is to be ended, last first. */
  const ends: (() => void | Promise<void>)[] = [];
  try {
    let show: (snapshot: Snapshot) => void = () => undefined;
    if (options.json) show = (snapshot) => print(`${JSON.stringify(snapshot)}\n`);
    else if (options.web !== undefined) {
      const { portOf } = await import('../view/local-server.js');
      const { TopWeb } = await import('../top/web.js');
      const web = await TopWeb.start(
        portOf(options.web === true ? undefined : options.web, '--web'),
      );
      ends.push(() => web[Symbol.asyncDispose]());
      show = (snapshot) => web.show(snapshot);
      print(`${web.server.url}\n`);
      complain('Open this address in a browser of this machine. Ctrl-C ends it.\n');
    }
    let shown = 0;
    // First the tracer: what it refuses is said before the terminal changes.
    const watch = await Watch.start(interval, (snapshot) => {
      show(snapshot);
      if (++shown >= count) stop.now();
    });
    ends.push(() => watch[Symbol.dispose]());
    if (!options.json && options.web === undefined) {
      const { TopTerminal } = await import('../top/terminal.js');
      const terminal = new TopTerminal(() => stop.now());
      ends.push(() => terminal[Symbol.dispose]());
      show = (snapshot) => terminal.show(snapshot);
    }
    if (!stop.signal.aborted)
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
    return 0;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

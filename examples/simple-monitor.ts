// The userspace half of simple.ts: runs it through the typed skeleton, prints its counters and its
// virtual clock each second, and detaches after ten seconds or when the kernel ends it.
//   scxts build examples/simple.ts && sudo scxts run examples/simple-monitor.ts
import { after } from 'scxts/runtime';
import { Simple } from './simple.skel.js';

const seconds = Number(process.env['SECONDS_TO_RUN'] ?? 10);
const stop = new AbortController();
const end = after(seconds * 1000, () => stop.abort());
let ticker: NodeJS.Timeout | undefined;

// Opened, loaded and attached; again when a CPU comes or goes, for the kernel ends a scheduler then that does not follow it.
const exit = await Simple.run({
  signal: stop.signal,
  configure(open) {
    open.config.fifo = process.argv.includes('--fifo');
    open.ops.timeout_ms = 5000;
  },
  started(simple) {
    ticker = setInterval(() => {
      const { nr_local, nr_shared } = simple.counters;
      console.log(
        `local ${nr_local.total()}  shared ${nr_shared.total()}  vtime ${simple.globals.vtime_now / 1_000_000n} ms`,
      );
    }, 1000);
  },
  ended(why) {
    clearInterval(ticker);
    console.log(`simple ended: ${why.reason}${why.message ? ` (${why.message})` : ''}`);
  },
});
end.stop();
process.exitCode = exit.error ? 1 : 0;

// The userspace half of prev: prints its statistics.
//   scxts build examples/prev.ts && sudo scxts run examples/prev-run.ts -i 5
import { runExample } from './lib/example.js';
import { Prev } from './prev.skel.js';

await runExample(Prev, {
  about: 'prev: an idle previous CPU before anything else.',
  flags: { interval: { short: 'i', value: 'TIME', help: 'time between two prints (1s)' } },
  statistics(prev) {
    const { local, select_fail, prev_cpu_idle, idle_cpu } = prev.readCounters();
    return `local=${local} select_fail=${select_fail} prev_cpu=${prev_cpu_idle} idle_cpu=${idle_cpu}`;
  },
});

// The userspace half of central: takes the flags of scx_central and prints its statistics.
//   scxts build examples/central.ts && sudo scxts run examples/central-run.ts -c 1
import { onlineCpus } from 'scxts/runtime';
import { runExample, columns } from './lib/example.js';
import { Central } from './central.skel.js';

await runExample(Central, {
  about: 'central: one CPU decides for all.',
  flags: {
    slice: { short: 's', value: 'US', help: 'time after which a task makes way (20000)' },
    cpu: {
      short: 'c',
      value: 'CPU',
      help: 'the CPU that decides (0, or the first that is online)',
    },
    interval: { short: 'i', value: 'TIME', help: 'time between two prints (1s)' },
  },
  configure({ config }, flags) {
    config.slice_ns = flags.microseconds('slice') ?? config.slice_ns;
    const online = onlineCpus();
    const otherwise = online.has(config.central_cpu) ? config.central_cpu : online.first!;
    config.central_cpu = flags.cpu('cpu') ?? otherwise;
  },
  statistics(central, seq) {
    const c = central.readCounters();
    const { nr_queued, nr_timers } = central.globals;
    const placed = central.counters.nr_placed.perCpu();
    const by = placed.flatMap((n, cpu) => (n > 0n ? [`CPU ${cpu}: ${n}`] : []));
    return (
      `[SEQ ${seq}]\n` +
      columns([
        {
          'total   ': c.nr_total,
          '   local': c.nr_locals,
          '  queued': nr_queued,
          '    lost': c.nr_lost_pids,
        },
        {
          'timer   ': nr_timers,
          dispatch: c.nr_dispatches,
          mismatch: c.nr_mismatches,
          '   retry': c.nr_retries,
        },
        { overflow: c.nr_overflows },
      ]) +
      `\nplaced by ${by.join(', ')}\n`
    );
  },
});

// The userspace half of flatcg: takes the flags of scx_flatcg, and prints what happened since the last print.
//   scxts build examples/flatcg.ts && sudo scxts run examples/flatcg-run.ts -i 5
import { readFileSync } from 'node:fs';
import { possibleCpus } from 'scxts/runtime';
import { runExample, columns } from './lib/example.js';
import { Flatcg } from './flatcg.skel.js';

/** Share of CPU time since the last call that was not idle, in percent; from the first line of /proc/stat, which is all CPUs. */
function cpuUse(): () => number {
  let last = { all: 0, idle: 0 };
  return () => {
    const times = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]!
      .split(/\s+/)
      .slice(1, 9)
      .map(Number);
    const now = { all: times.reduce((a, b) => a + b, 0), idle: times[3]! + times[4]! };
    const all = now.all - last.all;
    const idle = now.idle - last.idle;
    last = now;
    return all > 0 ? ((all - idle) / all) * 100 : 0;
  };
}

const use = cpuUse();
let last: Record<string, bigint> = {};

await runExample(Flatcg, {
  about: 'flatcg: weighted CPU shares for cgroups, without walking their tree.',
  flags: {
    slice: { short: 's', value: 'US', help: 'time that a CPU works for one cgroup (20000)' },
    interval: { short: 'i', value: 'TIME', help: 'time between two prints (2s)' },
    fifo: { short: 'f', help: 'first in, first out within a cgroup' },
  },
  intervalSec: 2,
  configure({ config }, flags) {
    config.nr_cpus = possibleCpus().size;
    config.cgrp_slice_ns = flags.microseconds('slice') ?? config.cgrp_slice_ns;
    config.fifo_sched = flags.has('fifo');
    last = {};
  },
  statistics(flatcg, seq) {
    const totals = flatcg.readCounters();
    const since = (name: keyof typeof totals): bigint => totals[name] - (last[name] ?? 0n);
    const text =
      `[SEQ ${String(seq).padStart(6)} cpu=${use().toFixed(1).padStart(5)} hweight_gen=${flatcg.globals.hweight_gen}]\n` +
      columns(
        [
          {
            '       act': since('act'),
            ' deact': since('deact'),
            global: since('global'),
            local: since('local'),
          },
          {
            'HWT  cache': since('hwt_cache'),
            update: since('hwt_updates'),
            '  skip': since('hwt_skip'),
            ' race': since('hwt_race'),
          },
          { 'ENQ   skip': since('enq_skip'), '  race': since('enq_race') },
          {
            'CNS   keep': since('cns_keep'),
            expire: since('cns_expire'),
            ' empty': since('cns_empty'),
            ' gone': since('cns_gone'),
          },
          {
            'PNC   next': since('pnc_next'),
            ' empty': since('pnc_empty'),
            nocgrp: since('pnc_no_cgrp'),
            ' gone': since('pnc_gone'),
            ' race': since('pnc_race'),
            ' fail': since('pnc_fail'),
          },
        ],
        6,
      );
    last = totals;
    return text + '\n';
  },
});

// The userspace half of latency: tells it which CPUs share a cache and, with --compact, how many of them are needed.
//   scxts build examples/latency.ts && sudo scxts run examples/latency-run.ts --compact
import { Cpumask, every, readTopology, type Topology } from 'scxts/runtime';
import { columns, runExample } from './lib/example.js';
import { Latency } from './latency.skel.js';

/** Time between two looks at what is needed, ms, and the part of the CPUs in use that is busy on purpose. */
const LOOK_MS = 100;
const FULL = 0.7;

/** CPUs in the order in which they come into use: those of a core, then of its cluster, then of its cache. */
function inOrder({ cpus }: Topology): number[] {
  return cpus
    .filter((cpu) => cpu.online)
    .sort(
      (a, b) => a.llc - b.llc || a.cluster - b.cluster || a.thread - b.thread || a.core - b.core,
    )
    .map((cpu) => cpu.id);
}

await runExample(Latency, {
  about: 'latency: who is waited for runs first.',
  flags: {
    slice: { short: 's', value: 'US', help: 'longest time slice (8000)' },
    margin: { short: 'm', value: 'US', help: 'earlier deadline that takes a place (200)' },
    compact: { short: 'c', help: 'use only as many CPUs as are needed' },
    'no-perf': { short: 'P', help: 'leave frequencies to the kernel' },
    interval: { short: 'i', value: 'TIME', help: 'time between two prints (1s)' },
  },
  configure({ config }, flags) {
    config.slice_ns = flags.microseconds('slice') ?? config.slice_ns;
    config.margin_ns = flags.microseconds('margin') ?? config.margin_ns;
    config.compact = flags.has('compact');
    config.perf = !flags.has('no-perf');
    for (const cpu of readTopology().cpus) config.cpu_llc[cpu.id] = Math.max(cpu.llc, 0);
  },
  started(latency, flags) {
    if (!flags.has('compact')) return undefined;
    const order = inOrder(readTopology());
    const busy = (): bigint => order.reduce((ns, cpu) => ns + latency.maps.cctx.at(cpu).busy, 0n);
    let before = busy();
    const use = (count: number): void => {
      const words = Cpumask.of(order.slice(0, count)).toWords(16);
      latency.progs.use_cpus.run({ cpus: words });
    };
    use(order.length);
    const timer = every(LOOK_MS, () => {
      const now = busy();
      const needed = Number(now - before) / (LOOK_MS * 1e6) / FULL;
      before = now;
      use(Math.min(order.length, Math.ceil(needed) + 1));
    });
    return () => timer.stop();
  },
  statistics(latency) {
    const { nr_idle, nr_preempted, nr_stayed, nr_shared, nr_kept, nr_stolen } =
      latency.readCounters();
    return columns([
      { idle: nr_idle, preempted: nr_preempted, stayed: nr_stayed },
      { shared: nr_shared, kept: nr_kept, stolen: nr_stolen },
    ]);
  },
});

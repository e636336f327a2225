// The half of rusty in user space: loads it, balances, tunes and reports.
//   scxts build examples/rusty.ts && sudo scxts run examples/rusty-balancer.ts --interval 2
import { parseArgs } from 'node:util';
import type { PassStats } from 'scxts/components/load_balancer/userspace';
import {
  after,
  durationMs,
  every,
  ScxtsError,
  type LoadedScheduler,
  type OpenScheduler,
  type Timer,
} from 'scxts/runtime';
import { Rusty, type RustyTypes } from './rusty.skel.js';

const { values: flags } = parseArgs({
  options: {
    /** Slice in us while CPUs are idle now and then, and when all are busy. */
    'slice-us-underutil': { type: 'string', default: '20000' },
    'slice-us-overutil': { type: 'string', default: '1000' },
    /** Time between two balancing passes, and ms between two looks at utilisation. */
    interval: { type: 'string', default: '2s' },
    'tune-interval-ms': { type: 'string', default: '100' },
    /** Half-life in ms of what counts as load. */
    'load-half-life-ms': { type: 'string', default: '1000' },
    /** Tasks that must wait elsewhere before an idle CPU takes one; 0: never. */
    'greedy-threshold': { type: 'string', default: '1' },
    'greedy-threshold-x-numa': { type: 'string', default: '0' },
    /** Utilisation in percent below which a domain takes tasks of others as they wake up. */
    'direct-greedy-under': { type: 'string', default: '90' },
    /** Largest domain in CPUs; 0: the last-level cache. */
    'cpus-per-domain': { type: 'string', default: '0' },
    'no-load-balance': { type: 'boolean', default: false },
    'no-weights': { type: 'boolean', default: false },
    'balanced-kworkers': { type: 'boolean', default: false },
    'kthreads-local': { type: 'boolean', default: false },
    'fifo-sched': { type: 'boolean', default: false },
    /** How long to run; 0: until it is ended. */
    duration: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});

function number(flag: keyof typeof flags, most: number): number {
  const value = Number(flags[flag]);
  if (flags[flag] !== '' && value >= 0 && value <= most) return value;
  throw new Error(`--${flag} takes a number from 0 to ${most}, not '${String(flags[flag])}'`);
}

const intervalMs = durationMs(flags.interval, '--interval');
const sliceIdle = BigInt(Math.round(number('slice-us-underutil', 1e6) * 1000));
const sliceBusy = BigInt(Math.round(number('slice-us-overutil', 1e6) * 1000));
const greedyUnder = number('direct-greedy-under', 100) / 100;

function configure(open: OpenScheduler<RustyTypes>): void {
  open.config.fifo = flags['fifo-sched'];
  open.config.kthreads_local = flags['kthreads-local'];
  open.config.load_balancer_half_life_ms = number('load-half-life-ms', 60_000);
  open.config.load_balancer_greedy = number('greedy-threshold', 1e6);
  open.config.load_balancer_greedy_far = number('greedy-threshold-x-numa', 1e6);
  Object.assign(open.components.load_balancer.options, {
    intervalMs: 0, // passes are made below, with what is to be reported
    tunerMs: number('tune-interval-ms', 60_000),
    tuner: { on: greedyUnder, off: Math.max(greedyUnder, 0.95) },
    maxCpus: number('cpus-per-domain', 1e6),
    useWeight: !flags['no-weights'],
    kernelThreads: flags['balanced-kworkers'],
  });
}

let before: Record<string, bigint> = {};
/** Prints what a pass did; counters since `before`. */
function report(rusty: LoadedScheduler<RustyTypes>, pass: PassStats): void {
  const { tuner } = rusty.components.load_balancer;
  const now = rusty.readCounters();
  const since = Object.fromEntries(
    Object.entries(now).map(([name, n]) => [name, Number(n - (before[name] ?? 0n))]),
  );
  before = now;
  if (flags.json) {
    console.log(JSON.stringify({ ...pass, utilisation: [...tuner.utilisation], counters: since }));
    return;
  }
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
  const busy = tuner.utilisation;
  console.log(
    `pass ${pass.pass}: worst domain off by ${percent(pass.worst)}, ${pass.moves.length} moved, ${pass.tasks} tasks in ${pass.totalMs.toFixed(1)} ms; ` +
      `sync ${since['nr_sync']} direct ${since['nr_direct']} queued ${since['nr_queued']} stolen ${since['load_balancer_nr_stolen']}`,
  );
  pass.nodes.forEach((node, n) => {
    console.log(`  node ${n}: load ${node.load.toFixed(0)} (${percent(node.imbalance)})`);
    pass.domains.forEach((domain, d) => {
      if (domain.node !== n) return;
      const delta = domain.delta === 0 ? '' : `, moves ${domain.delta.toFixed(0)}`;
      console.log(
        `    domain ${d}: load ${domain.load.toFixed(0)} (${percent(domain.imbalance)}), busy ${percent(busy[d] ?? 0)}${delta}`,
      );
    });
  });
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const lengthMs = durationMs(flags.duration, '--duration', { zero: true });
if (lengthMs > 0) after(lengthMs, () => stop.abort()).unref();

let timers: Timer[] = [];
try {
  // Domains are those of the CPUs that are online: when one comes or goes the kernel asks to start anew.
  const exit = await Rusty.run({
    signal: stop.signal,
    configure,
    started: (rusty) => {
      const balancer = rusty.components.load_balancer;
      before = rusty.readCounters();
      rusty.globals.slice_ns = sliceIdle;
      timers = [
        every(intervalMs, () => report(rusty, balancer.pass(flags['no-load-balance']))),
        // Short slices only where tasks wait for CPUs: switching costs caches.
        every(100, () => {
          const idlest = Math.min(...balancer.tuner.utilisation);
          rusty.globals.slice_ns = idlest > 0.99 ? sliceBusy : sliceIdle;
        }),
      ];
    },
    ended: (why) => {
      for (const timer of timers.splice(0)) timer.stop();
      console.error(`rusty ended: ${why.reason}${why.message ? ` (${why.message})` : ''}`);
    },
  });
  process.exitCode = exit.error ? 1 : 0;
} catch (error) {
  for (const timer of timers.splice(0)) timer.stop();
  const hint = error instanceof ScxtsError && error.hint ? `\n  hint: ${error.hint}` : '';
  console.error(`error: ${(error as Error).message}${hint}`);
  process.exitCode = 1;
}

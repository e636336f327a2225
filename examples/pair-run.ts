// The userspace half of pair: pairs the CPUs up before the scheduler is loaded, and prints its statistics.
//   scxts build examples/pair.ts && sudo scxts run examples/pair-run.ts -S 1
import { release } from 'node:os';
import { onlineCpus, type Cpumask, type OpenScheduler } from 'scxts/runtime';
import { runExample, columns } from './lib/example.js';
import { Pair, type PairTypes } from './pair.skel.js';

/** Linux 6.16 and later; BTF would say so too, but only to the BPF half. */
const SCX_OPS_ENQ_MIGRATION_DISABLED = 1n << 4n;

/** Pairs each CPU that is online with the one `stride` further on among them. The last of an odd number stays alone. */
function pairUp({ config }: OpenScheduler<PairTypes>, online: Cpumask, stride: number): string {
  const cpus = online.toArray();
  const even = cpus.length - (cpus.length % 2);
  const room = config.pair_cpu.length;
  if (online.last! >= room)
    throw new Error(`pair has room for CPUs 0 to ${room - 1}, not for CPU ${online.last}`);
  const partner = config.pair_cpu.map(() => -1);
  const id = config.pair_id.map((_, cpu) => cpu);
  const index = config.in_pair_idx.map(() => 0);
  const pairs: string[] = [];
  for (let place = 0; place < even; place++) {
    const cpu = cpus[place]!;
    if (partner[cpu]! >= 0) continue;
    const other = cpus[(place + stride) % even]!;
    if (other === cpu) throw new Error(`--stride ${stride} would make CPU ${cpu} its own partner`);
    if (partner[other]! >= 0)
      throw new Error(
        `--stride ${stride} would pair CPU ${cpu} with CPU ${other}, which has CPU ${partner[other]}`,
      );
    partner[cpu] = other;
    partner[other] = cpu;
    id[other] = cpu;
    index[other] = 1;
    pairs.push(`[${cpu}, ${other}]`);
  }
  Object.assign(config, { pair_cpu: partner, pair_id: id, in_pair_idx: index });
  return pairs.join(' ');
}

function atLeast(major: number, minor: number): boolean {
  const [a = 0, b = 0] = release().split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

await runExample(Pair, {
  about: 'pair: two CPUs never run tasks of different cgroups at the same time.',
  flags: {
    stride: {
      short: 'S',
      value: 'STRIDE',
      help: 'distance of the two CPUs of a pair among those online (half of them)',
    },
  },
  configure(open, flags) {
    const online = onlineCpus();
    const stride = flags.number('stride', 1, 1023) ?? online.size >> 1;
    console.log(`Pairs: ${pairUp(open, online, stride)}`);
    if (atLeast(6, 16)) open.ops.flags |= SCX_OPS_ENQ_MIGRATION_DISABLED;
  },
  statistics(pair, seq) {
    const c = pair.readCounters();
    return (
      `[SEQ ${seq}]\n` +
      columns([
        { ' total': c.nr_total, dispatch: c.nr_dispatched },
        { ' kicks': c.nr_kicks, preemptions: c.nr_preemptions },
        { '   exp': c.nr_exps, exp_wait: c.nr_exp_waits, exp_empty: c.nr_exp_empty },
        { cgnext: c.nr_cgrp_next, '  cgcoll': c.nr_cgrp_coll, '  cgempty': c.nr_cgrp_empty },
      ])
    );
  },
});

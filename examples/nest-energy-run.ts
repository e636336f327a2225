// The userspace half of nest-energy: watches the machine, says whether to pack or to spread, and prints why.
//   scxts build examples/nest-energy.ts && sudo scxts run examples/nest-energy-run.ts
import { runExample } from './lib/example.js';
import { NEST_FLAGS, configureNests } from './lib/nest-flags.js';
import { NestEnergy } from './nest-energy.skel.js';

const percent = (share: number | undefined): string =>
  share === undefined ? '-' : `${Math.round(share * 100)} %`;

await runExample(NestEnergy, {
  about: 'nest-energy: warm cores while there is little to do, all cores when they are needed.',
  flags: {
    ...NEST_FLAGS,
    look: { short: 'l', value: 'MS', help: 'time between two looks at the machine (250)' },
    root: { short: 'r', value: 'DIR', help: 'where sysfs is (/)' },
  },
  configure({ config, components }, flags) {
    configureNests(config, flags);
    const look = flags.number('look', 10, 60_000);
    const root = flags.text('root');
    if (look !== undefined) components.energy.options.intervalMs = look;
    if (root !== undefined) components.energy.options.root = root;
  },
  statistics(scheduler) {
    const { mode, signal } = scheduler.components.energy;
    const c = scheduler.readCounters();
    const { score, inputs } = signal ?? {};
    return [
      `mode ${mode}  score ${score?.toFixed(2) ?? '-'}  busy ${percent(inputs?.utilisation)}  waiting for each CPU ${inputs?.waiting.toFixed(2) ?? '-'}`,
      `packed ${c.nr_packed}  spread ${c.nr_spread}  no idle core ${c.nr_no_idle}  from the queue ${c.consumed}`,
    ].join('\n');
  },
});

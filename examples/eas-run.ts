// The userspace half of eas: brings the energy model, and prints where tasks go and what CPUs do.
//   scxts build examples/eas.ts && sudo scxts run examples/eas-run.ts --model hikey960.json
import { runExample } from './lib/example.js';
import { Eas } from './eas.skel.js';

await runExample(Eas, {
  about: 'eas: tasks go where they cost the least energy, while no CPU has more to do than fits.',
  flags: {
    model: { short: 'm', value: 'FILE', help: "energy model as JSON, instead of the kernel's" },
    root: { short: 'r', value: 'DIR', help: 'where sysfs and debugfs are (/)' },
    slice: { short: 's', value: 'US', help: 'time slice (5000)' },
  },
  configure({ config, components }, flags) {
    config.slice_ns = flags.microseconds('slice') ?? config.slice_ns;
    const file = flags.text('model');
    const root = flags.text('root');
    if (file !== undefined) components.energy.options.file = file;
    if (root !== undefined) components.energy.options.root = root;
  },
  started(eas) {
    const { model } = eas.components.energy;
    if (!model) console.log('no energy model: packing or spreading by what the machine does');
    for (const d of model?.domains ?? [])
      console.log(`domain ${d.name}: CPUs ${d.cpus.join(',')}, capacity ${d.capacity}`);
  },
  statistics(eas) {
    const { energy } = eas.components;
    const c = eas.readCounters();
    const utils = energy.utilisations();
    return [
      `mode ${energy.mode}${energy.overutilised ? ', over-utilised' : ''}  util ${utils.join(' ')}`,
      `model ${c.energy_nr_model} (kept ${c.energy_nr_kept})  over ${c.energy_nr_over}  full ${c.energy_nr_full}  packed ${c.energy_nr_packed}  spread ${c.energy_nr_spread}`,
      `idle ${c.nr_idle}  queued ${c.nr_queued}  stolen ${c.nr_stolen}  misfit ${c.nr_misfit}`,
    ].join('\n');
  },
});

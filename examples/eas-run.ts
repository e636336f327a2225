// The userspace half of eas: brings the energy model, and prints where tasks go and what CPUs do.
//   scxts build examples/eas.ts && sudo scxts run examples/eas-run.ts --model hikey960.json
import { cpus } from 'node:os';
import { Energy } from '../components/energy/index.js';
import { runExample } from './lib/example.js';
import { Eas } from './eas.skel.js';

let energy: Energy | undefined;
const paths: { root?: string; file?: string } = {};

await runExample(Eas, {
  about: 'eas: tasks go where they cost the least energy, while no CPU has more to do than fits.',
  flags: {
    model: { short: 'm', value: 'FILE', help: "energy model as JSON, instead of the kernel's" },
    root: { short: 'r', value: 'DIR', help: 'where sysfs and debugfs are (/)' },
    slice: { short: 's', value: 'US', help: 'time slice (5000)' },
  },
  configure({ config }, flags) {
    config.slice_ns = flags.microseconds('slice') ?? config.slice_ns;
    const file = flags.text('model');
    const root = flags.text('root');
    if (file !== undefined) paths.file = file;
    if (root !== undefined) paths.root = root;
  },
  started(eas) {
    const nr = cpus().length;
    const half = new Energy(eas, paths);
    energy = half;
    const { model } = half;
    if (model)
      for (const d of model.domains)
        console.log(`domain ${d.name}: CPUs ${d.cpus.join(',')}, capacity ${d.capacity}`);
    else console.log('no energy model: packing or spreading by what the machine does');
    half.start(nr);
    return () => half.stop();
  },
  statistics(eas) {
    const nr = cpus().length;
    const c = eas.readCounters();
    const utils = energy?.utilisations(nr) ?? [];
    return [
      `mode ${energy?.mode}${energy?.overutilised ? ', over-utilised' : ''}  util ${utils.join(' ')}`,
      `model ${c.nr_model} (kept ${c.nr_kept})  over ${c.nr_over}  full ${c.nr_full}  packed ${c.nr_packed}  spread ${c.nr_spread}`,
      `idle ${c.nr_idle}  queued ${c.nr_queued}  stolen ${c.nr_stolen}  misfit ${c.nr_misfit}`,
    ].join('\n');
  },
});

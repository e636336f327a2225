// The userspace half of nest: takes the flags of scx_nest, and prints the statistics and who is in which
// nest every two seconds.
//   scxts build examples/nest.ts && sudo scxts run examples/nest-run.ts -d 4000 -I
import { Cpumask, onlineCpus } from 'scxts/runtime';
import { runExample } from './lib/example.js';
import { NEST_FLAGS, configureNests } from './lib/nest-flags.js';
import { Nest } from './nest.skel.js';

const INTERVAL_SEC = 2;
const GROUPS = {
  'Wakeup stats': /^wakeup_/,
  'Nest stats': /^(task|promoted|demoted|reserved|scheduled|cancelled|eagerly|callback)_/,
  'Consume stats': /consumed$/,
};
const underlined = (text: string): string => `${text}\n${'-'.repeat(text.length)}`;

function mask(name: string, words: bigint[]): string {
  const cores = Cpumask.fromWords(words).and(onlineCpus());
  const row = [...onlineCpus()].map((cpu) => (cores.has(cpu) ? '*' : '-')).join('');
  return `${name.padEnd(9)}(${String(cores.size).padStart(2)}): | ${row} |`;
}

await runExample(Nest, {
  about: 'nest: keeps tasks together on warm cores.',
  flags: {
    ...NEST_FLAGS,
    iters: {
      short: 'i',
      value: 'COUNT',
      help: 'failed placements until the primary nest grows at once; 0: never (2)',
    },
    'fully-idle': { short: 'I', help: 'look for fully idle cores first' },
  },
  intervalSec: INTERVAL_SEC,
  configure({ config }, flags) {
    configureNests(config, flags);
    config.r_impatient = flags.number('iters', 0, 1e6) ?? config.r_impatient;
    config.find_fully_idle = flags.has('fully-idle');
    config.sampling_cadence_ns = BigInt(INTERVAL_SEC) * 1_000_000_000n;
  },
  statistics(nest) {
    const totals = Object.entries(nest.readCounters());
    const groups = Object.entries(GROUPS).map(([title, pattern]) =>
      [
        underlined(title),
        ...totals
          .filter(([name]) => pattern.test(name))
          .map(([name, total]) => `${name.toUpperCase()}=${total}`),
      ].join('\n'),
    );
    const { primary_mask, reserved_mask, other_mask, idle_mask } = nest.globals;
    const masks = [
      underlined('Masks'),
      mask('PRIMARY', primary_mask),
      mask('RESERVED', reserved_mask),
      mask('OTHER', other_mask),
      mask('IDLE', idle_mask),
    ].join('\n');
    return [...groups, masks, ''].join('\n\n');
  },
});

// Runs in the guest as root: loads schedulers, from TypeScript and from C, and says what the kernel made of them and how they do
// under load.
//   node guest.mjs DIR --only simple,nest --rounds 3 --ms 1000
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus as allCpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { say } from '../../vm/guest-tools.mjs';
import { Latency, runs } from './runs.mjs';
import { sizes } from './sizes.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    ms: { type: 'string' },
  },
});
const [dir] = positionals;
const cpus = allCpus().length;
const [rounds, ms] = [Number(values.rounds), Number(values.ms)];
const halves = JSON.parse(readFileSync(`${dir}/halves.json`, 'utf8'));

// sdt's original asks for these two. The kernels' configuration is not in the guest, so they are told as the kernel says itself.
mkdirSync('/boot', { recursive: true });
const most = Number(readFileSync('/sys/devices/system/cpu/kernel_max', 'utf8')) + 1;
writeFileSync(`/boot/config-${release()}`, `CONFIG_X86_64=y\nCONFIG_NR_CPUS=${most}\n`);

say('machine', { cpus });
const latency = rounds > 0 ? new Latency(dir) : undefined;
for (const name of values.only.split(',')) {
  let loadable = true;
  for (const side of ['ts', 'c']) {
    try {
      say('sizes', { scheduler: name, side, rows: sizes(dir, side, name, cpus) });
    } catch (error) {
      loadable = false;
      say('sizes', { scheduler: name, side, error: error.message });
    }
  }
  if (!loadable || !latency) continue;
  try {
    const { missing, ...commands } = halves[name] ?? {};
    if (missing) throw new Error(missing);
    const done = await runs(dir, name, { rounds, cpus, ms, commands }, latency);
    say('runs', { scheduler: name, ...done });
  } catch (error) {
    say('runs', { scheduler: name, skipped: error.message });
  }
}

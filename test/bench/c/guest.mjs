// Runs in the guest as root: loads each scheduler, from TypeScript and from C, and says what the kernel made of it.
//   node guest.mjs DIR --only simple,nest
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, release } from 'node:os';
import { parseArgs } from 'node:util';
import { say } from '../../vm/guest-tools.mjs';
import { sizes } from './sizes.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' } },
});
const [dir] = positionals;
const cpus = availableParallelism();

// sdt's original asks for these two. The kernels' configuration is not in the guest, so they are told as the kernel says itself.
mkdirSync('/boot', { recursive: true });
const most = Number(readFileSync('/sys/devices/system/cpu/kernel_max', 'utf8')) + 1;
writeFileSync(`/boot/config-${release()}`, `CONFIG_X86_64=y\nCONFIG_NR_CPUS=${most}\n`);

for (const name of values.only.split(',')) {
  for (const side of ['ts', 'c']) {
    try {
      say('sizes', { scheduler: name, side, rows: sizes(dir, side, name, cpus) });
    } catch (error) {
      say('sizes', { scheduler: name, side, error: error.message, log: error.log?.slice(-1500) });
    }
  }
}

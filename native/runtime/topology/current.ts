import { join } from 'node:path';
import { ScxtsError } from '../errors.js';
import { Cpumask } from './cpumask.js';
import { readText } from './sysfs.js';

const FOLDER = 'devices/system/cpu';

function read(which: 'possible' | 'online', root = '/sys'): Cpumask {
  const path = join(root, FOLDER, which);
  const text = readText(path);
  if (text) return Cpumask.parse(text);
  throw new ScxtsError('ERR_CPUS', `${path} does not say which CPUs there are`, {
    hint: 'sysfs has to be mounted there: mount -t sysfs sysfs /sys',
  });
}

let possible: Cpumask | undefined;

/** CPUs that this machine can have; does not change while the kernel runs. Throws ERR_CPUS. */
export function possibleCpus(): Cpumask {
  possible ??= read('possible');
  return possible;
}

/** CPUs that are there now. `root` is where sysfs is. Throws ERR_CPUS. */
export function onlineCpus(root?: string): Cpumask {
  return read('online', root);
}

/** One more than the highest number that a CPU can have (`scx_bpf_nr_cpu_ids()`): the size of what is indexed by CPU. */
export function nrCpuIds(): number {
  return possibleCpus().last! + 1;
}

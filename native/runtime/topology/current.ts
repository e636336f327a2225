import { join } from 'node:path';
import { currentBackend, type Backend } from '../backend.js';
import { ScxtsError } from '../errors.js';
import { Cpumask } from './cpumask.js';
import { readText } from './sysfs.js';

const FOLDER = 'devices/system/cpu';

function read(which: 'possible' | 'online', backend: Backend, root = backend.sysfs): Cpumask {
  const path = join(root, FOLDER, which);
  const text = readText(path);
  if (text) return Cpumask.parse(text);
  throw new ScxtsError('ERR_CPUS', `${path} does not say which CPUs there are`, {
    hint: 'sysfs has to be mounted there: mount -t sysfs sysfs /sys',
  });
}

const possible = new WeakMap<Backend, Cpumask>();

/** CPUs that this machine can have; does not change while the kernel runs. Throws ERR_CPUS. */
export function possibleCpus(backend: Backend = currentBackend()): Cpumask {
  let cpus = possible.get(backend);
  if (!cpus) {
    cpus = read('possible', backend);
    possible.set(backend, cpus);
  }
  return cpus;
}

/** CPUs that are there now. `root` is where sysfs is. Throws ERR_CPUS. */
export function onlineCpus(root?: string, backend: Backend = currentBackend()): Cpumask {
  return read('online', backend, root);
}

/** One more than the highest number that a CPU can have (`scx_bpf_nr_cpu_ids()`): the size of what is indexed by CPU. */
export function nrCpuIds(backend: Backend = currentBackend()): number {
  return possibleCpus(backend).last! + 1;
}

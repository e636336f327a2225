import { CpuMask } from './cpumask.js';
import type { Kernel } from './kernel.js';
import { fork } from './life.js';
import type { Task } from './task.js';

/** The tasks that every machine has before anything is started: they sleep. Returns the shell, the parent of loads. */
export function boot(k: Kernel): Task {
  const asleep = { asleep: true } as const;
  const init = fork(k, null, { comm: 'init', ...asleep })!;
  const kthreadd = fork(k, null, { comm: 'kthreadd', kernelThread: true, ...asleep })!;
  for (const { id } of k.cpus) {
    const mask = CpuMask.of(k.machine.cpus, [id]);
    fork(k, kthreadd, { comm: `ksoftirqd/${id}`, kernelThread: true, mask, cpu: id, ...asleep });
  }
  return fork(k, init, { comm: 'sh', ...asleep })!;
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { VmError } from './errors.js';

export interface Machine {
  cpus: number;
  memoryMb: number;
  /** For -smp, e.g. `sockets=2,cores=2,threads=2`. */
  topology?: string | undefined;
  /** NUMA nodes; CPUs and memory are divided evenly. */
  numaNodes?: number | undefined;
  kernelArgs?: string | undefined;
}

export function findQemu(): string {
  if (process.arch !== 'x64') throw new VmError(`scxts vm runs on x86-64 only so far, not on ${process.arch}`);
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(dir, 'qemu-system-x86_64');
    if (dir && existsSync(path)) return path;
  }
  throw new VmError('QEMU is missing (qemu-system-x86_64)', 'apt-get install qemu-system-x86');
}

function numa(machine: Machine): string[] {
  const nodes = machine.numaNodes ?? 1;
  if (nodes <= 1) return [];
  const memory = Math.floor(machine.memoryMb / nodes);
  const cpus = Math.floor(machine.cpus / nodes);
  return Array.from({ length: nodes }, (_, i) => [
    '-object', `memory-backend-ram,size=${memory}M,id=mem${i}`,
    '-numa', `node,nodeid=${i},memdev=mem${i},cpus=${i * cpus}-${(i + 1) * cpus - 1}`,
  ]).flat();
}

/** Arguments for a machine with four serial ports on the given sockets. */
export function qemuArguments(machine: Machine, kernel: string, initramfs: string, sockets: string[], kvm: boolean): string[] {
  const smp = `${machine.cpus}${machine.topology ? `,${machine.topology}` : ''}`;
  const memory = machine.numaNodes && machine.numaNodes > 1 ? Math.floor(machine.memoryMb / machine.numaNodes) * machine.numaNodes : machine.memoryMb;
  return [
    '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot',
    // One thread for all CPUs: with several, kernels that patch their own code panicked now and then.
    ...(kvm ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=single', '-cpu', 'max']),
    '-smp', smp, '-m', `${memory}M`, ...numa(machine),
    ...sockets.flatMap((path, i) => ['-chardev', `socket,id=s${i},path=${path}`, '-serial', `chardev:s${i}`]),
    '-kernel', kernel, '-initrd', initramfs,
    '-append', `console=ttyS0 rdinit=/init panic=-1 loglevel=4 mitigations=off nokaslr tsc=unstable ${machine.kernelArgs ?? ''}`.trim(),
  ];
}

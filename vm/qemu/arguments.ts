import { VmError } from '../errors.js';

export interface Machine {
  cpus: number;
  memoryMb: number;
  /** For -smp, e.g. `sockets=2,cores=2,threads=2`; their product is the number of CPUs. */
  topology?: string | undefined;
  /** NUMA nodes; CPUs and memory are divided evenly. */
  numaNodes?: number | undefined;
  /** More arguments for the kernel. */
  kernelArgs?: string | undefined;
  /**
   * Makes time count instructions: each takes 2^n ns (0 to 10), and a pause none, however busy the host is. Emulation
   * only, and about a third slower.
   */
  icountShift?: number | undefined;
}

export type Accelerator = 'tcg' | 'kvm';

/** Below this the kernel cannot unpack the initramfs, which is in memory twice meanwhile. */
export const MIN_MEMORY_MB = 512;
const MAX_CPUS = 255;
/** QEMU's own limit. */
const MAX_ICOUNT_SHIFT = 10;
const TOPOLOGY_KEYS = ['sockets', 'dies', 'cores', 'threads'] as const;
export type Topology = Partial<Record<(typeof TOPOLOGY_KEYS)[number], number>>;

/** The numbers of a topology such as `sockets=2,cores=2,threads=2`. */
export function topologyParts(topology: string): Topology {
  const parts: Topology = {};
  for (const part of topology.split(',')) {
    const [, name, value = ''] = /^([a-z]+)=(\d+)$/.exec(part.trim()) ?? [];
    const key = TOPOLOGY_KEYS.find((k) => k === name);
    if (key === undefined || Number(value) < 1 || parts[key] !== undefined) {
      throw new VmError(
        `'${topology}' is not a CPU topology`,
        `give numbers for some of ${TOPOLOGY_KEYS.join(', ')}, each once: sockets=2,cores=2,threads=2`,
      );
    }
    parts[key] = Number(value);
  }
  return parts;
}

/** CPUs of a topology. */
export function topologyCpus(topology: string): number {
  return Object.values(topologyParts(topology)).reduce((product, n) => product * n, 1);
}

/** Fills in what was not given, and refuses machines that cannot be. */
export function checkMachine(wanted: Partial<Machine>): Machine {
  const fromTopology = wanted.topology ? topologyCpus(wanted.topology) : undefined;
  const machine: Machine = {
    ...wanted,
    cpus: wanted.cpus ?? fromTopology ?? 2,
    memoryMb: wanted.memoryMb ?? 1024,
  };
  const { cpus, memoryMb, numaNodes = 1 } = machine;
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > MAX_CPUS)
    throw new VmError(`${cpus} is no number of CPUs`, `give 1 to ${MAX_CPUS}`);
  if (fromTopology !== undefined && fromTopology !== cpus) {
    throw new VmError(
      `the topology '${wanted.topology}' has ${fromTopology} CPUs, not ${cpus}`,
      'leave the number of CPUs out, or make them agree',
    );
  }
  if (!(memoryMb >= MIN_MEMORY_MB))
    throw new VmError(
      `${memoryMb} MB of memory is too little`,
      `Node and the project need ${MIN_MEMORY_MB} MB or more`,
    );
  if (!Number.isInteger(numaNodes) || numaNodes < 1 || cpus % numaNodes !== 0) {
    throw new VmError(
      `${cpus} CPUs cannot be divided evenly into ${numaNodes} NUMA nodes`,
      'give a number of nodes that divides the number of CPUs',
    );
  }
  const shift = machine.icountShift ?? 0;
  if (!Number.isInteger(shift) || shift < 0 || shift > MAX_ICOUNT_SHIFT)
    throw new VmError(`${shift} is no icount shift`, `give 0 to ${MAX_ICOUNT_SHIFT}`);
  return machine;
}

/** Descriptors that QEMU inherits. The order of the last four is that of the guest's /dev/vport0p1 to p4. */
export const DESCRIPTORS = {
  console: 3,
  stdout: 4,
  stderr: 5,
  control: 6,
  signals: 7,
  initramfs: 8,
} as const;
const PORTS = ['stdout', 'stderr', 'control', 'signals'] as const;

function numa({ cpus, memoryMb, numaNodes = 1 }: Machine): string[] {
  if (numaNodes === 1) return [];
  const memory = Math.floor(memoryMb / numaNodes);
  const each = cpus / numaNodes;
  return Array.from({ length: numaNodes }, (_, i) => [
    ...['-object', `memory-backend-ram,size=${memory}M,id=mem${i}`],
    ...['-numa', `node,nodeid=${i},memdev=mem${i},cpus=${i * each}-${(i + 1) * each - 1}`],
  ]).flat();
}

/** QEMU's own CPU is one of AMD's, which do not tell of dies in a way that QEMU emulates: Intel's do. */
function emulatedCpu({ topology }: Machine): string {
  const { dies = 1 } = topology ? topologyParts(topology) : {};
  return dies > 1 ? 'max,vendor=GenuineIntel' : 'max';
}

/** QEMU's arguments. Console, ports and initramfs come as inherited descriptors. */
export function qemuArguments(
  machine: Machine,
  kernel: string,
  accelerator: Accelerator,
): string[] {
  const nodes = machine.numaNodes ?? 1;
  const memory = Math.floor(machine.memoryMb / nodes) * nodes;
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    // One thread for all CPUs: with several, kernels that patch their own code panicked now and then.
    ...(accelerator === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host']
      : ['-accel', 'tcg,thread=single', '-cpu', emulatedCpu(machine)]),
    ...(machine.icountShift === undefined
      ? []
      : ['-icount', `shift=${machine.icountShift},sleep=off`]),
    ...[
      '-smp',
      `${machine.cpus}${machine.topology ? `,${machine.topology}` : ''}`,
      '-m',
      `${memory}M`,
    ],
    ...numa(machine),
    ...['-chardev', `socket,id=console,fd=${DESCRIPTORS.console}`, '-serial', 'chardev:console'],
    ...['-device', 'virtio-serial-pci'],
    ...PORTS.flatMap((name, i) => [
      '-chardev',
      `socket,id=${name},fd=${DESCRIPTORS[name]}`,
      '-device',
      `virtserialport,nr=${i + 1},chardev=${name},name=scxts.${name}`,
    ]),
    ...['-kernel', kernel, '-initrd', `/proc/self/fd/${DESCRIPTORS.initramfs}`],
    ...['-append', kernelCommandLine(machine.kernelArgs)],
  ];
}

/** An oops ends the machine like a panic does, rather than leaving a command to hang. */
export function kernelCommandLine(more = ''): string {
  return `console=ttyS0 rdinit=/init panic=-1 oops=panic loglevel=4 mitigations=off nokaslr tsc=unstable ${more}`.trim();
}

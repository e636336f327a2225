/** Machines that kernels are booted on, by the name that the tables give them. */
export const MACHINES = {
  '1 CPU': { cpus: 1 },
  '2 CPUs': { cpus: 2 },
  '4 CPUs': { cpus: 4 },
  '8 CPUs': { cpus: 8 },
  '2 sockets': { cpus: 8, topology: 'sockets=2,cores=2,threads=2', numa: 2 },
} as const;
export type MachineName = keyof typeof MACHINES;

export interface Cell {
  kernel: string;
  machine: MachineName;
}

/**
 * Schedulers that cannot run on a kernel, through no fault of theirs: Debian's builds of 7.1 and 7.2 lost functions
 * (docs/kernel-types.md has the reason), and the one of 7.1 that lost least is a real-time kernel, which has no BPF timers.
 * They have to end and say why.
 */
export const CANNOT: Readonly<Record<string, readonly string[]>> = {
  '7.1': ['central', 'nest', 'nest-energy', 'qmap'],
  '7.1.3': ['central', 'eas', 'pair', 'qmap', 'qos', 'userland'],
  '7.2.12': [
    'central',
    'eas',
    'flatcg',
    'nest',
    'nest-energy',
    'pair',
    'qmap',
    'qos',
    'sdt',
    'simple',
    'userland',
  ],
};

/** What CI boots: the oldest three kernels and the newest two, each on another machine. */
export const CI: Cell[] = [
  { kernel: '6.12', machine: '2 CPUs' },
  { kernel: '6.16', machine: '4 CPUs' },
  { kernel: '6.17', machine: '1 CPU' },
  { kernel: '7.2', machine: '2 CPUs' },
  { kernel: '7.3', machine: '2 sockets' },
];

export const KERNELS = ['6.12', '6.16', '6.17', '6.18', '6.19', '7.0', '7.1', '7.2', '7.3'];

/** What `npm run test:matrix` boots: every kernel, and on the newest long-term one every machine. */
export const MATRIX: Cell[] = [
  ...KERNELS.map(
    (kernel, i): Cell =>
      CI.find((c) => c.kernel === kernel) ?? {
        kernel,
        machine: (Object.keys(MACHINES) as MachineName[])[i % 4]!,
      },
  ),
  { kernel: '7.1.3', machine: '2 CPUs' as MachineName },
  { kernel: '7.2.12', machine: '8 CPUs' as MachineName },
  ...(Object.keys(MACHINES) as MachineName[]).map((machine): Cell => ({ kernel: '6.18', machine })),
].filter(
  (cell, i, all) =>
    all.findIndex((c) => c.kernel === cell.kernel && c.machine === cell.machine) === i,
);

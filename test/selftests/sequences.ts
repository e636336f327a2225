// Which callbacks are made for two tasks that are woken by turns, change affinity and nice value, and end: on the model, with the
// same object and script as test/selftests/sequences-guest.mjs has on a machine.
import { objectOf } from '../../sim/node/object.js';
import { Simulation, type TaskGroup } from '../../sim/index.js';
import type { Kernel } from './cases.js';

/** As `Call` of schedulers/sequences.ts. */
const NAMES = [
  ...[
    '',
    'select_cpu',
    'enqueue',
    'dequeue',
    'runnable',
    'running',
    'stopping, runnable',
    'stopping',
  ],
  ...['quiescent', 'set_weight', 'set_cpumask', 'enable', 'disable', 'init_task', 'exit_task'],
];

export interface Sequences {
  seqA: string[];
  seqB: string[];
}

export const named = (calls: readonly number[]): string[] => calls.map((c) => NAMES[c] ?? `${c}`);

const ROUNDS = 5;
const served = (name: string, cpu: number): TaskGroup => ({
  ...{ name, cpus: [cpu] },
  first: [
    { repeat: ROUNDS, steps: [{ wait: name }, { run: '50us' }, { wake: 'served' }] },
    { wait: name },
    { run: '50us' },
    { exit: true },
  ],
  loop: [{ exit: true }],
});

export async function modelSequences(object: string, kernel: Kernel): Promise<Sequences> {
  const simulation = await Simulation.prepare({
    ...{ kernel, machine: { cpus: 2 }, duration: '1s' },
    tasks: [
      served('seqA', 1),
      served('seqB', 1),
      {
        ...{ name: 'node', cpus: [0], start: '100ms' },
        first: [
          {
            repeat: ROUNDS,
            steps: [
              ...[{ wake: 'seqA' }, { wait: 'served' }, { run: '100us' as const }],
              ...[{ wake: 'seqB' }, { wait: 'served' }, { run: '100us' as const }],
            ],
          },
          { sleep: '200ms' },
          { wake: 'seqA' },
          { wake: 'seqB' },
          { exit: true },
        ],
        loop: [{ exit: true }],
      },
    ],
    events: [
      { at: '200ms', task: 'seqA', cpus: '0-1' },
      { at: '210ms', task: 'seqB', nice: 5 },
    ],
  });
  const { machine } = simulation;
  const { bytes, name } = await objectOf(object);
  // They sleep by then, as on a machine whose scheduler is loaded later.
  machine.kernel.run(50e6);
  await machine.attach(bytes, name);
  simulation.run();
  const map = machine.object!.maps.get('sequences')!;
  const { u32 } = machine.space.memory;
  const read = (key: number): string[] => {
    const at = [...map.entries()][key]![1] >>> 2;
    return named([...u32.subarray(at + 1, at + 1 + u32[at]!)]);
  };
  const sequences = { seqA: read(0), seqB: read(1) };
  simulation.finish();
  return sequences;
}

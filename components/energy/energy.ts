// The half of the energy component that runs in user space: finds a model, works its costs out in floating point and
// pushes them; without a model it watches the machine and says whether to pack or to spread.
import { join } from 'node:path';
import {
  every,
  machineRoot,
  onlineCpus,
  type ArrayMap,
  type SkeletonTypes,
  type Timer,
} from '../../native/runtime/index.js';
import { findModel } from './kernel-model.js';
import { readModelFile } from './model-file.js';
import { capacitiesOf, cpuClasses, type CpuClass, type EnergyModel } from './model.js';
import { PackReader, PackSignal, type PackInputs } from './pack.js';
import { COST_STEPS, tablesOf } from './tables.js';

export interface CpuUse {
  util: bigint;
  at: bigint;
  runnable: bigint;
  busy: number;
  nr: number;
}

/** What it needs of the BPF half. */
export interface EnergyState extends SkeletonTypes {
  config: object;
  counters: never;
  progs: object;
  globals: { mode: number; overutilised: boolean };
  maps: {
    cpu_models: ArrayMap<{ domain: number; capacity: number }>;
    domain_models: ArrayMap<{ costs: bigint[] }>;
    cpu_uses: ArrayMap<CpuUse>;
  };
}

/** `mode` of state.bpf.ts. */
const MODES = { model: 0, pack: 1, spread: 2 } as const;
export type Mode = keyof typeof MODES;

export interface EnergyOptions {
  /** Where sysfs and debugfs are looked for; `/` unless told otherwise. */
  root?: string;
  /** Takes the model from this file instead. */
  file?: string;
  /** ms between two looks at the machine, without a model. */
  intervalMs?: number;
}

interface Seen {
  at: bigint;
  busy: boolean;
}

export class Energy {
  /** What placement goes by; undefined where there is none. */
  model: EnergyModel | undefined;
  /** The latest look at the machine, without a model. */
  signal: { score: number; pack: boolean; inputs: PackInputs } | undefined;
  private readonly root: string;
  private readonly reader: PackReader;
  private readonly packing = new PackSignal();
  private seen = new Map<number, Seen>();
  private timer: Timer | undefined;

  constructor(
    private readonly state: Pick<EnergyState, 'globals' | 'maps'>,
    private readonly options: EnergyOptions = {},
  ) {
    this.root = options.root ?? machineRoot();
    const { file } = options;
    this.reader = new PackReader(this.root);
    this.use(file === undefined ? findModel(this.root) : readModelFile(file));
  }

  /** Places by this model from now on; without one, by the signal once start() was called. */
  use(model: EnergyModel | undefined): void {
    const { cpu_models, domain_models } = this.state.maps;
    this.model = model;
    if (!model) {
      for (let cpu = 0; cpu < cpu_models.length; cpu++)
        cpu_models.set(cpu, { domain: 0, capacity: 0 });
      this.mode = 'spread';
      return;
    }
    const { cpus, costs } = tablesOf(model);
    costs.forEach((row, i) => domain_models.set(i, { costs: row }));
    for (let i = costs.length; i < domain_models.length; i++)
      domain_models.set(i, { costs: new Array<bigint>(COST_STEPS + 1).fill(0n) });
    for (let cpu = 0; cpu < cpu_models.length; cpu++)
      cpu_models.set(cpu, cpus.get(cpu) ?? { domain: 0, capacity: 0 });
    this.mode = 'model';
  }

  get mode(): Mode {
    const { mode } = this.state.globals;
    return mode === MODES.model ? 'model' : mode === MODES.pack ? 'pack' : 'spread';
  }

  /** Overrides what is done, until the next use() or look at the machine. */
  set mode(mode: Mode) {
    this.state.globals.mode = MODES[mode];
  }

  /** Whether a CPU had more to do than fits when a task was placed last. */
  get overutilised(): boolean {
    return this.state.globals.overutilised;
  }

  /** CPUs by what they can do; one class where the model knows no difference. */
  get classes(): CpuClass[] {
    return this.model ? cpuClasses(capacitiesOf(this.model)) : [];
  }

  /**
   * What CPUs do, of 1024, as far as it can be told from outside, in the order in which they are named; those that are online
   * unless others are.
   */
  utilisations(cpus: Iterable<number> = this.online()): number[] {
    const { cpu_uses } = this.state.maps;
    return [...cpus].map((cpu) => {
      const use = cpu_uses.get(cpu);
      if (!use) return 0;
      const busy = use.busy !== 0;
      const before = this.seen.get(cpu);
      this.seen.set(cpu, { at: use.at, busy });
      // Averages are brought up to date by what happens on the CPU. Where nothing did, it went on as it was.
      if (before?.at === use.at) return busy ? 1024 : 0;
      return Math.min(1024, Number(use.util >> 10n));
    });
  }

  /** CPUs that are there now. */
  private online(): Iterable<number> {
    return onlineCpus(join(this.root, 'sys'));
  }

  /** Looks at the machine once and says whether to pack or to spread. */
  look(cpus: Iterable<number> = this.online()): {
    score: number;
    pack: boolean;
    inputs: PackInputs;
  } {
    const of = [...cpus];
    const utils = this.utilisations(of);
    const { cpu_uses } = this.state.maps;
    let waiting = 0;
    for (const cpu of of) {
      const use = cpu_uses.get(cpu);
      if (use) waiting += Math.max(0, use.nr - (use.busy ? 1 : 0));
    }
    const inputs: PackInputs = {
      utilisation: utils.reduce((a, b) => a + b, 0) / (1024 * of.length),
      waiting: waiting / of.length,
      ...this.reader.read(),
    };
    this.signal = { ...this.packing.update(inputs), inputs };
    if (!this.model) this.mode = this.signal.pack ? 'pack' : 'spread';
    return this.signal;
  }

  /** Looks at the machine again and again; does not keep the process alive. */
  start(): void {
    this.stop();
    this.timer = every(this.options.intervalMs ?? 250, () => this.look()).unref();
  }

  stop(): void {
    this.timer?.stop();
    this.timer = undefined;
  }
}

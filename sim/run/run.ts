import type { Coverage, LineCount } from '../engine/types.js';
import { SimError } from '../errors.js';
import type { Costs } from '../kernel/costs.js';
import { detach } from '../kernel/enable.js';
import type { ExitInfo } from '../kernel/scheduler.js';
import { defaultLoad } from '../load/default.js';
import type { Load } from '../load/description.js';
import { RunningLoad } from '../load/start.js';
import { findings } from '../report/findings.js';
import {
  Recorder,
  type CallbackReport,
  type CpuReport,
  type GroupReport,
} from '../report/report.js';
import { Sampler } from '../trace/sampler.js';
import { recordingOf } from '../trace/recording.js';
import type { Recording, Series } from '../view/recording.js';
import { countersOf, type Counter } from './counters.js';
import { ModelMachine } from './machine.js';
import { shuffled } from '../random.js';
import { planOf, type Plan, type SimulateOptions } from './options.js';

/** A scheduler to run: an object in memory. Null: the kernel's own. */
export interface ObjectBytes {
  name: string;
  bytes: Uint8Array;
}

/** Why a run ended. */
export interface RunExit extends Pick<
  ExitInfo,
  'kind' | 'kindName' | 'reason' | 'message' | 'code' | 'dump'
> {
  /** file:line of the scheduler, where it ended by itself. */
  where: string;
  /** ns. */
  at: number;
  error: boolean;
}

/** What a run showed. Times are ns of virtual time. */
export class Run {
  readonly scheduler: string;
  readonly duration: number;
  readonly groups: readonly GroupReport[];
  readonly cpus: readonly CpuReport[];
  readonly callbacks: readonly CallbackReport[];
  /** Totals by name. */
  readonly counters: Readonly<Record<string, number>>;
  readonly counterList: readonly Counter[];
  /** Totals by name once the scheduler was let go: with what its last callbacks counted. */
  lastCounters: Readonly<Record<string, number>> = {};
  /** SCX_EV_* without the prefix. */
  readonly kernelEvents: Readonly<Record<string, number>>;
  readonly exit: RunExit;
  /** The same for the same inputs, on every machine. */
  readonly hash: string;
  /** Events of the model. */
  readonly events: number;
  /** What the scheduler printed, and warnings. */
  readonly output: readonly string[];
  readonly costs: Costs;
  readonly plan: Plan;
  /** What was slow or unfair, in words. */
  readonly findings: readonly string[];
  /** Sum of all CPUs, J; 0 if nothing is known of power. */
  readonly energy: number;

  constructor(
    plan: Plan,
    private readonly machine: ModelMachine,
    recorder: Recorder,
    exit: RunExit,
    name: string,
    counters: Counter[],
    private readonly traced: boolean,
    private readonly series: Series[],
    private readonly profiled: boolean,
  ) {
    const { kernel } = machine;
    this.plan = plan;
    this.scheduler = name;
    this.duration = kernel.now;
    this.groups = recorder.groups();
    this.cpus = recorder.cpus();
    this.callbacks = recorder.callbacks();
    this.counterList = counters;
    this.counters = Object.fromEntries(counters.map((c) => [c.name, c.total]));
    this.kernelEvents = Object.fromEntries(kernel.eventCounts);
    this.exit = exit;
    this.hash = kernel.log.hash();
    this.events = kernel.events.count;
    this.output = [...machine.output];
    this.costs = plan.costs;
    this.energy = this.cpus.reduce((n, c) => n + c.energy, 0) / 1e6;
    this.findings = findings(this);
  }

  group(name: string): GroupReport {
    const found = this.groups.find((g) => g.name === name);
    if (found) return found;
    const names = this.groups.map((g) => g.name).join(', ');
    throw new SimError('SIM_GROUP', `the load has no group '${name}'`, `it has ${names}`);
  }

  /** Who ran where, for the pages and files that `scxts trace` writes. */
  trace(): Recording {
    if (!this.traced)
      throw new SimError('SIM_NO_TRACE', 'this run kept no trace', 'run it without trace: false');
    const { kindName, reason, message, where, at, kind } = this.exit;
    return recordingOf(this.machine.kernel, {
      ...{ scheduler: this.scheduler, kernel: this.plan.kernel, series: this.series },
      config: Object.fromEntries(
        Object.entries(this.plan.config).map(([name, value]) => [name, String(value)]),
      ),
      exit: kind === 0 ? undefined : { kind: kindName, reason, message, where, at },
    });
  }

  /** Instructions by line of source, most first. */
  profile(): LineCount[] {
    if (!this.profiled)
      throw new SimError(
        'SIM_NO_PROFILE',
        'this run counted no lines',
        'run it with profile: true',
      );
    return this.machine.object?.profile() ?? [];
  }

  /** Which lines of the scheduler were reached; lcovText() of sim/report/lcov writes it. */
  coverage(): Coverage {
    if (!this.profiled)
      throw new SimError(
        'SIM_NO_PROFILE',
        'this run counted no lines',
        'run it with profile: true',
      );
    return this.machine.object?.coverage() ?? { lines: [], functions: [] };
  }
}

/** A run that can be followed step by step. */
export class Simulation {
  private counters: Counter[] | undefined;
  private lastCounters: Counter[] | undefined;
  private readonly sampler: Sampler | undefined;

  private constructor(
    readonly plan: Plan,
    readonly machine: ModelMachine,
    readonly load: RunningLoad,
    private readonly recorder: Recorder,
    private readonly options: SimulateOptions,
  ) {
    if (options.trace)
      this.sampler = new Sampler(machine.kernel, plan.duration, () => this.countersNow());
  }

  /** Boots the machine, attaches the scheduler, prepares the load. */
  static async start(
    object: ObjectBytes | null,
    options: SimulateOptions = {},
  ): Promise<Simulation> {
    const simulation = await Simulation.prepare(options);
    const { machine, plan } = simulation;
    if (object) await machine.attach(object.bytes, object.name, plan.config);
    return simulation;
  }

  /** Boots the machine and prepares the load: nothing is attached yet. */
  static async prepare(options: SimulateOptions = {}): Promise<Simulation> {
    const plan = planOf(options);
    const load: Load = options.tasks
      ? {
          tasks: options.tasks,
          ...(options.events && { events: options.events }),
          ...(options.cgroups && { cgroups: options.cgroups }),
        }
      : { ...defaultLoad(plan.machine.cpus), ...(options.events && { events: options.events }) };
    const machine = await ModelMachine.boot({
      ...{ kernel: plan.kernel, machine: plan.machine, costs: plan.costs, seed: plan.seed },
      ...{ trace: options.trace ?? false, profile: options.profile ?? false },
      ...(options.engine && { engine: options.engine }),
      ...(options.shuffle && { tie: shuffled(options.shuffle) }),
      tasks: load.tasks.reduce((n, g) => n + (g.count ?? 1), 0) + 1000,
    });
    // The load is checked before the scheduler runs: its cgroups are there when it is attached.
    const running = new RunningLoad(machine.kernel, load, machine.shell, plan.seed);
    const recorder = new Recorder(machine.kernel, running);
    return new Simulation(plan, machine, running, recorder, options);
  }

  /** Until a time (ns), the end of the run if none is given, or the end of the scheduler. */
  run(until = this.plan.duration): void {
    const { kernel } = this.machine;
    const attached = kernel.scheduler !== null;
    if (attached || this.sampler)
      kernel.run(until, () => {
        this.sampler?.look();
        return attached && kernel.scheduler === null;
      });
    else kernel.run(until);
  }

  /** Until `stop` holds, the end of the run, or the end of the scheduler. */
  step(stop: () => boolean): void {
    const { kernel } = this.machine;
    kernel.run(this.plan.duration, () => {
      this.sampler?.look();
      return stop() || kernel.scheduler === null;
    });
  }

  /** Accounts what runs at this moment, and keeps the counters. */
  settle(): void {
    this.recorder.settle();
    this.sampler?.sample();
    this.counters ??= this.countersNow();
  }

  /** Detaches what is attached, and keeps the counters as they are then, too: the object may be closed after that. */
  detach(): void {
    detach(this.machine.kernel);
    this.lastCounters ??= this.countersNow();
  }

  private countersNow(): Counter[] {
    const { object, guest } = this.machine;
    return object ? countersOf(object, guest.space) : [];
  }

  /** Detaches what is attached and gives what there is to see. */
  finish(): Run {
    const { machine, options } = this;
    const { kernel } = machine;
    if (!this.lastCounters) {
      this.settle();
      this.detach();
    }
    const counters = this.counters ?? [];
    const info = kernel.exit.info;
    const exit: RunExit = {
      ...(info ?? {
        kind: 0,
        kindName: 'SCX_EXIT_NONE',
        reason: '',
        message: '',
        code: 0n,
        dump: '',
      }),
      ...{ where: kernel.exit.where, at: kernel.exit.at, error: (info?.kind ?? 0) >= 1024 },
    };
    const run = new Run(
      ...([this.plan, machine, this.recorder, exit, machine.schedulerName, counters] as const),
      ...([
        options.trace ?? false,
        this.sampler?.series() ?? [],
        options.profile ?? false,
      ] as const),
    );
    run.lastCounters = Object.fromEntries((this.lastCounters ?? []).map((c) => [c.name, c.total]));
    return run;
  }
}

/** Runs an object, or the kernel's own scheduler, for the whole time. */
export async function simulateObject(
  object: ObjectBytes | null,
  options: SimulateOptions = {},
): Promise<Run> {
  const simulation = await Simulation.start(object, options);
  simulation.run();
  return simulation.finish();
}

import {
  openObject,
  withBackend,
  type AttachedLink,
  type Halves,
  type LoadedScheduler,
  type OpenScheduler,
  type UserspaceContext,
} from '../../native/runtime/index.js';
import { backend } from '../backend/index.js';
import { SimError } from '../errors.js';
import type { SimulateOptions } from '../run/options.js';
import { Simulation, type Run } from '../run/run.js';
import { HalfMachine } from './half-machine.js';
import { objectPathOf } from './object.js';

/** What a half gets over the model. */
export interface HalfContext extends UserspaceContext {
  /** What it has just done takes so many ms of a CPU more: its own computing takes no virtual time. */
  compute(ms: number): void;
}

/** What runs beside a scheduler: the default export of `--with FILE`. */
export type Half = (context: HalfContext) => void | Promise<void>;

export interface HalfOptions extends SimulateOptions {
  half?: Half;
  /** Before load: options of components, and what `config` does not reach. */
  configure?: (opened: OpenScheduler) => void;
  /** Halves of components, by name; those that the object names. */
  halves?: () => Promise<Halves>;
}

/** Turns of the event loop that promises of a half get before virtual time goes on. */
const TURNS = 3;
/** Real time that a half may take without letting virtual time go on, ms. */
const PATIENCE = 10_000;

/**
 * Runs a scheduler (FILE.ts or FILE.bpf.o) with its userspace half over the model: the unchanged runtime loads and attaches
 * it, its timers are those of virtual time, and the half is a task of the modelled machine.
 */
export async function simulateWithHalf(file: string, options: HalfOptions): Promise<Run> {
  const { half, halves, configure, ...rest } = options;
  using object = await objectPathOf(file);
  const simulation = await Simulation.prepare({ trace: true, ...rest });
  const { machine, plan } = simulation;
  const { kernel } = machine;
  using machineOfHalf = new HalfMachine(machine);
  const stop = new AbortController();
  let failure: unknown;
  await withBackend(backend(machineOfHalf), async () => {
    const opened: OpenScheduler = openObject(object.path, await halves?.());
    Object.assign(opened.config as object, plan.config);
    configure?.(opened);
    const loaded: LoadedScheduler = opened.load();
    const link: AttachedLink = loaded.attach();
    const compute = (ms: number): void => machineOfHalf.process.compute(ms * 1e6);
    const context = { scheduler: loaded, link, signal: stop.signal, restarts: 0, compute };
    let running = half !== undefined;
    const done = Promise.resolve(half?.(context as HalfContext))
      .catch((error: unknown) => (failure = error))
      .finally(() => (running = false));
    await settleHalf();
    while (kernel.now < plan.duration && kernel.scheduler !== null && failure === undefined) {
      machineOfHalf.process.turn = false;
      simulation.step(() => machineOfHalf.process.turn);
      await settleHalf();
    }
    stop.abort();
    // It has to leave its loops, with virtual time standing still but for what it waits for.
    const patience = Date.now() + PATIENCE;
    while (running && Date.now() < patience) {
      kernel.run(kernel.now + 1_000_000);
      await settleHalf();
    }
    if (running)
      throw new SimError(
        'SIM_HALF',
        'the userspace half goes on after the end',
        'let it end when `signal` is aborted',
      );
    await done;
    simulation.settle();
    link.detach();
    simulation.detach();
    loaded.close();
  });
  if (failure !== undefined)
    throw new SimError(
      'SIM_HALF',
      `the userspace half failed: ${failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)}`,
    );
  return simulation.finish();
}

async function settleHalf(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((resolve) => setImmediate(resolve));
}

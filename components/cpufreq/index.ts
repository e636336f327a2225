import {
  userspaceHalf,
  type ArrayMap,
  type LoadedComponent,
  type OpenComponent,
  type SkeletonTypes,
} from '../../native/runtime/index.js';
import { FrequencyHints, HintError, type HintOptions } from './hints.js';

export { FrequencyHints, HintError, type HintOptions, type Hints } from './hints.js';
export type { Change } from './journal.js';

interface Bounds {
  min: number;
  max: number;
}
/** What this half needs of the BPF half. */
export interface CpufreqState extends SkeletonTypes {
  config: object;
  globals: object;
  counters: never;
  maps: { bounds: ArrayMap<Bounds>; speeds: ArrayMap<{ target: number; capacity: number }> };
  progs: object;
}

/** Before load: `open.components.cpufreq.options.root = ...`. */
export class OpenCpufreq {
  readonly options: HintOptions = {};
}

export class Cpufreq {
  /** Governor and preference, put back when the scheduler ends. */
  readonly hints: FrequencyHints;

  constructor(
    private readonly state: Pick<CpufreqState, 'maps'>,
    options: HintOptions,
  ) {
    this.hints = new FrequencyHints(options);
  }

  /** Bounds of what is asked for on a CPU, of 1024; they count from the next request on. */
  bound(cpu: number, min: number, max = 1024): void {
    const valid = (x: number): boolean => Number.isInteger(x) && x >= 0 && x <= 1024;
    if (!valid(min) || !valid(max) || min > max || max === 0)
      throw new HintError(`bounds of CPU ${cpu} are from 0 to 1024, not ${min} to ${max}`);
    this.state.maps.bounds.set(cpu, { min, max });
  }

  /** What was asked for last on a CPU, of 1024, and what it can do of the fastest one. */
  speed(cpu: number): { target: number; capacity: number } | undefined {
    const speed = this.state.maps.speeds.get(cpu);
    return speed && { target: speed.target, capacity: speed.capacity };
  }
}

export default userspaceHalf({
  open: (_component: OpenComponent<CpufreqState>) => new OpenCpufreq(),
  load: (component: LoadedComponent<CpufreqState>, open) => new Cpufreq(component, open.options),
  attach: (half) => () => void half.hints.restore(),
  close: (half) => void half.hints.restore(),
});

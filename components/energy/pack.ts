// Where there is no energy model: should tasks be packed on few warm CPUs, or spread? A heuristic with stated
// inputs. One clock domain a CPU and a shared power limit (as on Intel and AMD) are assumed: packing pays while the
// few CPUs are neither full nor throttled, spreading pays once work waits or power is there to spend.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../native/runtime/topology/sysfs.js';

/** What the signal is computed from. An input that the machine does not have is left out. */
export interface PackInputs {
  /** Busy share of all CPUs, 0 to 1. */
  utilisation: number;
  /** Runnable tasks that wait, for each CPU. */
  waiting: number;
  /** What the package draws, of its limit (RAPL), 0 to 1 and above. */
  powerShare?: number;
  /** Whether a CPU was throttled because of heat since the last reading. */
  throttled?: boolean;
  /** Energy performance preference of the CPUs: 0 is performance, 1 is power. */
  preference?: number;
  /** Whether it runs on battery. */
  onBattery?: boolean;
}

/** 0: spread. 1: pack. */
export function packScore(inputs: PackInputs): number {
  // Half of the CPUs being enough, packing leaves the others asleep; from there on it falls to nothing at 85 %.
  let score = 1 - clamp((inputs.utilisation - 0.5) / 0.35);
  // Who waits is served by another CPU, if there is one.
  score -= clamp(inputs.waiting) * 0.5;
  const { powerShare, preference } = inputs;
  // Near its limit a package clocks down: fewer CPUs awake leave more for each.
  if (powerShare !== undefined) score += clamp((powerShare - 0.8) / 0.2) * 0.25;
  if (inputs.throttled) score += 0.25;
  if (preference !== undefined) score += (preference - 0.5) * 0.5;
  if (inputs.onBattery) score += 0.2;
  return clamp(score);
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));

/** Turns scores into a decision that does not flap: packs above 0.6, spreads below 0.4, otherwise as before. */
export class PackSignal {
  private packing: boolean;
  constructor(
    initially = true,
    private readonly above = 0.6,
    private readonly below = 0.4,
  ) {
    this.packing = initially;
  }

  update(inputs: PackInputs): { score: number; pack: boolean } {
    const score = packScore(inputs);
    if (score > this.above) this.packing = true;
    else if (score < this.below) this.packing = false;
    return { score, pack: this.packing };
  }
}

/** EPP names of intel_pstate and amd-pstate in sysfs, as a share from performance to power. */
const PREFERENCES: Record<string, number> = {
  performance: 0,
  balance_performance: 0.33,
  default: 0.5,
  balance_power: 0.67,
  power: 1,
};

const list = (path: string): string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};
const CPUS = 'sys/devices/system/cpu';
const RAPL = 'sys/class/powercap';
const SUPPLY = 'sys/class/power_supply';

/** `psys`, the whole platform, stands beside the packages and has them in it. */
const isPackage = (zone: string): boolean =>
  (readText(join(zone, 'name')) ?? 'package').startsWith('package');

/** Reads from sysfs what the signal wants beside utilisation; below a root that tests replace. */
export class PackReader {
  private last: { at: number; energyUj: number; throttles: number } | undefined;
  constructor(
    private readonly root = '/',
    private readonly now: () => number = () => performance.now(),
  ) {}

  read(): Omit<PackInputs, 'utilisation' | 'waiting'> {
    const at = this.now();
    const energyUj = this.sum(RAPL, /^intel-rapl:\d+$/, 'energy_uj', isPackage);
    const throttles =
      this.sum(CPUS, /^cpu\d+$/, 'thermal_throttle/package_throttle_count') ?? undefined;
    const before = this.last;
    if (energyUj !== undefined || throttles !== undefined)
      this.last = { at, energyUj: energyUj ?? 0, throttles: throttles ?? 0 };
    const limitUw = this.sum(RAPL, /^intel-rapl:\d+$/, 'constraint_0_power_limit_uw', isPackage);
    const out: Omit<PackInputs, 'utilisation' | 'waiting'> = {};
    // The counter wraps now and then; that reading is left out.
    if (
      before &&
      energyUj !== undefined &&
      limitUw &&
      energyUj >= before.energyUj &&
      at > before.at
    )
      out.powerShare = ((energyUj - before.energyUj) * 1000) / (at - before.at) / limitUw;
    if (before && throttles !== undefined) out.throttled = throttles > before.throttles;
    const preference = this.preference();
    if (preference !== undefined) out.preference = preference;
    const onBattery = this.onBattery();
    if (onBattery !== undefined) out.onBattery = onBattery;
    return out;
  }

  private sum(
    folder: string,
    names: RegExp,
    file: string,
    counts: (folder: string) => boolean = () => true,
  ): number | undefined {
    const values = list(join(this.root, folder))
      .filter((n) => names.test(n) && counts(join(this.root, folder, n)))
      .map((n) => Number(readText(join(this.root, folder, n, file)) ?? NaN))
      .filter((v) => !Number.isNaN(v));
    return values.length > 0 ? values.reduce((a, b) => a + b, 0) : undefined;
  }

  private preference(): number | undefined {
    const values = list(join(this.root, CPUS))
      .filter((n) => /^cpu\d+$/.test(n))
      .map((n) => readText(join(this.root, CPUS, n, 'cpufreq/energy_performance_preference')))
      .flatMap((text) => {
        if (text === undefined) return [];
        const named = PREFERENCES[text];
        if (named !== undefined) return [named];
        return /^\d+$/.test(text) ? [Number(text) / 255] : [];
      });
    return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : undefined;
  }

  private onBattery(): boolean | undefined {
    const mains = list(join(this.root, SUPPLY))
      .filter((n) => readText(join(this.root, SUPPLY, n, 'type')) === 'Mains')
      .map((n) => readText(join(this.root, SUPPLY, n, 'online')));
    return mains.length > 0 ? mains.every((online) => online === '0') : undefined;
  }
}

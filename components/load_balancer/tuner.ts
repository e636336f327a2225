import { readFileSync } from 'node:fs';
import type { Domains } from './domains.js';

export interface TunerLimits {
  /** Below this utilisation a domain takes tasks of others on its idle CPUs (direct greedy). */
  on: number;
  /** Above this it no longer does. Between the two nothing changes, so that it does not flap. */
  off: number;
}

export const DEFAULT_TUNER: Readonly<TunerLimits> = { on: 0.85, off: 0.95 };

/** Busy and total time of CPUs, in any unit, since some time in the past. */
export interface CpuTimes {
  busy: Float64Array;
  total: Float64Array;
}

/** Columns of a cpu line of /proc/stat, in ticks: user nice system idle iowait irq softirq steal. */
export function parseCpuTimes(text: string, cpus: number): CpuTimes {
  const busy = new Float64Array(cpus);
  const total = new Float64Array(cpus);
  for (const line of text.split('\n')) {
    const [, id, rest] = /^cpu(\d+)\s+(.*)$/.exec(line) ?? [];
    if (id === undefined || Number(id) >= cpus) continue;
    const times = rest!.split(/\s+/).slice(0, 8).map(Number);
    const sum = times.reduce((a, b) => a + b, 0);
    total[Number(id)] = sum;
    busy[Number(id)] = sum - (times[3] ?? 0) - (times[4] ?? 0);
  }
  return { busy, total };
}

export function readCpuTimes(cpus: number, root = '/proc'): CpuTimes {
  return parseCpuTimes(readFileSync(`${root}/stat`, 'utf8'), cpus);
}

/** Decides from utilisation which domains have time to spare for tasks of others. */
export class Tuner {
  /** Utilisation of each domain between the last two readings, 0 to 1. */
  readonly utilisation: Float64Array;
  /** Whether the domain's CPUs take tasks of others. */
  readonly spare: Uint8Array;
  private last: CpuTimes | undefined;

  constructor(
    private readonly domains: Domains,
    private readonly limits: TunerLimits = DEFAULT_TUNER,
  ) {
    if (!(limits.on <= limits.off))
      throw new Error(
        `the tuner's limit to switch on, ${limits.on}, is above that to switch off, ${limits.off}`,
      );
    this.utilisation = new Float64Array(domains.count);
    this.spare = new Uint8Array(domains.count);
  }

  /** Takes a reading; gives the domains whose state changed. */
  update(times: CpuTimes): number[] {
    const { last, domains, utilisation, spare, limits } = this;
    this.last = times;
    if (!last) return [];
    const busy = new Float64Array(domains.count);
    const total = new Float64Array(domains.count);
    for (let cpu = 0; cpu < domains.ofCpu.length; cpu++) {
      const d = domains.ofCpu[cpu]!;
      busy[d]! += Math.max(0, times.busy[cpu]! - last.busy[cpu]!);
      total[d]! += Math.max(0, times.total[cpu]! - last.total[cpu]!);
    }
    const changed: number[] = [];
    for (let d = 0; d < domains.count; d++) {
      if (total[d] === 0) continue;
      utilisation[d] = busy[d]! / total[d]!;
      const now = utilisation[d]! < limits.on ? 1 : utilisation[d]! > limits.off ? 0 : spare[d]!;
      if (now === spare[d]) continue;
      spare[d] = now;
      changed.push(d);
    }
    return changed;
  }
}

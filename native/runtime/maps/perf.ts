import { closeSync } from 'node:fs';
import { addon } from '../addon.js';
import { native, ScxtsError } from '../errors.js';
import { BpfMap } from './base.js';

/** What a PMU counter counts: PERF_TYPE_* and PERF_COUNT_* of linux/perf_event.h. */
export interface PerfCounter {
  type: number;
  config: number | bigint;
}

const NO_COUNTER =
  'this machine has no such counter (few virtual machines have a PMU): PERF_TYPE_SOFTWARE with PERF_COUNT_SW_CPU_CLOCK works everywhere';
const NOT_ALLOWED = 'run as root, with CAP_PERFMON, or with kernel.perf_event_paranoid at -1';
/** What to do about an error of perf_event_open(2), by its number. */
const REMEDIES: Readonly<Record<number, string>> = {
  1: NOT_ALLOWED,
  2: NO_COUNTER,
  13: NOT_ALLOWED,
  16: 'all counters of the PMU are taken: by the NMI watchdog (kernel.nmi_watchdog), or by another program',
  22: 'type and config name no event of this kernel',
  24: 'one file is open for each CPU: raise the limit with ulimit -n',
  95: NO_COUNTER,
};

/** `perfEvents()`: a PMU counter on each CPU, which programs read. */
export class PerfEventsMap extends BpfMap {
  private descriptors: number[] = [];

  /**
   * Counts an event on every CPU that is online, instead of what was counted before, until the scheduler is closed.
   * Throws ERR_PERF where the kernel has no such counter or does not give it.
   * @returns the CPUs that count.
   */
  open({ type, config }: PerfCounter): number[] {
    this.check();
    if (this.backend.isModel)
      throw new ScxtsError('ERR_PERF', 'a modelled machine has no PMU', {
        hint: 'of() gives null there',
      });
    this.release();
    const cpus = this.online();
    try {
      for (const cpu of cpus) this.openOn(cpu, type, BigInt(config));
    } catch (error) {
      this.release();
      throw error;
    }
    return cpus;
  }

  private openOn(cpu: number, type: number, config: bigint): void {
    let descriptor: number;
    try {
      descriptor = native(() => addon().openPerfEvent(type, config, cpu));
    } catch (error) {
      if (!(error instanceof ScxtsError)) throw error;
      const remedy = REMEDIES[error.errno];
      throw new ScxtsError(
        'ERR_PERF',
        `CPU ${cpu} cannot count event ${type}:${config}: ${error.message}`,
        { errno: error.errno, ...(remedy ? { hint: remedy } : {}) },
      );
    }
    this.descriptors.push(descriptor);
    this.putKey(cpu);
    this.scratch.value.setUint32(0, descriptor, true);
    native(() => this.handle.put(0));
  }

  private online(): number[] {
    const text = this.backend.file('/sys/devices/system/cpu/online') ?? '0';
    return text
      .trim()
      .split(',')
      .flatMap((part) => {
        const [first = 0, last = first] = part.split('-').map(Number);
        return Array.from({ length: last - first + 1 }, (_, i) => first + i);
      });
  }

  private release(): void {
    for (const descriptor of this.descriptors) closeSync(descriptor);
    this.descriptors = [];
  }

  override close(): void {
    this.release();
    super.close();
  }
}

// Governor, energy performance preference and frequency bounds, through sysfs, given back whatever happens: at exit, on
// a signal, after an error; and after SIGKILL by the next start, which finds in a state file what was changed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineRoot } from '../../native/runtime/index.js';
import { readText } from '../../native/runtime/topology/sysfs.js';
import { HintError, HintJournal, type Change } from './journal.js';

export { HintError } from './journal.js';

const POLICIES = 'sys/devices/system/cpu/cpufreq';

export interface Hints {
  /** `scaling_governor`, e.g. schedutil. */
  governor?: string;
  /** `energy_performance_preference` (intel_pstate, amd-pstate), e.g. balance_power. */
  preference?: string;
  /** `scaling_min_freq` and `scaling_max_freq`. */
  minKhz?: number;
  maxKhz?: number;
}

/** In this order: a governor of `performance` refuses preferences, so it goes first. */
const FILES: [keyof Hints, string, string | undefined][] = [
  ['governor', 'scaling_governor', 'scaling_available_governors'],
  ['preference', 'energy_performance_preference', 'energy_performance_available_preferences'],
  ['minKhz', 'scaling_min_freq', undefined],
  ['maxKhz', 'scaling_max_freq', undefined],
];

export interface HintOptions {
  /** Where sysfs is looked for; `/` unless told otherwise. */
  root?: string;
  /** Where changes are noted; lost with the boot, as the changes are. */
  stateFile?: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class FrequencyHints {
  /** Files that an earlier process had left changed and that were put back. */
  readonly recovered: string[];
  private readonly root: string;
  private readonly journal: HintJournal;
  private watching = false;
  private readonly onExit = (): void => void this.restore();
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.restore();
    // Without us the signal would have ended the process: it still does, unless others handle it.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  /** Puts back what an earlier process left behind. Throws HintError if that process still runs. */
  constructor(options: HintOptions = {}) {
    this.root = options.root ?? machineRoot();
    const stateFile = options.stateFile ?? join(machineRoot(), 'run/scxts/cpufreq.json');
    this.journal = new HintJournal(stateFile, this.root);
    const holder = this.journal.holder();
    if (holder !== undefined)
      throw new HintError(
        `process ${holder} has set frequency hints (${this.journal.path}) and still runs; end it first`,
      );
    this.recovered = this.journal.undo();
  }

  /** Frequency policies of the machine; empty where it has no cpufreq driver, as in most virtual machines. */
  policies(): string[] {
    try {
      return readdirSync(join(this.root, POLICIES)).filter((n) => /^policy\d+$/.test(n));
    } catch {
      return [];
    }
  }

  /**
   * Sets hints for policies, all of them unless named. What they were is noted first. Throws HintError for what
   * the driver does not offer or refuses; what was set until then stays until restore().
   */
  set(hints: Hints, policies = this.policies()): void {
    for (const policy of policies) {
      for (const [hint, file, choices] of this.inOrder(policy, hints)) {
        const value = hints[hint];
        if (value !== undefined) this.write(policy, file, String(value), choices);
      }
    }
  }

  /** A bound that is beyond the other one as it is would be refused: the other one goes first. */
  private inOrder(policy: string, { minKhz }: Hints): typeof FILES {
    if (minKhz === undefined) return FILES;
    const max = Number(readText(join(this.root, POLICIES, policy, 'scaling_max_freq')));
    return minKhz > max ? [...FILES.slice(0, 2), FILES[3]!, FILES[2]!] : FILES;
  }

  private write(policy: string, file: string, value: string, choices?: string): void {
    const path = join(POLICIES, policy, file);
    const full = join(this.root, path);
    let before: string;
    try {
      before = readFileSync(full, 'utf8').trim();
    } catch (error) {
      throw new HintError(`${policy} has no ${file}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (before === value) return;
    if (choices) this.checkOffered(policy, file, value, choices);
    this.watch();
    const change: Change = { path, before };
    this.journal.note(change);
    try {
      writeFileSync(full, value);
    } catch (error) {
      throw new HintError(`${full} does not take '${value}': ${(error as Error).message}`, {
        cause: error,
      });
    }
    // As the driver has rounded it: what is there at the end is ours if it still says this.
    this.journal.note({ ...change, after: readFileSync(full, 'utf8').trim() });
  }

  private checkOffered(policy: string, file: string, value: string, choices: string): void {
    let offered: string[];
    try {
      const text = readFileSync(join(this.root, POLICIES, policy, choices), 'utf8');
      offered = text.trim().split(/\s+/);
    } catch {
      return;
    }
    // intel_pstate takes numbers for preferences, too.
    if (!offered.includes(value) && !/^\d+$/.test(value))
      throw new HintError(`${policy} has no ${file} '${value}'; it has ${offered.join(', ')}`);
  }

  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    process.once('exit', this.onExit);
    // Before others: one that hears a signal once is no longer counted when it has heard it.
    for (const signal of SIGNALS) process.prependOnceListener(signal, this.onSignal);
  }

  /** Puts everything back; gives the files. What somebody else has changed since is left alone. */
  restore(): string[] {
    process.off('exit', this.onExit);
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
    this.watching = false;
    return this.journal.undo();
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}

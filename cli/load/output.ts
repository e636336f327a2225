import type { ExitInfo, LoadedScheduler } from '../../native/runtime/index.js';
import { printableJson } from '../../native/runtime/printable.js';
import { onOutputError } from '../streams.js';
import { CounterSampler, CounterTable } from '../table.js';
import { complain, print } from '../terminal.js';

/** How much may wait for whoever reads standard output, in bytes. */
const MOST_WAITING = 1 << 20;

/**
 * Standard output of a scheduler that runs for months: who stops reading it does not stop the scheduler, nor fill the memory of its process. Once it
 * is closed the scheduler is asked to end, as nobody is there any more who started it.
 */
export class PatientOutput {
  private leftOut = 0;
  private failed = false;
  private isClosed = false;

  constructor(onClosed: () => void) {
    onOutputError({
      closed: () => {
        if (this.isClosed) return;
        this.isClosed = true;
        complain('standard output was closed: the scheduler is detached\n');
        onClosed();
      },
      failed: (why, remedy) => {
        if (!this.failed)
          complain(
            `warning: standard output cannot be written: ${why}; what cannot be is left out\n  hint: ${remedy}\n`,
          );
        this.failed = true;
      },
    });
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Whole lines, which are written or left out. */
  write(lines: string): void {
    if (this.isClosed) return;
    if (process.stdout.writableLength > MOST_WAITING) {
      this.leftOut++;
      return;
    }
    if (this.leftOut > 0)
      complain(
        `warning: ${this.leftOut} outputs were left out: whoever reads standard output is too slow\n`,
      );
    this.leftOut = 0;
    print(lines);
  }
}

/** What a command prints of a running scheduler: a table for people, JSON lines for programs. */
export class LoadOutput {
  private readonly sampler: CounterSampler;
  private readonly table = new CounterTable();
  private readonly started = performance.now();

  constructor(
    private readonly scheduler: LoadedScheduler,
    private readonly out: PatientOutput,
    private readonly json: boolean,
  ) {
    this.sampler = new CounterSampler(scheduler.counters);
  }

  attached(): void {
    if (!this.json) complain(`${this.scheduler.name} is scheduling; Ctrl-C detaches it\n`);
  }

  counters(): void {
    const time = (performance.now() - this.started) / 1000;
    const samples = this.sampler.sample();
    if (this.json) {
      const counters = Object.fromEntries(samples.map((s) => [s.name, Number(s.total)]));
      const line = { type: 'counters', scheduler: this.scheduler.name, time, counters };
      this.out.write(`${printableJson(line)}\n`);
    } else if (samples.length > 0) {
      this.out.write(this.table.render(time, samples));
    }
  }
}

/** Lines of the debug dump that are shown; the whole of it is in --json. */
const DUMP_LINES = 40;

export function reportExit(
  name: string,
  exit: ExitInfo,
  { out, json }: { out: PatientOutput; json: boolean },
): void {
  if (json) {
    const { kind, kindName, reason, message, restart, error, dump } = exit;
    const code = Number(exit.code);
    const backtrace = exit.backtrace.map((a) => `0x${a.toString(16)}`);
    const line = {
      type: 'exit',
      scheduler: name,
      kind,
      kindName,
      reason,
      message,
      code,
      restart,
      error,
      backtrace,
      dump,
    };
    out.write(`${printableJson(line)}\n`);
    return;
  }
  const text = exit.message ? `${exit.reason} (${exit.message})` : exit.reason;
  complain(exit.error ? `error: the kernel ended ${name}: ${text}\n` : `${name} ended: ${text}\n`);
  if (!exit.error || !exit.dump) return;
  const lines = exit.dump.split('\n');
  complain(`\n${lines.slice(0, DUMP_LINES).join('\n')}\n`);
  if (lines.length > DUMP_LINES)
    complain(`... ${lines.length - DUMP_LINES} more lines; --json has them all\n`);
}

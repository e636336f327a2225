import type { ExitInfo, LoadedScheduler } from '../../native/runtime/index.js';
import { CounterSampler, CounterTable } from '../table.js';

/** What a command prints of a running scheduler: a table for people, JSON lines for programs. */
export class LoadOutput {
  private readonly sampler: CounterSampler;
  private readonly table = new CounterTable();
  private readonly started = performance.now();

  constructor(
    private readonly scheduler: LoadedScheduler,
    private readonly json: boolean,
  ) {
    this.sampler = new CounterSampler(scheduler.counters);
  }

  attached(): void {
    if (!this.json)
      process.stderr.write(`${this.scheduler.name} is scheduling; Ctrl-C detaches it\n`);
  }

  counters(): void {
    const time = (performance.now() - this.started) / 1000;
    const samples = this.sampler.sample();
    if (this.json) {
      const counters = Object.fromEntries(samples.map((s) => [s.name, Number(s.total)]));
      const line = { type: 'counters', scheduler: this.scheduler.name, time, counters };
      process.stdout.write(JSON.stringify(line) + '\n');
    } else if (samples.length > 0) {
      process.stdout.write(this.table.render(time, samples));
    }
  }
}

/** Lines of the debug dump that are shown; the whole of it is in --json. */
const DUMP_LINES = 40;

export function reportExit(name: string, exit: ExitInfo, json: boolean): void {
  if (json) {
    const { kind, kindName, reason, message, restart, error, dump } = exit;
    const code = Number(exit.code);
    const backtrace = exit.backtrace.map((a) => `0x${a.toString(16)}`);
    process.stdout.write(
      JSON.stringify({
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
      }) + '\n',
    );
    return;
  }
  const text = exit.message ? `${exit.reason} (${exit.message})` : exit.reason;
  process.stderr.write(
    exit.error ? `error: the kernel ended ${name}: ${text}\n` : `${name} ended: ${text}\n`,
  );
  if (!exit.error || !exit.dump) return;
  const lines = exit.dump.split('\n');
  process.stderr.write(`\n${lines.slice(0, DUMP_LINES).join('\n')}\n`);
  if (lines.length > DUMP_LINES)
    process.stderr.write(`... ${lines.length - DUMP_LINES} more lines; --json has them all\n`);
}

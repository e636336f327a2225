import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { report } from '../load/failure.js';
import { complain } from '../terminal.js';

interface Options {
  timeout: string;
  force?: boolean;
}

export function registerStop(program: Command): void {
  program
    .command('stop')
    .description('ask the scheduler that runs to detach; the kernel goes back to its own')
    .option('--timeout <time>', 'how long to wait for it', '10s')
    .option('--force', 'then kill its process, and at last have the kernel end it (SysRq-S)')
    .action((options: Options) => report(() => stop(options)));
}

/** How long a killed process, or the kernel itself, may take. */
const FORCED_MS = 10_000;

async function stop(options: Options): Promise<number> {
  const { attachedSchedulers, durationMs, schedExtState, ScxtsError } =
    await import('../../native/runtime/index.js');
  const patienceMs = durationMs(options.timeout, '--timeout');
  const before = schedExtState();
  if (before.state === undefined || before.state === 'disabled') {
    complain('no scheduler runs\n');
    return 0;
  }
  const name = before.ops ?? 'the scheduler';
  /** One that restarts counts its end too: another start has another number. */
  const ended = async (ms: number): Promise<boolean> => {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
      const { state, enableSeq } = schedExtState();
      if (state === 'disabled' || (state === 'enabled' && enableSeq !== before.enableSeq))
        return true;
    }
    return false;
  };
  const processes = attachedSchedulers().flatMap((s) => s.processes);
  const signal = async (which: NodeJS.Signals, ms: number): Promise<boolean> => {
    for (const { pid } of processes) {
      try {
        process.kill(pid, which);
      } catch (error) {
        // It ended by itself.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    return processes.length > 0 && (await ended(ms));
  };
  const done = (how: string): number => {
    complain(`${name} ${how}\n`);
    return 0;
  };
  if (await signal('SIGTERM', patienceMs)) return done('has detached');
  if (!options.force)
    throw new ScxtsError(
      'ERR_STOP',
      processes.length === 0
        ? `no process keeps ${name}: its link is pinned, or belongs to another PID namespace`
        : `${name} (process ${processes.map((p) => p.pid).join(', ')}) did not detach within ${patienceMs / 1000} s`,
      { hint: 'scxts stop --force kills its process, or has the kernel end it' },
    );
  if (await signal('SIGKILL', FORCED_MS)) return done('was killed');
  writeFileSync('/proc/sysrq-trigger', 'S');
  if (await ended(FORCED_MS)) return done('was ended by the kernel');
  throw new Error(`${name} is there still, after SIGKILL and SysRq-S`);
}

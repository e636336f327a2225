import { join } from 'node:path';
import { runInVm } from '../../dist/vm/index.js';
import { MACHINES, type Cell } from './config.js';
import type { Report } from './report.js';

const root = join(import.meta.dirname, '..', '..');

export interface BootResult {
  release: string;
  reports: Report[];
  /** Warnings of the kernel. */
  complaints: string[];
  /** What went wrong with the guest itself. */
  stderr: string;
  seconds: number;
}

export interface GuestOptions {
  /** Of load for each scheduler. */
  seconds: number;
  hotplug?: boolean;
  claims?: boolean;
  only?: string[];
  timeoutSec?: number;
}

/** Boots a machine and has every example schedule it; test/vm/examples/build.ts has built them. */
export async function bootCell(cell: Cell, options: GuestOptions): Promise<BootResult> {
  const { seconds, hotplug, claims = true, only, timeoutSec = 900 } = options;
  const result = await runInVm({
    ...MACHINES[cell.machine],
    kernel: cell.kernel,
    timeoutSec,
    cwd: root,
    command: [
      'node',
      'test/vm/examples/guest.mjs',
      '--seconds',
      String(seconds),
      ...(hotplug ? ['--hotplug'] : []),
      ...(claims ? [] : ['--no-claims']),
      ...(only ? ['--only', only.join(',')] : []),
    ],
  });
  const lines = result.stdout.split('\n').filter((line) => line.startsWith('{'));
  const all = lines.map((line) => JSON.parse(line) as Report & { complaints?: string[] });
  return {
    release: result.release,
    reports: all.filter((r) => r.name !== 'kernel'),
    complaints: all.find((r) => r.name === 'kernel')?.complaints ?? ['the guest did not finish'],
    stderr: result.stderr,
    seconds: result.totalMs / 1000,
  };
}

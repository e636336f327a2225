import type { Command } from 'commander';
import type { AttachedScheduler, QueuedTask, SchedExtState } from '../../native/runtime/index.js';
import { printableJson } from '../../native/runtime/printable.js';
import { report } from '../load/failure.js';
import { print } from '../terminal.js';

interface Options {
  json?: boolean;
  queues: boolean;
}

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('show which scheduler runs, who keeps it, its events and queues')
    .option('--json', 'as one JSON object')
    .option('--no-queues', "leave the queues out: they come from the kernel's debug dump")
    .action((options: Options) =>
      report(async () => {
        const status = await readStatus(options.queues);
        print(options.json ? toJson(status) : toText(status));
        return 0;
      }),
    );
}

interface Status {
  state: SchedExtState;
  schedulers: AttachedScheduler[];
  tasks: QueuedTask[] | undefined;
  /** Name of a queue. */
  nameOf: (id: bigint) => string;
  /** What could not be read, and why. */
  missing: string[];
}

async function readStatus(queues: boolean): Promise<Status> {
  const { attachedSchedulers, queuedTasks, queueName, schedExtState } =
    await import('../../native/runtime/index.js');
  const state = schedExtState();
  const status: Status = {
    state,
    schedulers: [],
    tasks: undefined,
    nameOf: queueName,
    missing: [],
  };
  if (state.state === undefined || state.state === 'disabled') return status;
  try {
    status.schedulers = attachedSchedulers();
  } catch (error) {
    status.missing.push(`its process: ${(error as Error).message}`);
  }
  if (!queues) return status;
  try {
    status.tasks = await queuedTasks();
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    status.missing.push(`queues: ${message}${hint ? ` (${hint})` : ''}`);
  }
  return status;
}

function queuesOf(tasks: QueuedTask[]): { queue: bigint; tasks: number; longestMs: number }[] {
  const out = new Map<bigint, { queue: bigint; tasks: number; longestMs: number }>();
  for (const { queue, running, waitingMs } of tasks) {
    if (queue === undefined || running) continue;
    const row = out.get(queue) ?? { queue, tasks: 0, longestMs: 0 };
    row.tasks++;
    row.longestMs = Math.max(row.longestMs, waitingMs);
    out.set(queue, row);
  }
  return [...out.values()].sort((a, b) => (a.queue < b.queue ? -1 : 1));
}

function toJson({ state, schedulers, tasks, nameOf, missing }: Status): string {
  const queues = tasks && queuesOf(tasks).map((q) => ({ name: nameOf(q.queue), ...q }));
  return (
    printableJson({ ...state, schedulers, ...(queues ? { queues, tasks } : {}), missing }) + '\n'
  );
}

function toText({ state, schedulers, tasks, nameOf, missing }: Status): string {
  if (state.state === undefined)
    return 'this kernel has no sched_ext; scxts doctor says what is missing\n';
  const rows: [string, string][] = [['state', state.state]];
  if (state.state !== 'disabled') {
    rows.push(['scheduler', state.ops ?? 'unknown']);
    for (const { processes } of schedulers)
      rows.push(
        processes.length === 0
          ? ['process', 'none: its link is pinned in a BPF file system']
          : ['process', processes.map((p) => `${p.pid}  ${p.command}`).join('\n')],
      );
    rows.push(['tasks', state.switchAll ? 'all' : 'those with the policy SCHED_EXT']);
  }
  rows.push(['enabled', `${state.enableSeq ?? '?'} times since boot`]);
  rows.push(['rejected', `${state.nrRejected ?? '?'} tasks`]);
  rows.push(['hotplug', `${state.hotplugSeq ?? '?'} CPUs came or went since boot`]);
  const lines = rows.map(([name, value]) =>
    `${name.padEnd(10)} ${value.replace(/\n/g, `\n${' '.repeat(11)}`)}`.trimEnd(),
  );
  const events = Object.entries(state.events).filter(([, n]) => n !== 0n);
  if (Object.keys(state.events).length > 0) {
    lines.push('', 'events');
    const width = Math.max(0, ...events.map(([name]) => name.length));
    for (const [name, n] of events) lines.push(`  ${name.padEnd(width)}  ${n}`);
    if (events.length === 0) lines.push('  none');
  }
  if (tasks) lines.push('', ...queueLines(tasks, nameOf));
  for (const text of missing) lines.push('', `not read: ${text}`);
  return lines.join('\n') + '\n';
}

function queueLines(tasks: QueuedTask[], nameOf: (id: bigint) => string): string[] {
  const rows = queuesOf(tasks);
  const held = tasks.filter((t) => t.queue === undefined && !t.running);
  const lines = [`${'queue'.padEnd(20)} ${'tasks'.padStart(6)} ${'longest wait'.padStart(14)}`];
  for (const { queue, tasks: n, longestMs } of rows)
    lines.push(
      `${nameOf(queue).padEnd(20)} ${String(n).padStart(6)} ${`${longestMs} ms`.padStart(14)}`,
    );
  if (held.length > 0) {
    const longest = Math.max(...held.map((t) => t.waitingMs));
    lines.push(
      `${'held by the scheduler'.padEnd(20)} ${String(held.length).padStart(5)} ${`${longest} ms`.padStart(14)}`,
    );
  }
  if (lines.length === 1) return ['queues     empty'];
  return lines;
}

import { after } from '../../native/runtime/timers.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Cpumask, onlineCpus } from '../../native/runtime/topology/index.js';

/**
 * Puts load on a machine and prints a JSON array with the progress of each task: `busy` ones count in
 * a loop, `sleepy` ones wake up every few milliseconds, `pair`s hand a byte to and fro through pipes.
 * Shells, so that many of them fit into a small guest.
 */
const { values } = parseArgs({
  options: {
    busy: { type: 'string', default: '2' },
    sleepy: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '5' },
    /** Ties the busy task i to the i-th CPU that is online, and starts over when there are no more. */
    pin: { type: 'boolean', default: false },
  },
});

type Kind = 'busy' | 'sleepy' | 'pair';

interface Task {
  kind: Kind;
  file: string;
  cpu?: number;
  child: ChildProcess;
}

// Progress is appended: a file that is written anew is empty for a moment, which a reader may meet.
const SCRIPTS: Record<Kind, string> = {
  busy: 'i=0; while :; do i=$((i+1)); [ $((i % 1000)) = 0 ] && echo $i >> "$0"; done',
  sleepy: 'i=0; while :; do usleep 5000; i=$((i+1)); echo $i >> "$0"; done',
  pair:
    'mkfifo "$0.a" "$0.b"; exec 3<>"$0.a" 4<>"$0.b"; i=0\n' +
    '(while read -r x <&3; do echo "$x" >&4; done) &\n' +
    'while :; do echo x >&3; read -r x <&4; i=$((i+1)); [ $((i % 10)) = 0 ] && echo $i >> "$0"; done',
};

function whole(name: 'busy' | 'sleepy' | 'pairs'): number {
  const count = Number(values[name]);
  if (!Number.isInteger(count) || count < 0)
    throw new Error(`--${name} takes a number, not '${values[name]}'`);
  return count;
}

/** Processor time of a process group's leader in milliseconds; a tick is 10 ms on Linux. */
function cpuMs(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

function start(kind: Kind, index: number): Task {
  const file = `/tmp/load-${process.pid}-${kind}-${index}`;
  writeFileSync(file, '0\n');
  const cpus = onlineCpus().toArray();
  const cpu = kind === 'busy' && values.pin ? cpus[index % cpus.length] : undefined;
  const shell = ['sh', '-c', SCRIPTS[kind], file];
  const [program, ...args] =
    cpu === undefined
      ? shell
      : ['taskset', Cpumask.of([cpu]).toHex().replaceAll(',', ''), ...shell];
  // A group of its own, so that a pair's second half ends with the first.
  const child = spawn(program!, args, { stdio: 'ignore', detached: true });
  return { kind, file, child, ...(cpu === undefined ? {} : { cpu }) };
}

const counts: [Kind, number][] = [
  ['busy', whole('busy')],
  ['sleepy', whole('sleepy')],
  ['pair', whole('pairs')],
];
const tasks = counts.flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, i) => start(kind, i)),
);

/** The last line that was written to its end. */
function lastNumber(text: string): number {
  return Number(
    text
      .slice(0, text.lastIndexOf('\n') + 1)
      .trimEnd()
      .split('\n')
      .pop() ?? 0,
  );
}

function finish(): void {
  const report = tasks.map(({ kind, file, cpu, child }) => {
    const ms = cpuMs(child.pid);
    process.kill(-child.pid!, 'SIGKILL');
    return {
      kind,
      progress: lastNumber(readFileSync(file, 'utf8')),
      cpuMs: ms,
      ...(cpu === undefined ? {} : { cpu }),
    };
  });
  process.stdout.write(JSON.stringify(report) + '\n');
}

process.on('SIGINT', () => (finish(), process.exit(0)));
process.on('SIGTERM', () => (finish(), process.exit(0)));
after(Number(values.seconds) * 1000, () => (finish(), process.exit(0)));

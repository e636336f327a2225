import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/**
 * Puts load on a machine: busy processes count in a loop, sleepy ones wake up every few milliseconds.
 * Prints one JSON array with the progress of each. Shells, so that many of them fit into a small guest.
 */
const { values } = parseArgs({
  options: {
    busy: { type: 'string', default: '2' },
    sleepy: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '5' },
  },
});
const seconds = Number(values.seconds);

interface Task {
  kind: 'busy' | 'sleepy';
  file: string;
}
const BUSY = 'i=0; while :; do i=$((i+1)); [ $((i % 1000)) = 0 ] && echo $i > "$0"; done';
const SLEEPY = 'i=0; while :; do usleep 5000; i=$((i+1)); echo $i > "$0"; done';

const tasks: Task[] = [];
const children: ChildProcess[] = [];
for (const [kind, count, script] of [['busy', Number(values.busy), BUSY], ['sleepy', Number(values.sleepy), SLEEPY]] as const) {
  for (let i = 0; i < count; i++) {
    const file = `/tmp/progress-${kind}-${i}`;
    writeFileSync(file, '0');
    tasks.push({ kind, file });
    children.push(spawn('sh', ['-c', script, file], { stdio: 'ignore' }));
  }
}
setTimeout(() => {
  children.forEach((c) => c.kill('SIGKILL'));
  const report = tasks.map(({ kind, file }) => ({ kind, progress: Number(readFileSync(file, 'utf8').trim() || '0') }));
  process.stdout.write(JSON.stringify(report) + '\n');
}, seconds * 1000);

// Runs in the guest as root: `scxts trace` beside a scheduler under load. Prints what it wrote as JSON lines, which
// test/vm/trace.test.ts asserts.
import { readFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { openObject } from '../../dist/native/runtime/index.js';
import { cpuMs, Task } from '../../dist/vm/guest/tasks.js';
import { say, sleep, start, state, until } from './guest-tools.mjs';

const kinds = ['busy', 'busy', 'busy', 'sleepy', 'pair'];
/** Recorded beyond the time that every task of the load has got something. */
const SECONDS = 2;

// In this process: an emulated CPU takes seconds to start another one.
const link = openObject('dist/examples/simple.bpf.o').load().attach();
// Ended by hand once every task has run, however slow the machine is.
const trace = start('node', [
  'dist/cli/bin.js',
  ...['trace', '--duration', '150', '--out', '/tmp/t.json'],
]);
// Beside a load it would wait for most of its time.
setPriority(trace.child.pid, -20);
const said = (text) =>
  until(() => trace.child.exitCode !== null || trace.out.stderr.includes(text), 100);
if (!(await said('recording ')) || trace.child.exitCode !== null)
  throw new Error(`scxts trace did not record: ${trace.out.stderr}`);
const tasks = kinds.map((kind) => new Task(kind));
const all = await until(() => {
  tasks.forEach((t) => t.sample());
  return tasks.every((t) => t.gained > 0);
}, 100);
await sleep(SECONDS * 1000);
const load = tasks.map(({ kind, pid }) => ({ kind, pid, cpuMs: cpuMs(pid) }));
const scheduler = state();
trace.child.kill('SIGINT');
await said('recorded ');
// What it writes needs no load.
tasks.forEach((t) => t.stop());
const { code, stdout, stderr } = await trace.ended;
link.detach();
say('trace', {
  ...{ cpus: availableParallelism(), scheduler, all, load, code, stdout, stderr },
  json: readFileSync('/tmp/t.json', 'utf8'),
  page: readFileSync('/tmp/t.html', 'utf8'),
});

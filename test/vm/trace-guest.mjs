// Runs in the guest as root: `scxts trace` beside a scheduler under load. Prints what it wrote as JSON lines, which
// test/vm/trace.test.ts asserts.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { mixedLoad } from '../../dist/vm/guest/tasks.js';
import { read, SCX, until } from './examples/helpers.mjs';

const say = (data) => console.log(JSON.stringify(data));
const scheduler = spawn('node', ['dist/cli/bin.js', 'load', 'dist/examples/simple.bpf.o'], {
  stdio: 'ignore',
});
const ended = new Promise((resolve) => scheduler.on('close', resolve));
await until(() => read(`${SCX}/state`) === 'enabled', 60);
const tasks = mixedLoad();
const run = await promisify(execFile)('node', [
  'dist/cli/bin.js',
  ...['trace', '--duration', '3', '--out', '/tmp/t.json'],
]).catch((error) => error);
const state = read(`${SCX}/state`);
// What computes without end is sure to run in any three seconds; all but the busy ones may sleep.
tasks.forEach((t) => t.sample());
const load = tasks.filter((t) => t.kind === 'busy').map((t) => t.pid);
tasks.forEach((t) => t.stop());
const { traceEvents, otherData } = JSON.parse(readFileSync('/tmp/t.json', 'utf8'));
const page = readFileSync('/tmp/t.html', 'utf8');
say({
  ...{ cpus: availableParallelism(), state, load, otherData },
  ...{ stdout: run.stdout, stderr: run.stderr },
  rows: traceEvents.filter((e) => e.name === 'thread_name').map((e) => e.args.name),
  slices: traceEvents
    .filter((e) => e.ph === 'X')
    .map((e) => [e.tid - 1, e.args.pid, e.ts, e.dur, e.args.waited_us ?? -1]),
  woken: traceEvents.filter((e) => /^woken by /.test(e.args.ready)).length,
  pageData: JSON.parse(/<script id="data" [^>]*>(.*?)<\/script>/.exec(page)[1]).slices.length,
});
scheduler.kill('SIGINT');
await ended;

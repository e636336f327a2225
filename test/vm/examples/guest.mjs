// Runs in the guest as root: each example schedules the machine under load. Prints what happened as JSON
// lines, which test/vm/examples.test.ts asserts.
//   node guest.mjs --seconds 4 [--only nest,simple] [--hotplug]
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { mixedLoad, Task } from '../../../dist/vm/guest/tasks.js';
import { CLAIMS } from './claims.mjs';
import { until, sleep, SCX, read } from './helpers.mjs';
import { Witness } from './witness.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    only: { type: 'string' },
    hotplug: { type: 'boolean', default: false },
    'no-claims': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const OUT = 'dist/examples';
const say = (data) => console.log(JSON.stringify(data));
const cpus = availableParallelism();
/** How long shares of CPU time are measured: in many slices of each task where the load is long, too. */
const shareSeconds = Math.max(4, seconds / 3);
/** Longer than the 30 s after which the kernel ejects a scheduler that lets a task wait. */
const PATIENCE_SEC = 60;

/** One scheduler: its userspace half as a process of its own. */
class Running {
  constructor(name) {
    this.name = name;
    this.out = { stdout: '', stderr: '' };
    // simple has no half of its own with statistics: the command line shows its counters.
    const half = `${OUT}/${name}-run.js`;
    const command = existsSync(half)
      ? [half]
      : ['dist/cli/bin.js', 'load', `${OUT}/${name}.bpf.o`, '--restart'];
    this.child = spawn('node', command, {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.on('data', (d) => (this.out.stdout += d));
    this.child.stderr.on('data', (d) => (this.out.stderr += d));
    this.ended = new Promise((resolve) => this.child.on('close', (code) => resolve(code)));
    this.ended.then(() => (this.isOver = true));
  }

  async enabled() {
    await until(() => this.isOver || read(`${SCX}/state`) === 'enabled', 60);
    return read(`${SCX}/state`) === 'enabled';
  }

  async stop() {
    this.child.kill('SIGINT');
    const code = await this.ended;
    await until(() => read(`${SCX}/state`) === 'disabled');
    return code;
  }
}

function events() {
  if (!existsSync(`${SCX}/root/events`)) return undefined;
  return Object.fromEntries(
    readFileSync(`${SCX}/root/events`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([name, value]) => [name, Number(value)]),
  );
}

async function mixed(running, witness) {
  const tasks = mixedLoad();
  witness.reset();
  const begin = performance.now();
  const lasted = () => (performance.now() - begin) / 1000;
  // On a slow machine longer than asked for: until each task has got something, or the kernel ends the scheduler.
  do {
    await sleep(200);
    tasks.forEach((t) => t.sample());
  } while (
    !running.isOver &&
    (lasted() < seconds || (lasted() < seconds + PATIENCE_SEC && tasks.some((t) => t.gained === 0)))
  );
  const seen = witness.read();
  tasks.forEach((t) => t.stop());
  return {
    seconds: (performance.now() - begin) / 1000,
    tasks: tasks.map(({ kind, gained }) => ({ kind, gained })),
    switches: seen.switches,
    maxWaitMs: seen.maxWaitMs,
    maxWaitTask: seen.maxWaitTask,
    coresUsed: seen.coresUsed,
  };
}

/** Errors of making cgroups, some of which take the place of others. */
function makeCgroups() {
  const errors = [];
  for (let round = 0; round < 3; round++) {
    const made = Array.from({ length: 20 }, (_, i) => `/sys/fs/cgroup/made-${i}`);
    for (const path of made) {
      try {
        mkdirSync(path);
      } catch (error) {
        errors.push(error.code);
      }
    }
    for (const path of made) if (existsSync(path)) rmdirSync(path);
  }
  return errors;
}

/** The part of a CPU that a task gets which is bound to it and has no company: nobody else's events keep the CPU awake. */
async function alone() {
  const task = new Task('busy');
  execFileSync('taskset', ['-p', '1', String(task.pid)], { stdio: 'ignore' });
  await sleep(300);
  task.sample();
  const [before, begin] = [task.gained, performance.now()];
  await sleep(1500);
  task.sample();
  const part = (task.gained - before) / (performance.now() - begin);
  task.stop();
  return part;
}

/** Takes a CPU away and gives it back; a scheduler that does not follow is loaded anew. */
async function hotplug(running) {
  const cpu = '/sys/devices/system/cpu/cpu1/online';
  if (cpus < 2 || !existsSync(cpu)) return undefined;
  const before = read(`${SCX}/enable_seq`);
  const load = [new Task('busy'), new Task('sleepy')];
  writeFileSync(cpu, '0');
  await sleep(500);
  const off = await running.enabled();
  writeFileSync(cpu, '1');
  await sleep(500);
  const on = await running.enabled();
  load.forEach((t) => t.stop());
  return { off, on, restarts: Number(read(`${SCX}/enable_seq`)) - Number(before) };
}

async function example(name, witness) {
  const running = new Running(name);
  const begin = performance.now();
  const enabled = await running.enabled();
  const report = { name, enabled, startMs: performance.now() - begin, cpus };
  if (enabled) {
    report.ops = read(`${SCX}/root/ops`);
    report.load = await mixed(running, witness);
    report.cgroupErrors = makeCgroups();
    report.claims = {};
    for (const claim of values['no-claims'] ? [] : (CLAIMS[name] ?? []))
      if (!running.isOver)
        report.claims[claim.name] = await claim({ witness, running, cpus, seconds: shareSeconds });
    if (!running.isOver) report.alone = await alone();
    if (values.hotplug && !running.isOver) report.hotplug = await hotplug(running);
    report.state = read(`${SCX}/state`);
    report.events = events();
    report.rejected = Number(read(`${SCX}/nr_rejected`));
  }
  report.code = running.isOver ? await running.ended : await running.stop();
  report.after = read(`${SCX}/state`);
  report.statistics = running.out.stdout.slice(-3000);
  report.stderr = running.out.stderr.slice(-3000);
  say(report);
}

writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+cpu');
const names = values.only
  ? values.only.split(',')
  : ['simple', ...readdirSync(OUT).flatMap((f) => f.match(/^(.*)-run\.js$/)?.[1] ?? [])];
const witness = new Witness(cpus);
for (const name of names) await example(name, witness);
witness.close();
const { kernelComplaints } = await import('./helpers.mjs');
say({ name: 'kernel', complaints: kernelComplaints() });

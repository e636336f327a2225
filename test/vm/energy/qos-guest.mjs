// Runs in the guest as root and prints what happened as JSON lines, which test/vm/qos.test.ts asserts. The guest's clock
// counts instructions: times do not depend on the host.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Qos } from '../../../dist/components/qos/index.js';
import { openObject } from '../../../dist/native/runtime/index.js';
import { say, sleep, start, state, until } from '../guest-tools.mjs';
import { componentOf, cpuTimes } from './helpers.mjs';
import { hints } from './hints.mjs';

const LOOP = 'while :; do :; done';
const hog = () => start('sh', ['-c', LOOP]);
const hogOn = (cpu) => start('taskset', [String(1 << cpu), 'sh', '-c', LOOP]);
const end = (tasks) => tasks.forEach((t) => t.child.kill('SIGKILL'));
/** CPU time of a process in ms, as the kernel counts it. */
const cpuMs = ({ child }) => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

function attach() {
  const loaded = openObject('dist/examples/qos.bpf.o').load({ onWarning: () => undefined });
  const qos = new Qos(componentOf(loaded, 'qos'));
  const link = loaded.attach();
  qos.setTask(process.pid, 'normal');
  const detach = async (name) => {
    const exit = link.detach();
    loaded[Symbol.dispose]();
    const disabled = await until(() => state() === 'disabled', 10);
    say(name, { kind: exit?.kindName, message: exit?.message, disabled });
  };
  /** What each class did in so many ms from now. */
  const report = async (ms) => {
    qos.report();
    await sleep(ms);
    return qos.report();
  };
  return { loaded, qos, report, detach };
}

/** Four hogs each of the normal and of the low class, and one task that wakes up each 10 ms. */
async function saturate(qos) {
  // One thread: who of several waits for another of the same class says nothing of the classes.
  const high = start('node', ['--single-threaded', 'test/vm/energy/light.mjs', '10']);
  await high.ready;
  const normal = Array.from({ length: 4 }, hog);
  const low = Array.from({ length: 4 }, hog);
  qos.setTask(high.child.pid, 'high');
  for (const h of low) qos.setTask(h.child.pid, 'low');
  await sleep(1000);
  return { high, normal, low, all: [high, ...normal, ...low] };
}

async function latency(name, rounds) {
  const { loaded, qos, report, detach } = attach();
  const load = await saturate(qos);
  const measure = async (enforce) => {
    qos.enforce = enforce;
    await sleep(500);
    const before = load.low.map(cpuMs);
    const reports = await report(1500);
    const lowMs = load.low.reduce((sum, h, i) => sum + cpuMs(h) - before[i], 0);
    return { reports, lowMs };
  };
  const windows = [];
  for (let i = 0; i < rounds; i++)
    windows.push({ without: await measure(false), with: await measure(true) });
  // Packed on a CPU that is offline, if one is: it runs where there are CPUs.
  qos.pack([1]);
  await sleep(300);
  const packedAway = await report(1000);
  say(name, {
    windows,
    lowAwayMs: packedAway.low.runMs,
    preempting: loaded.counters.qos_nr_preempting.total(),
  });
  end(load.all);
  await detach(`${name} end`);
}

/** The busy share of each CPU. */
async function busy(ms) {
  const before = cpuTimes();
  await sleep(ms);
  return cpuTimes().map((t, i) => (t.busy - before[i].busy) / (t.all - before[i].all || 1));
}

/** The low class alone: where it is packed, live. */
async function packing(qos) {
  const lows = Array.from({ length: 4 }, hog);
  for (const h of lows) qos.setTask(h.child.pid, 'low');
  const on = {};
  for (const [name, cpus] of [
    ['first', [0]],
    ['second', [1]],
    ['all', []],
  ]) {
    qos.pack(cpus);
    await sleep(500);
    on[name] = await busy(1000);
  }
  end(lows);
  say('packing', on);
}

/** Each kind of rule, and its end: CPU time of the high and the low class, which nobody else is of. */
async function rules(qos, report) {
  const one = hog();
  const ran = async () => {
    await sleep(200);
    const { high, low } = await report(400);
    return [high.runMs > 200, low.runMs > 200];
  };
  const was = { none: await ran() };
  qos.setTask(one.child.pid, 'low');
  was.task = await ran();
  qos.setTask(one.child.pid);
  setPriority(one.child.pid, -15);
  was.niceHigh = await ran();
  setPriority(one.child.pid, 10);
  was.niceLow = await ran();
  qos.setComm('sh', 'high');
  was.comm = await ran();
  const cgroup = '/sys/fs/cgroup/scxts';
  mkdirSync(`${cgroup}/below`, { recursive: true });
  qos.setCgroup(cgroup, 'low');
  writeFileSync(`${cgroup}/below/cgroup.procs`, String(one.child.pid));
  was.cgroup = await ran();
  qos.setCgroup(`${cgroup}/below`, 'high');
  was.nearest = await ran();
  qos.setCgroup(`${cgroup}/below`);
  was.above = await ran();
  qos.setCgroup(cgroup);
  qos.setComm('sh');
  was.nice = await ran();
  // Another program in the same process, with another name.
  qos.setComm('named*', 'high');
  const named = start('node', [
    '-e',
    "process.title='named1'; console.log('ready'); setInterval(() => 0, 20)",
  ]);
  await named.ready;
  await sleep(300);
  const { high } = await report(1000);
  end([one, named]);
  await one.ended;
  rmdirSync(`${cgroup}/below`);
  rmdirSync(cgroup);
  say('rules', { was, named: high.wakeups });
}

/** Rules for tasks are gone with them: their numbers are given to others. */
async function gone(qos, { maps }) {
  const short = hog();
  const { pid } = short.child;
  qos.setTask(pid, 'high');
  const had = maps.qos_pid_rules.get(pid);
  end([short]);
  await short.ended;
  const forgotten = await until(() => maps.qos_pid_rules.get(pid) === undefined, 5);
  let refused;
  try {
    qos.setTask(pid, 'high');
  } catch (error) {
    refused = `${error.name}: ${error.message}`.replace(String(pid), 'PID');
  }
  say('gone', { had, forgotten, refused });
}

/** Tasks that may run on one CPU only, while that never runs out of better ones. */
async function bound(qos) {
  const better = hogOn(1);
  qos.setTask(better.child.pid, 'high');
  // The other CPU serves the normal class all the time.
  const others = [hogOn(0), hogOn(0)];
  const normal = hogOn(1);
  // Of the low class, where it is not packed.
  const low = hogOn(1);
  qos.setTask(low.child.pid, 'low');
  const packed = hogOn(0);
  qos.setTask(packed.child.pid, 'low');
  qos.pack([0]);
  await sleep(300);
  const tasks = { better, normal, low, packed };
  const before = Object.fromEntries(Object.entries(tasks).map(([k, t]) => [k, cpuMs(t)]));
  await sleep(2000);
  say(
    'bound',
    Object.fromEntries(Object.entries(tasks).map(([k, t]) => [k, cpuMs(t) - before[k]])),
  );
  qos.pack([]);
  end([...others, ...Object.values(tasks)]);
}

const second = '/sys/devices/system/cpu/cpu1/online';
// While an emulated CPU runs up to its next timer others stand still: on one CPU latency is the scheduler's alone.
writeFileSync(second, '0');
await latency('one', 2);
writeFileSync(second, '1');
await latency('two', 1);
const { loaded, qos, report, detach } = attach();
await packing(qos);
await rules(qos, report);
await gone(qos, loaded);
await bound(qos);
await detach('end');
await hints();
process.exit(0);

// What the guests of test/vm/qos.test.ts have in common: the scheduler, a load that saturates, and what it measures.
import { readFileSync } from 'node:fs';
import { Qos } from '../../../dist/components/qos/index.js';
import { openObject } from '../../../dist/native/runtime/index.js';
import { say, sleep, start, state, until } from '../guest-tools.mjs';
import { componentOf } from './helpers.mjs';

const LOOP = 'while :; do :; done';
export const hog = () => start('sh', ['-c', LOOP]);
export const hogOn = (cpu) => start('taskset', [String(1 << cpu), 'sh', '-c', LOOP]);
export const end = (tasks) => tasks.forEach((t) => t.child.kill('SIGKILL'));
/** CPU time of a process in ms, as the kernel counts it. */
export const cpuMs = ({ child }) => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

export function attach() {
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
  await sleep(500);
  return { high, normal, low, all: [high, ...normal, ...low] };
}

export async function latency(rounds) {
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
  say('latency', {
    windows,
    lowAwayMs: packedAway.low.runMs,
    preempting: loaded.counters.qos_nr_preempting.total(),
  });
  end(load.all);
  await detach('latency end');
}

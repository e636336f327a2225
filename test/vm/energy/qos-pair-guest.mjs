// Runs in the guest as root with two CPUs, in real time, and prints what happened as JSON lines, which
// test/vm/qos.test.ts asserts.
import { say, sleep } from '../guest-tools.mjs';
import { cpuTimes } from './helpers.mjs';
import { attach, cpuMs, end, hog, hogOn, latency } from './qos-load.mjs';

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

await latency(1);
const { qos, detach } = attach();
await packing(qos);
await bound(qos);
await detach('end');
process.exit(0);

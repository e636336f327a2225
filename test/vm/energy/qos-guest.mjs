// Runs in the guest as root and prints what happened as JSON lines, which test/vm/qos.test.ts asserts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Qos } from '../../../dist/components/qos/index.js';
import { openObject } from '../../../dist/native/runtime/index.js';
import { say, sleep, start, state, until } from '../guest-tools.mjs';
import { componentOf, cpuTimes } from './helpers.mjs';

const hog = () => start('sh', ['-c', 'while :; do :; done']);

/** Hints: a run with an injected sysfs is killed; the next one puts back what it had changed. */
async function hints() {
  const policy = '/tmp/sysfs/sys/devices/system/cpu/cpufreq/policy0';
  mkdirSync(policy, { recursive: true });
  const governor = `${policy}/scaling_governor`;
  writeFileSync(governor, 'powersave\n');
  const flags = ['dist/examples/qos-run.js', '--root', '/tmp/sysfs', '--state', '/tmp/hints.json'];
  const now = () => readFileSync(governor, 'utf8').trim();
  const first = start('node', [...flags, '--governor', 'schedutil']);
  const set = await until(() => first.out.stdout.includes('hints are set'), 40);
  const during = now();
  first.child.kill('SIGKILL');
  await first.ended;
  const killed = now();
  const disabled = await until(() => state() === 'disabled', 20);
  const second = start('node', flags);
  const restored = await until(() => second.out.stdout.includes('put back'), 40);
  const after = now();
  second.child.kill('SIGTERM');
  const { code, stderr } = await second.ended;
  const third = start('node', [...flags, '--governor', 'performance']);
  await until(() => third.out.stdout.includes('hints are set'), 40);
  const again = now();
  third.child.kill('SIGTERM');
  await third.ended;
  say('hints', {
    set,
    during,
    killed,
    disabled,
    restored,
    after,
    code,
    stderr,
    again,
    atEnd: now(),
  });
  await until(() => state() === 'disabled', 20);
}

async function classes() {
  const loaded = openObject('dist/examples/qos.bpf.o').load({ onWarning: () => undefined });
  const qos = new Qos(componentOf(loaded, 'qos'));
  const link = loaded.attach();
  // One thread: who of several waits for another of the same class says nothing of the classes.
  const lat = start('node', ['--single-threaded', 'test/vm/energy/light.mjs', '15']);
  await lat.ready;
  const hogs = Array.from({ length: 8 }, hog);
  qos.setTask(lat.child.pid, 'high');
  for (const h of hogs.slice(4)) qos.setTask(h.child.pid, 'low');
  qos.setTask(process.pid, 'normal');
  await sleep(1500);

  const measure = async (enforce) => {
    qos.enforce = enforce;
    await sleep(1000);
    qos.report();
    await sleep(5000);
    return qos.report();
  };
  // By turns, so that what else the host does falls to both alike.
  const windows = [];
  for (let i = 0; i < 3; i++)
    windows.push({ without: await measure(false), with: await measure(true) });
  say('latency', {
    windows,
    preempting: loaded.counters.qos_nr_preempting.total(),
  });

  // The low class on CPU 0 only, the normal class gone: live, through the component.
  for (const h of hogs.slice(0, 4)) h.child.kill('SIGKILL');
  await sleep(1000);
  qos.pack([0]);
  await sleep(1500);
  const before = cpuTimes();
  await sleep(3000);
  const packed = cpuTimes().map((t, i) => (t.busy - before[i].busy) / (t.all - before[i].all || 1));
  qos.pack([]);
  await sleep(1000);
  const then = cpuTimes();
  await sleep(3000);
  const spread = cpuTimes().map((t, i) => (t.busy - then[i].busy) / (t.all - then[i].all || 1));

  // A rule for names, live.
  qos.report();
  qos.setComm('named*', 'high');
  const named = start('node', [
    '-e',
    "process.title='named1'; console.log('ready'); setInterval(() => 0, 20)",
  ]);
  await named.ready;
  qos.setTask(lat.child.pid);
  await sleep(500);
  qos.report();
  await sleep(2000);
  const byName = qos.report();
  say('live', {
    packed,
    spread,
    byName: byName.high.wakeups,
    classed: loaded.counters.qos_nr_classed.total(),
  });
  for (const h of [...hogs, lat, named]) h.child.kill('SIGKILL');
  const exit = link.detach();
  loaded[Symbol.dispose]();
  say('end', { kind: exit?.kindName, disabled: await until(() => state() === 'disabled', 10) });
}

await classes();
await hints();
process.exit(0);

// Runs in the guest as root with one CPU of two online and prints what happened as JSON lines, which
// test/vm/qos.test.ts asserts. The guest's clock counts instructions: times do not depend on the host.
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Cpufreq } from '../../../dist/components/cpufreq/index.js';
import { say, sleep, start, until } from '../guest-tools.mjs';
import { componentOf } from './helpers.mjs';
import { hints } from './hints.mjs';
import { attach, end, hog, latency } from './qos-load.mjs';

/** Each kind of rule, and its end: whether CPU time is of the high or of the low class, which nobody else is of. */
async function rules(qos, report) {
  const one = hog();
  const ran = async () => {
    await sleep(200);
    const { high, low } = await report(400);
    const [most, least] = [high.runMs, low.runMs].sort((x, y) => y - x);
    if (most < 20) return 'neither';
    if (most < 5 * least) return 'both';
    return most === high.runMs ? 'high' : 'low';
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

/** What is asked for on CPU 0, of 1024: by what it does, by bounds from here, and for the high class. */
async function frequencies(qos, loaded) {
  const cpufreq = new Cpufreq(componentOf(loaded, 'cpufreq'), {
    root: '/tmp/no-sysfs',
    stateFile: '/tmp/no-hints.json',
  });
  const target = async () => {
    await sleep(300);
    return cpufreq.speed(0).target;
  };
  const asked = { capacity: cpufreq.speed(0).capacity, quiet: await target() };
  cpufreq.bound(0, 700);
  asked.least = await target();
  cpufreq.bound(0, 0);
  asked.quietAgain = await target();
  const one = hog();
  qos.setTask(one.child.pid, 'normal');
  asked.busy = await target();
  cpufreq.bound(0, 0, 300);
  asked.most = await target();
  cpufreq.bound(0, 0);
  end([one]);
  await one.ended;
  // While this process itself runs, for it is who looks.
  for (const cls of ['normal', 'high']) {
    qos.setTask(process.pid, cls);
    asked[cls] = await target();
  }
  qos.setTask(process.pid, 'normal');
  say('frequencies', asked);
}

// While an emulated CPU runs up to its next timer others stand still (docs/vm.md): latency is the scheduler's alone here.
writeFileSync('/sys/devices/system/cpu/cpu1/online', '0');
await latency(2);
const { loaded, qos, report, detach } = attach();
await rules(qos, report);
await gone(qos, loaded);
await frequencies(qos, loaded);
await detach('end');
await hints();
process.exit(0);

// What each scheduler says of itself, measured.
import {
  giveCpuController,
  makeCgroup,
  removeCgroup,
  cpuMs,
  Task,
} from '../../../dist/vm/guest/tasks.js';
import { sleep, until } from './helpers.mjs';

/** CPU time in ms that each task got within a few seconds. */
async function share(tasks, seconds) {
  await until(() => tasks.every((t) => t.placed && cpuMs(t.pid) > 0), 30);
  await sleep(400);
  const before = tasks.map((t) => cpuMs(t.pid));
  await sleep(seconds * 1000);
  return tasks.map((t, i) => cpuMs(t.pid) - before[i]);
}
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/**
 * Nice 0 against nice 10: their weights are 100 and 11. Two of each for each CPU, because the task whose
 * slice ends is not in the queue yet when its CPU looks for the next one.
 */
export async function weights({ cpus, seconds }) {
  const tasks = [];
  for (let i = 0; i < 2 * cpus; i++) tasks.push(new Task('busy'), new Task('busy', { nice: 10 }));
  const got = await share(tasks, seconds);
  tasks.forEach((t) => t.stop());
  const high = sum(got.filter((_, i) => i % 2 === 0));
  const low = sum(got.filter((_, i) => i % 2 === 1));
  return { high, low, ratio: high / low, share: high / (high + low) };
}

/** Short-lived processes, one after the other, that leave most CPUs idle: how many CPUs they use. */
export async function lightLoad({ witness }) {
  const tasks = [new Task('light'), new Task('light')];
  await sleep(1000);
  witness.reset();
  await sleep(3000);
  const { coresUsed, busyMs, seconds } = witness.read();
  tasks.forEach((t) => t.stop());
  return { coresUsed, busyMs, seconds };
}

/** R + A (100) + B (100), C (100) below A; D (200): B and C are due 1/6 each, D 2/3. */
export async function cgroupWeights({ cpus, seconds }) {
  makeCgroup('A', 100);
  giveCpuController('A');
  makeCgroup('A/B', 100);
  makeCgroup('A/C', 100);
  makeCgroup('D', 200);
  const groups = ['A/B', 'A/C', 'D'];
  const tasks = groups.flatMap((cgroup) =>
    Array.from({ length: cpus }, () => new Task('busy', { cgroup })),
  );
  const got = await share(tasks, seconds);
  const first = groups.map((_, g) => sum(got.slice(g * cpus, (g + 1) * cpus)));
  // The other way round while they run.
  makeCgroup('A', 300);
  makeCgroup('D', 100);
  const then = await share(tasks, seconds);
  const second = groups.map((_, g) => sum(then.slice(g * cpus, (g + 1) * cpus)));
  tasks.forEach((t) => t.stop());
  await until(
    () =>
      groups
        .concat('A')
        .reverse()
        .every((g) => tryRemove(g)),
    10,
  );
  const parts = (ms) => ms.map((m) => m / sum(ms));
  return {
    first: parts(first),
    second: parts(second),
    expect: [
      [1 / 6, 1 / 6, 2 / 3],
      [3 / 8, 3 / 8, 1 / 4],
    ],
  };
}

function tryRemove(path) {
  try {
    removeCgroup(path);
    return true;
  } catch (error) {
    return error.code === 'ENOENT';
  }
}

/** Two cgroups that want all CPUs: time that partners spend in one, and in two. */
export async function exclusive({ witness, cpus }) {
  makeCgroup('P', 100);
  makeCgroup('Q', 100);
  const tasks = ['P', 'Q'].flatMap((cgroup) =>
    Array.from({ length: cpus }, () => new Task('busy', { cgroup })),
  );
  await sleep(500);
  witness.reset();
  const got = await share(tasks, 3);
  const { sameMs, mixedMs } = witness.read();
  tasks.forEach((t) => t.stop());
  await until(() => ['P', 'Q'].every((g) => tryRemove(g)), 10);
  return { sameMs, mixedMs, p: sum(got.slice(0, cpus)), q: sum(got.slice(cpus)) };
}

/** Which CPUs gave tasks to CPUs, as central's own statistics say. */
export async function deciders({ running }) {
  const lines = running.out.stdout.match(/^placed by .*$/gm) ?? [];
  return { last: lines.at(-1) ?? '' };
}

export const CLAIMS = {
  simple: [weights, lightLoad, exclusive],
  nest: [weights, lightLoad],
  userland: [weights],
  flatcg: [weights, cgroupWeights],
  pair: [exclusive],
  central: [deciders],
};

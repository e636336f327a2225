// Load and measures for the guests of the components' tests.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { until as wait } from './guest-tools.mjs';

export { say, state } from './guest-tools.mjs';

const stat = (pid) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
/** CPU time in ms and the CPU it was last on (fields 14, 15 and 39 of /proc/PID/stat). */
export const usage = (pid) => {
  const f = stat(pid);
  return { ms: (Number(f[11]) + Number(f[12])) * 10, cpu: Number(f[36]) };
};
export const sh = (...args) =>
  new Promise((resolve) => spawn(args[0], args.slice(1), { stdio: 'ignore' }).on('close', resolve));

const HOG = 'i=0; while :; do i=$((i+1)); done';

/** A task that is always busy, on the CPUs of a mask. */
export function hog(nice, mask) {
  const child = spawn('taskset', [mask, 'sh', '-c', HOG], { stdio: 'ignore' });
  setPriority(child.pid, nice);
  return { nice, mask, child, pid: child.pid };
}

/** As guest-tools' until(), for what takes longer under load. */
export const until = (holds, seconds = 60) => wait(holds, seconds);

/** Waits until each task has got `ms` more of CPU time; what each got. */
export async function progress(tasks, ms, seconds = 60) {
  const before = tasks.map(({ pid }) => usage(pid).ms);
  const got = () => tasks.map(({ pid }, i) => usage(pid).ms - before[i]);
  await until(() => got().every((n) => n >= ms), seconds);
  return got();
}

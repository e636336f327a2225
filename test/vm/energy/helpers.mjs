import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const say = (name, data) =>
  console.log(JSON.stringify({ name, ...data }, (_, v) => (typeof v === 'bigint' ? Number(v) : v)));
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const state = () => readFileSync('/sys/kernel/sched_ext/state', 'utf8').trim();

export async function until(what, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100))
    if (await what()) return true;
  return false;
}

/** Starts a process; `ready` is there with its first output. */
export function start(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  const ready = new Promise((resolve) =>
    child.stdout.on('data', (d) => {
      out.stdout += d;
      resolve();
    }),
  );
  child.stderr.on('data', (d) => (out.stderr += d));
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, ...out })),
  );
  return { child, ready, ended, out };
}

/** Busy and all time of each CPU in ticks, from /proc/stat. */
export function cpuTimes() {
  return readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => {
      const [user, nice, system, idle, iowait, irq, softirq] = line
        .split(/\s+/)
        .slice(1)
        .map(Number);
      const busy = user + nice + system + irq + softirq;
      return { busy, all: busy + idle + iowait };
    });
}

/** A component's state under the names of its source. */
export function componentOf(loaded, name) {
  const scoped = (all) =>
    new Proxy(all, {
      get: (_, key) => all[`${name}_${String(key)}`] ?? all[key],
      set: (_, key, value) => {
        all[`${name}_${String(key)}` in all ? `${name}_${String(key)}` : key] = value;
        return true;
      },
    });
  return { globals: scoped(loaded.globals), maps: scoped(loaded.maps) };
}

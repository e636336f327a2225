// What the scripts in the guests have in common: how they say what happened, wait and start processes.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A line of JSON for test/vm/reports.ts. */
export const say = (name, data) =>
  console.log(JSON.stringify({ name, ...data }, (_, v) => (typeof v === 'bigint' ? Number(v) : v)));
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const kernelLog = () => execFileSync('dmesg', { encoding: 'utf8' });
export const state = () => readFileSync('/sys/kernel/sched_ext/state', 'utf8').trim();

/** Waits until something holds; whether it did in `seconds`. */
export async function until(what, seconds = 30) {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(50))
    if (await what()) return true;
  return false;
}

/**
 * Starts a process. `ready` is there with its first output, `ended` with its end; `onText` gets all that it has
 * printed whenever there is more.
 */
export function start(command, args, onText = () => undefined) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  const ready = new Promise((resolve) =>
    child.stdout.on('data', (d) => {
      onText((out.stdout += d));
      resolve();
    }),
  );
  child.stderr.on('data', (d) => (out.stderr += d));
  const ended = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, ...out })),
  );
  return { child, ready, ended, out };
}

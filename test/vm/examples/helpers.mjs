import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const SCX = '/sys/kernel/sched_ext';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

export async function until(what, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50))
    if (await what()) return true;
  return false;
}

/** What the kernel complained of: warnings, hung tasks, RCU stalls. */
export function kernelComplaints() {
  return execFileSync('dmesg', { encoding: 'utf8' })
    .split('\n')
    .filter((line) =>
      /WARNING: |BUG: |verifier bug|Oops: |rcu.*stall|soft lockup|blocked for more than/.test(line),
    );
}

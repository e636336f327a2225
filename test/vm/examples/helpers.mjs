import { readFileSync } from 'node:fs';
import { kernelLog } from '../guest-tools.mjs';

export const SCX = '/sys/kernel/sched_ext';

export { sleep, until } from '../guest-tools.mjs';

export function read(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** What the kernel complained of: warnings, hung tasks, RCU stalls. */
export function kernelComplaints() {
  return kernelLog()
    .split('\n')
    .filter((line) =>
      /WARNING: |BUG: |verifier bug|Oops: |rcu.*stall|soft lockup|blocked for more than/.test(line),
    );
}

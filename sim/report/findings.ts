import { timeText } from '../load/duration.js';
import type { CpuReport, GroupReport } from './report.js';

interface Result {
  groups: readonly GroupReport[];
  cpus: readonly CpuReport[];
  duration: number;
}

/** Differences from what is due that are worth a word, of it. */
const UNFAIR = 0.15;
const SMALL_SHARE = 0.005;
const SLOW = 10e6;
const LONG_WAIT = 500e6;
const SPREAD = 0.2;
const BUSY = 0.9;
const MANY_MIGRATIONS = 1000;

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

/** What was slow or unfair in a run, in words; nothing if nothing was. */
export function findings({ groups, cpus, duration }: Result): string[] {
  const found: string[] = [];
  for (const g of groups) {
    const { name, share, due, latency, longestWait, spread } = g;
    if (due > SMALL_SHARE && share < due * (1 - UNFAIR))
      found.push(`${name} got ${percent(share)} of the CPU time and was due ${percent(due)}`);
    if (share > SMALL_SHARE && due > 0 && share > due * (1 + UNFAIR))
      found.push(`${name} took ${percent(share)} of the CPU time and was due ${percent(due)}`);
    if (latency.count > 0 && latency.p99 > SLOW)
      found.push(`${name} waited ${timeText(latency.p99)} after one wake-up in a hundred (p99)`);
    if (longestWait > LONG_WAIT)
      found.push(`a task of ${name} waited ${timeText(longestWait)} for a CPU`);
    if (spread > SPREAD)
      found.push(`tasks of ${name} differ by up to ${percent(spread)} from their mean`);
    const perSecond = (g.migrations / g.tasks / duration) * 1e9;
    if (perSecond > MANY_MIGRATIONS)
      found.push(`a task of ${name} changed its CPU ${perSecond.toFixed(0)} times a second`);
  }
  const waiting = groups.some((g) => g.wait > 0.2);
  const idle = cpus.filter((c) => c.busy < BUSY);
  if (waiting && idle.length > 0) {
    const part = idle.reduce((n, c) => n + 1 - c.busy, 0) / cpus.length;
    if (part > 0.05) found.push(`${percent(part)} of the CPU time was idle while tasks waited`);
  }
  return found;
}

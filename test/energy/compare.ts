import { simulateWithHalf, type Run } from '../../sim/index.js';
import { LOADS } from './loads.js';
import { machine } from './machine.js';
import { halfOf, objectFor, SCHEDULERS } from './schedulers.js';

export interface Row {
  load: string;
  scheduler: string;
  powerMw: number;
  /** uJ for each ms of work of the fastest CPU. */
  energyPerWork: number;
  meanLatencyUs: number;
  p99LatencyUs: number;
  p99ResponseMs: number;
  /** Work done, of what one fastest CPU does. */
  throughput: number;
  busy: number[];
  hash: string;
}

/** A scheduler under a load on the HiKey 960, for so many seconds of virtual time. */
export async function measure(load: string, scheduler: string, seconds: number): Promise<Run> {
  const compared = SCHEDULERS[scheduler]!;
  return simulateWithHalf(await objectFor(compared), {
    ...{ machine, tasks: LOADS[load]!, duration: seconds * 1e9, trace: false },
    ...(compared.config && { config: compared.config }),
    ...halfOf(compared),
  });
}

export function rowOf(load: string, scheduler: string, run: Run): Row {
  if (run.exit.error) throw new Error(`${scheduler} ended: ${run.exit.message}`);
  const seconds = run.duration / 1e9;
  const work = run.groups.reduce((n, g) => n + g.work, 0);
  const wakeups = run.groups.reduce((n, g) => n + g.latency.count, 0);
  const waited = run.groups.reduce((n, g) => n + g.latency.mean * g.latency.count, 0);
  const most = (of: (g: Run['groups'][number]) => number): number =>
    Math.max(...run.groups.map(of));
  return {
    ...{ load, scheduler, hash: run.hash },
    powerMw: (run.energy / seconds) * 1000,
    energyPerWork: (run.energy * 1e6) / (work / 1e6),
    meanLatencyUs: waited / Math.max(1, wakeups) / 1000,
    p99LatencyUs: most((g) => g.latency.p99) / 1000,
    p99ResponseMs: most((g) => g.response.p99) / 1e6,
    throughput: work / run.duration,
    busy: run.cpus.map((c) => c.busy),
  };
}

export async function compare(seconds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const load of Object.keys(LOADS))
    for (const scheduler of Object.keys(SCHEDULERS))
      rows.push(rowOf(load, scheduler, await measure(load, scheduler, seconds)));
  return rows;
}

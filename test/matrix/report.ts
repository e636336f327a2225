import { CANNOT } from './config.js';

/** What test/vm/examples/guest.mjs says of one scheduler. */
export interface Report {
  name: string;
  cpus: number;
  enabled: boolean;
  startMs: number;
  ops?: string;
  load?: {
    seconds: number;
    tasks: { kind: string; gained: number }[];
    switches: number;
    maxWaitMs: number;
    maxWaitTask: string;
    coresUsed: number;
  };
  /** Codes of errors of making cgroups. */
  cgroupErrors?: string[];
  claims?: {
    weights?: { high: number; low: number; ratio: number };
    lightLoad?: { coresUsed: number };
    exclusive?: { sameMs: number; mixedMs: number; p: number; q: number };
    cgroupWeights?: { first: number[]; second: number[]; expect: [number[], number[]] };
    deciders?: { last: string };
  };
  /** Part of a CPU that a task got which was alone on it. */
  alone?: number;
  hotplug?: { off: boolean; on: boolean; restarts: number };
  state?: string;
  events?: Record<string, number>;
  rejected?: number;
  code: number | null;
  after: string;
  statistics: string;
  stderr: string;
}

/** No task that is ready to run waits longer, in ms. */
const MAX_WAIT_MS = 3000;
const SLICE_MS = 20;
/** Of a CPU that nobody else wants; what a busy host takes comes off it. */
const MIN_ALONE = 0.5;
/** Schedulers that follow CPU hotplug without being loaded anew. */
const FOLLOWS_HOTPLUG = new Set(['qmap']);

const close = (value: number, wanted: number, tolerance: number): boolean =>
  Math.abs(value - wanted) <= wanted * tolerance;

/** Whether it did not run on a kernel that cannot run it, and said why. */
export function refusedForWant(report: Report, kernel: string): boolean {
  return (
    CANNOT[kernel]?.includes(report.name) === true &&
    report.state !== 'enabled' &&
    /\w+\(\) cannot be called on this kernel|cannot be used for PREEMPT_RT/.test(report.stderr)
  );
}

/**
 * What is wrong, in words; nothing if all is well. Without `bounds` no time is judged but the kernel's own, the
 * watchdog's 30 s: for machines that are busy with other things.
 */
export function problems(
  report: Report,
  all: readonly Report[],
  kernel: string,
  { bounds = true } = {},
): string[] {
  if (refusedForWant(report, kernel)) return [];
  const { name, load, claims = {}, hotplug } = report;
  if (!report.enabled || !load) return [`it did not start: ${report.stderr.trim()}`];
  const found: string[] = [];
  const check = (ok: boolean, text: string): void => void (ok || found.push(text));
  // The kernel's names have no hyphens.
  const ops = name.replaceAll('-', '_');
  check(report.ops?.startsWith(ops) === true, `the kernel calls it '${report.ops}'`);
  check(report.state === 'enabled', `sched_ext was ${report.state} after the load`);
  check(/ended: .*unregister/i.test(report.stderr), `it ended otherwise: ${report.stderr.trim()}`);
  check(report.code === 0, `its process ended with ${report.code}`);
  check(report.after === 'disabled', `sched_ext was ${report.after} afterwards`);
  check(report.rejected === 0, `${report.rejected} tasks were refused`);
  check(report.statistics.trim() !== '', 'it printed no statistics');
  for (const { kind, gained } of load.tasks) check(gained > 0, `a ${kind} task got nowhere`);
  const refused = report.cgroupErrors ?? [];
  check(refused.length === 0, `${refused.length} cgroups could not be made: ${refused[0]}`);
  check(load.switches > 50, `only ${load.switches} context switches were seen`);
  check(
    !bounds || load.maxWaitMs < MAX_WAIT_MS,
    `${load.maxWaitTask} waited for ${Math.round(load.maxWaitMs)} ms`,
  );
  if (report.events && !hotplug)
    check(
      report.events['SCX_EV_DISPATCH_LOCAL_DSQ_OFFLINE'] === 0,
      'tasks went to a CPU that is offline',
    );
  check(
    report.alone === undefined || report.alone > MIN_ALONE,
    `a task alone on its CPU got ${percent(report.alone ?? 0)} of it`,
  );
  if (hotplug) {
    check(hotplug.off && hotplug.on, 'it did not come back after CPU hotplug');
    check(
      FOLLOWS_HOTPLUG.has(name) === (hotplug.restarts === 0),
      `CPU hotplug made ${hotplug.restarts} restarts`,
    );
  }
  if (bounds) found.push(...brokenClaims(report, claims, all));
  return found;
}

function brokenClaims(
  { name, cpus }: Report,
  claims: NonNullable<Report['claims']>,
  all: readonly Report[],
): string[] {
  const found: string[] = [];
  const { weights, lightLoad, exclusive, cgroupWeights, deciders } = claims;
  if (weights) {
    // 100 to 11, within 10 %, and a slice that each of the light tasks may be ahead or behind.
    const wanted = ((weights.high + weights.low) * 11) / 111;
    const bound = wanted * 0.1 + 2 * cpus * SLICE_MS;
    if (Math.abs(weights.low - wanted) > bound)
      found.push(`nice 10 got ${weights.low} ms, not ${Math.round(wanted)} ± ${Math.round(bound)}`);
  }
  const simple = all.find((r) => r.name === 'simple')?.claims;
  if (name === 'nest' && lightLoad && simple?.lightLoad && cpus >= 8) {
    const { coresUsed } = lightLoad;
    if (coresUsed > simple.lightLoad.coresUsed * 0.8)
      found.push(
        `a light load used ${coresUsed.toFixed(1)} cores, with simple ${simple.lightLoad.coresUsed.toFixed(1)}`,
      );
  }
  if (name === 'pair' && exclusive && cpus >= 2) {
    const part = mixed(exclusive);
    if (part > 0.15) found.push(`partners ran different cgroups ${percent(part)} of the time`);
    const control = simple?.exclusive ? mixed(simple.exclusive) : 1;
    if (control < 0.3)
      found.push(`the measurement is worth nothing: simple has ${percent(control)}`);
    if (exclusive.p === 0 || exclusive.q === 0) found.push('a cgroup got no CPU time');
  }
  if (cgroupWeights) {
    const { first, second, expect } = cgroupWeights;
    for (const [got, wanted] of [
      [first, expect[0]],
      [second, expect[1]],
    ] as const)
      if (!got.every((part, i) => close(part, wanted[i]!, 0.1)))
        found.push(
          `cgroups got ${got.map(percent).join(', ')}, not ${wanted.map(percent).join(', ')}`,
        );
  }
  if (deciders && !/^placed by CPU 0: \d+$/.test(deciders.last))
    found.push(`not the central CPU alone decided: ${deciders.last || 'no statistics'}`);
  return found;
}

/** Part of the time with both partners busy that they spent in different cgroups. */
export function mixed({ sameMs, mixedMs }: { sameMs: number; mixedMs: number }): number {
  return mixedMs / (sameMs + mixedMs);
}

export const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

import type { Run } from '../../sim/index.js';

/** What a run shows, for tools. Times are ns of virtual time. */
export function jsonOf(run: Run): object {
  const { plan, exit } = run;
  return {
    ...{ scheduler: run.scheduler, kernel: plan.kernel, seed: plan.seed, duration: run.duration },
    ...{ machine: plan.machine.describe(), groups: run.groups, cpus: run.cpus },
    ...{ callbacks: run.callbacks, counters: run.counters, kernelEvents: run.kernelEvents },
    exit: { ...exit, code: exit.code.toString() },
    ...{ findings: run.findings, output: run.output, energy: run.energy, costs: run.costs },
    ...{ events: run.events, hash: run.hash },
  };
}

import type { Cgroup } from './cgroup.js';
import type { CallbackName } from './scheduler.js';
import type { Kernel } from './kernel.js';

function tell(k: Kernel, name: CallbackName, call: () => void): void {
  k.enter(k.here ?? k.cpus[k.online.first()]!, name, null);
  call();
  k.leave();
}

/** cpu.weight, from 1 to 10,000. */
export function setCgroupWeight(k: Kernel, cgroup: Cgroup, weight: number): void {
  cgroup.weight = weight;
  k.hooks.cgroupChanged?.(cgroup);
  const s = k.scheduler;
  if (s?.cgroup_set_weight)
    tell(k, 'cgroup_set_weight', () => s.cgroup_set_weight!(cgroup, weight));
}

/** cpu.max, us; quota Infinity is "max". */
export function setBandwidth(k: Kernel, cgroup: Cgroup, quota: number, period: number): void {
  cgroup.quota = quota;
  cgroup.period = period;
  k.hooks.cgroupChanged?.(cgroup);
  const s = k.scheduler;
  if (!k.features.cgroupBandwidth || !s?.cgroup_set_bandwidth) return;
  tell(k, 'cgroup_set_bandwidth', () => s.cgroup_set_bandwidth!(cgroup, period, quota, 0));
}

/** cpu.idle. */
export function setCgroupIdle(k: Kernel, cgroup: Cgroup, idle: boolean): void {
  cgroup.idle = idle;
  k.hooks.cgroupChanged?.(cgroup);
  const s = k.scheduler;
  if (!k.features.cgroupIdle || !s?.cgroup_set_idle) return;
  tell(k, 'cgroup_set_idle', () => s.cgroup_set_idle!(cgroup, idle));
}

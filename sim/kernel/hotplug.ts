import { SimError } from '../errors.js';
import { evict } from './change.js';
import {
  SCX_ECODE_ACT_RESTART,
  SCX_ECODE_RSN_HOTPLUG,
} from '../../native/runtime/kernel-numbers.js';
import { endScheduler } from './fail.js';
import type { Kernel } from './kernel.js';
import { Log } from './log.js';
import { resched } from './resched.js';
import { putAway } from './schedule.js';

/** A CPU comes or goes. */
export function setOnline(k: Kernel, id: number, online: boolean): void {
  const cpu = k.cpus[id]!;
  if (cpu.online === online) return;
  if (!online && k.online.size === 1)
    throw new SimError('SIM_HOTPLUG', `CPU ${id} is the last one online`);
  k.hotplugSequence++;
  const s = k.scheduler;
  const callback = online ? s?.cpu_online : s?.cpu_offline;
  k.log.add(k.now, online ? Log.ONLINE : Log.OFFLINE, id, 0, 0, 0);
  if (s && k.state === 'enabled') {
    if (callback) {
      k.enter(k.here ?? cpu, online ? 'cpu_online' : 'cpu_offline', null);
      callback.call(s, id);
      k.leave();
    } else
      endScheduler(
        k,
        'UNREG_KERN',
        `cpu ${id} going ${online ? 'online' : 'offline'}, exiting scheduler`,
        SCX_ECODE_ACT_RESTART | SCX_ECODE_RSN_HOTPLUG,
      );
  }
  if (online) {
    cpu.online = true;
    k.online.add(id);
    k.idle.set(id, true);
    cpu.idleSince = k.now;
    k.hooks.onlineChanged?.();
    resched(k, cpu);
    return;
  }
  cpu.online = false;
  k.online.delete(id);
  k.idle.set(id, false);
  k.hooks.onlineChanged?.();
  k.events.cancel(cpu.scheduleTimer);
  k.events.cancel(cpu.tickTimer);
  k.events.cancel(cpu.workTimer);
  if (cpu.current) putAway(k, cpu);
  const waiting = [
    ...cpu.local,
    ...cpu.bypassQueue,
    ...cpu.deferredLocal,
    ...cpu.realtime,
    ...cpu.fair.tasks,
  ];
  for (const p of waiting) evict(k, cpu, p);
}

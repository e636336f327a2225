import type { Kernel } from './kernel.js';
import { Class, Place, type Task } from './task.js';

/** The kernel's own rules, which hold after every event: what of them does not, in words. */
export function violations(k: Kernel): string[] {
  const found: string[] = [];
  const check = (holds: boolean, text: string): void => {
    if (!holds) found.push(text);
  };
  const seen = new Map<Task, string>();
  const at = (p: Task, where: string): void => {
    check(!seen.has(p), `${p} is in two places: ${seen.get(p)} and ${where}`);
    seen.set(p, where);
  };
  for (const dsq of k.allQueues()) {
    let n = 0;
    for (const p of dsq) {
      n++;
      at(p, `a ${dsq.kind} queue`);
      check(p.dsq === dsq && p.place === Place.QUEUE, `${p} does not know of its queue`);
      if (dsq.kind !== 'local') continue;
      check(p.cpu === dsq.owner, `${p} of CPU ${p.cpu} is in the local queue of CPU ${dsq.owner}`);
      check(
        p.mask.has(dsq.owner) || p.mustMove,
        `${p} is in the local queue of CPU ${dsq.owner} and may run on ${p.mask}`,
      );
    }
    check(n === dsq.count, `a ${dsq.kind} queue counts ${dsq.count} tasks and holds ${n}`);
  }
  for (const cpu of k.cpus) {
    const { current } = cpu;
    if (current) {
      at(current, `CPU ${cpu.id}`);
      check(current.place === Place.CPU, `${current} runs on CPU ${cpu.id} and is elsewhere`);
      check(current.cpu === cpu.id, `${current} of CPU ${current.cpu} runs on CPU ${cpu.id}`);
      check(cpu.online, `CPU ${cpu.id} is offline and runs ${current}`);
      check(!k.idle.cpus.has(cpu.id), `CPU ${cpu.id} is marked idle and runs ${current}`);
    }
    for (const p of cpu.realtime) at(p, `the RT queue of CPU ${cpu.id}`);
    for (const p of cpu.fair.tasks) at(p, `the fair queue of CPU ${cpu.id}`);
    for (const p of cpu.deferredLocal) at(p, `on its way from CPU ${cpu.id}`);
    for (const p of cpu.runnable)
      check(p.cpu === cpu.id && p.onQueue, `CPU ${cpu.id} lists ${p}, which is not runnable there`);
  }
  for (const p of k.tasks.values()) {
    const placed = seen.has(p) || p.place === Place.BPF;
    check(
      placed === p.onQueue,
      `${p} is ${p.onQueue ? 'runnable and nowhere' : 'not runnable, at ' + seen.get(p)}`,
    );
    check(
      (p.place === Place.NONE) === !placed,
      `${p} has place ${p.place}, and ${placed ? 'is' : 'is not'} somewhere`,
    );
    if (p.class === Class.EXT)
      check(p.onQueue === k.cpus[p.cpu]!.runnable.has(p), `${p} is not listed as it is`);
  }
  for (const id of k.idle.cores) {
    const whole = k.machine.coreMasks[id]!.within(k.idle.cpus);
    check(whole, `the core of CPU ${id} is marked idle as a whole and is not`);
  }
  return found;
}

/** CPU time of tasks and of CPUs is the same time: the difference, ns. Only right after every CPU was accounted. */
export function timeDifference(k: Kernel, gone: number): number {
  let tasks = gone;
  for (const p of k.tasks.values()) tasks += p.stats.ran;
  let cpus = 0;
  for (const cpu of k.cpus) cpus += cpu.busy;
  return cpus - tasks;
}

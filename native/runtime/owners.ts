import { readdirSync, readFileSync } from 'node:fs';
import { addon } from './addon.js';
import { native } from './errors.js';
import { printableLine } from './printable.js';

/** A process that keeps a scheduler attached, by holding its link. */
export interface SchedulerProcess {
  pid: number;
  /** Its command line. */
  command: string;
}

/** A sched_ext scheduler that is attached, whoever loaded it and in whatever language. */
export interface AttachedScheduler {
  /** Of its struct_ops map, cut to 15 characters by the kernel. */
  map: string;
  /** Id of its link. */
  link: number;
  /** Empty if the link is pinned in a BPF file system rather than held. */
  processes: SchedulerProcess[];
}

const OPS_TYPE = 'bpf_struct_ops_sched_ext_ops';

/** The sched_ext schedulers that are attached now. Needs CAP_SYS_ADMIN; throws ERR_PRIVILEGE. */
export function attachedSchedulers(): AttachedScheduler[] {
  const { maps, links } = native(() => addon().structOps());
  const names = new Map<number, boolean>();
  const isScheduler = (type: number): boolean => {
    let known = names.get(type);
    if (known === undefined) {
      known = native(() => addon().kernelTypeName(type)) === OPS_TYPE;
      names.set(type, known);
    }
    return known;
  };
  const found = links.flatMap(({ id, map }) => {
    const of = maps.find((m) => m.id === map);
    return of && isScheduler(of.kernelType) ? [{ map: of.name, link: id }] : [];
  });
  const holders = found.length > 0 ? holdersOf(new Set(found.map((f) => f.link))) : new Map();
  return found.map((f) => ({ ...f, processes: (holders.get(f.link) ?? []) as SchedulerProcess[] }));
}

/** Processes by the id of the link that they hold: /proc/PID/fdinfo names it. */
function holdersOf(links: Set<number>): Map<number, SchedulerProcess[]> {
  const out = new Map<number, SchedulerProcess[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    for (const link of linksOf(entry)) {
      if (!links.has(link)) continue;
      const list = out.get(link) ?? [];
      list.push({ pid: Number(entry), command: commandOf(entry) });
      out.set(link, list);
    }
  }
  return out;
}

/** Links that a process holds; none if it ended meanwhile. */
function linksOf(pid: string): Set<number> {
  const out = new Set<number>();
  try {
    for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
      const text = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1');
      const id = /^link_id:\s*(\d+)$/m.exec(text)?.[1];
      if (id) out.add(Number(id));
    }
  } catch {
    return out;
  }
  return out;
}

function commandOf(pid: string): string {
  try {
    return printableLine(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim());
  } catch {
    return '';
  }
}

// What the userspace halves of components and the commands read of sysfs and procfs.
import { readFileSync } from 'node:fs';

/** A file's text without the space around it; undefined where it cannot be read: which there are differs by machine. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** `0-3,8,10-11` as the kernel writes sets of CPUs (`%*pbl`); empty text is the empty set. */
export function parseCpuList(text: string): number[] {
  const out: number[] = [];
  for (const part of text.trim().split(',')) {
    if (part === '') continue;
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first))
      throw new Error(`'${text.trim()}' is no list of CPUs such as 0-3,8`);
    for (let cpu = Number(first); cpu <= Number(last); cpu++) out.push(cpu);
  }
  return out;
}

import { ScxtsError } from '../errors.js';

/** Largest number that a CPU can have here; kernels are built for 8192 CPUs at most (NR_CPUS). */
export const MAX_CPU = 65_535;

/**
 * `0-3,8,10-11` as the kernel writes sets of CPUs (`%*pbl`), in the order of the text; empty text is the empty set. Throws
 * ERR_CPUS for anything else.
 */
export function parseCpuList(text: string): number[] {
  const out: number[] = [];
  for (const part of text.trim().split(',')) {
    if (part === '') continue;
    const [, first, last = first] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) > MAX_CPU)
      throw new ScxtsError('ERR_CPUS', `'${text.trim()}' is no list of CPUs such as 0-3,8`, {
        hint: `numbers and ranges from 0 to ${MAX_CPU}, with commas between them`,
      });
    for (let cpu = Number(first); cpu <= Number(last); cpu++) out.push(cpu);
  }
  return out;
}

/** The list as the kernel writes it. `cpus` are rising numbers. */
export function formatCpuList(cpus: Iterable<number>): string {
  const ranges: [number, number][] = [];
  for (const cpu of cpus) {
    const last = ranges.at(-1);
    if (last && cpu === last[1] + 1) last[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

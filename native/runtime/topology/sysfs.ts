// What the kernel says of the machine in sysfs, below a root that tests replace. Which files there are differs by architecture,
// kernel and machine: what is missing or makes no sense is undefined.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCpuList } from './cpulist.js';
import { Cpumask } from './cpumask.js';

/** A file's text without the space around it; undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Files of devices; a CPU's are named by its number. */
export class DeviceFiles {
  readonly cpuFolder: string;

  /** `root` is where sysfs is mounted. */
  constructor(private readonly root: string) {
    this.cpuFolder = join(root, 'devices/system/cpu');
  }

  text(...path: string[]): string | undefined {
    return readText(join(this.root, 'devices', ...path));
  }

  names(pattern: RegExp, ...path: string[]): string[] {
    try {
      return readdirSync(join(this.root, 'devices', ...path)).filter((n) => pattern.test(n));
    } catch {
      return [];
    }
  }

  /** The set of CPUs that a file lists; undefined without one. */
  mask(...path: string[]): Cpumask | undefined {
    const text = this.text(...path);
    if (text === undefined) return undefined;
    try {
      return Cpumask.of(parseCpuList(text));
    } catch {
      return undefined;
    }
  }

  cpuText(cpu: number, file: string): string | undefined {
    return readText(join(this.cpuFolder, `cpu${cpu}`, file));
  }

  cpuMask(cpu: number, file: string): Cpumask | undefined {
    return this.mask('system/cpu', `cpu${cpu}`, file);
  }

  /** A number above 0. */
  cpuNumber(cpu: number, file: string): number | undefined {
    const value = Number(this.cpuText(cpu, file) ?? NaN);
    return value > 0 && Number.isFinite(value) ? value : undefined;
  }

  /** An id of the CPU's topology folder. -1, and 65535 from firmware, stand for "none". */
  cpuId(cpu: number, file: string): number | undefined {
    const text = this.cpuText(cpu, `topology/${file}`);
    const value = text ? Number(text) : NaN;
    return Number.isInteger(value) && value >= 0 && value !== 0xffff ? value : undefined;
  }
}

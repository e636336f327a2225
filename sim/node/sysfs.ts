import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CpuMask } from '../kernel/cpumask.js';
import type { Machine } from '../machine/machine.js';

/** A folder that stands for /sys of a modelled machine, as far as topologies are read from it; gone with the process. */
export function writeSysfs(machine: Machine, online: CpuMask): string {
  const root = mkdtempSync(join(tmpdir(), 'scxts-model-sys-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string | number): void => {
    const file = join(root, 'devices/system', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  };
  write('cpu/possible', machine.possible.toString());
  write('cpu/present', machine.possible.toString());
  write('cpu/online', online.toString());
  for (const place of machine.places) {
    const cpu = (file: string, text: string | number): void =>
      write(`cpu/cpu${place.id}/${file}`, text);
    cpu('online', online.has(place.id) ? 1 : 0);
    cpu('cpu_capacity', place.capacity);
    cpu('topology/core_id', place.core);
    cpu('topology/physical_package_id', place.node);
    cpu('topology/core_cpus_list', machine.coreMasks[place.id]!.toString());
    cpu('topology/package_cpus_list', machine.nodeMasks[place.id]!.toString());
    cpu('cache/index3/level', 3);
    cpu('cache/index3/type', 'Unified');
    cpu('cache/index3/id', place.llc);
    cpu('cache/index3/shared_cpu_list', machine.llcMasks[place.id]!.toString());
    if (!place.domain) continue;
    cpu('cpufreq/related_cpus', place.domain.cpus.join(' '));
    cpu('cpufreq/cpuinfo_max_freq', place.domain.states.at(-1)!.frequencyKhz);
    cpu('cpufreq/cpuinfo_min_freq', place.domain.states[0]!.frequencyKhz);
  }
  for (let node = 0; node < machine.nodes; node++) {
    const first = machine.places.find((p) => p.node === node)!;
    write(`node/node${node}/cpulist`, machine.nodeMasks[first.id]!.toString());
  }
  return root;
}

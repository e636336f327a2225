import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scratchFolder, type ScratchFolder } from '../../native/runtime/scratch-folder.js';
import type { CpuMask } from '../kernel/cpumask.js';
import type { CpuPlace, FrequencyDomain, Machine } from '../machine/machine.js';

/** Powers of an energy model are in uW: include/linux/energy_model.h. */
const MICROWATTS = 1;

/** By the path of their /sys. */
const folders = new Map<string, ScratchFolder>();

/** The machine of a folder that writeSysfs() gave is gone. */
export function removeSysfs(sysfs: string): void {
  folders.get(sysfs)?.[Symbol.dispose]();
  folders.delete(sysfs);
}

/** A folder that stands for /sys of a modelled machine, as far as topologies, frequencies and energy models are read from it. */
export function writeSysfs(machine: Machine, online: CpuMask): string {
  const folder = scratchFolder(tmpdir(), 'scxts-model-');
  const sysfs = join(folder.path, 'sys');
  folders.set(sysfs, folder);
  const write = writerOf(sysfs);
  write('devices/system/cpu/possible', machine.possible.toString());
  write('devices/system/cpu/present', machine.possible.toString());
  for (const place of machine.places) writeCpu(write, machine, place);
  for (let node = 0; node < machine.nodes; node++) {
    const first = machine.places.find((p) => p.node === node)!;
    write(`devices/system/node/node${node}/cpulist`, machine.nodeMasks[first.id]!.toString());
  }
  for (const domain of machine.domains) writeEnergyModel(write, domain);
  writeOnline(sysfs, machine, online);
  return sysfs;
}

/** Which CPUs are there changes. */
export function writeOnline(sysfs: string, machine: Machine, online: CpuMask): void {
  const write = writerOf(sysfs);
  write('devices/system/cpu/online', online.toString());
  for (const { id } of machine.places)
    write(`devices/system/cpu/cpu${id}/online`, online.has(id) ? 1 : 0);
}

type Write = (path: string, text: string | number) => void;

function writerOf(sysfs: string): Write {
  return (path, text) => {
    const file = join(sysfs, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  };
}

function writeCpu(write: Write, machine: Machine, place: CpuPlace): void {
  const cpu: Write = (file, text) => write(`devices/system/cpu/cpu${place.id}/${file}`, text);
  cpu('cpu_capacity', place.capacity);
  cpu('topology/core_id', place.core);
  cpu('topology/physical_package_id', place.node);
  cpu('topology/core_cpus_list', machine.coreMasks[place.id]!.toString());
  cpu('topology/package_cpus_list', machine.nodeMasks[place.id]!.toString());
  cpu('cache/index3/level', 3);
  cpu('cache/index3/type', 'Unified');
  cpu('cache/index3/id', place.llc);
  cpu('cache/index3/shared_cpu_list', machine.llcMasks[place.id]!.toString());
  if (!place.domain) return;
  cpu('cpufreq/related_cpus', place.domain.cpus.join(' '));
  cpu('cpufreq/cpuinfo_max_freq', place.domain.states.at(-1)!.frequencyKhz);
  cpu('cpufreq/cpuinfo_min_freq', place.domain.states[0]!.frequencyKhz);
}

/** As debugfs shows it: a folder for each performance domain. */
function writeEnergyModel(write: Write, domain: FrequencyDomain): void {
  const folder = `kernel/debug/energy_model/cpu${domain.cpus[0]}`;
  write(`${folder}/cpus`, domain.cpus.join(','));
  write(`${folder}/flags`, MICROWATTS);
  for (const { frequencyKhz, powerUw, performance } of domain.states) {
    const state = `${folder}/ps:${frequencyKhz}`;
    write(`${state}/frequency`, frequencyKhz);
    write(`${state}/power`, Math.round(powerUw));
    write(`${state}/performance`, Math.round(performance));
    write(`${state}/inefficient`, 0);
  }
}

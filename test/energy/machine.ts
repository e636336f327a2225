// The HiKey 960 as the model kernel wants a machine: the energy model that its device tree gives, and its idle states.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFromTable, type ModelFile } from '../../components/energy/model-file.js';
import type { MachineDescription } from '../../sim/index.js';

interface IdleStates {
  cpuResidencyUs: number;
  cpuExitUs: number;
  clusterResidencyUs: number;
  clusterExitUs: number;
}

const file = JSON.parse(
  readFileSync(join(import.meta.dirname, 'hikey960.json'), 'utf8'),
) as ModelFile & { source: string; idle: IdleStates[] };

export const model = modelFromTable(file);
export const modelSource = file.source;

export const machine: MachineDescription = {
  cpus: model.domains.reduce((n, d) => n + d.cpus.length, 0),
  llcs: model.domains.length,
  domains: model.domains.map(({ name, cpus, states }, i) => {
    const idle = file.idle[i]!;
    return {
      ...{ name, cpus, states },
      idle: [
        { residencyUs: idle.cpuResidencyUs, exitUs: idle.cpuExitUs },
        { residencyUs: idle.clusterResidencyUs, exitUs: idle.clusterExitUs, domain: true },
      ],
    };
  }),
};

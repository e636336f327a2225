// The schedulers that are compared: the examples' own objects, with or without the cpufreq component.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import energyHalf, { type Energy } from '../../components/energy/index.js';
import cpufreqHalf from '../../components/cpufreq/index.js';
import type { HalfOptions } from '../../sim/index.js';
import { builtObject, exampleObject, root } from '../util/built-object.js';

export interface Compared {
  example: string;
  /** Frequencies follow utilisation: with the cpufreq component. */
  paced: boolean;
  config?: HalfOptions['config'];
  /** The energy component is told nothing of the machine's power: it packs and spreads by its signal. */
  blind?: boolean;
}

export const SCHEDULERS: Readonly<Record<string, Compared>> = {
  'simple, full speed': { example: 'simple', paced: false },
  simple: { example: 'simple', paced: true },
  nest: { example: 'nest', paced: true },
  'nest-energy': { example: 'nest-energy', paced: true, blind: true },
  eas: { example: 'eas', paced: true },
  'eas, patient': { example: 'eas', paced: true, config: { energy_patient: true } },
};

/** An example's source with one component more. */
export function withCpufreq(source: string): string {
  const used = source.includes('use: [')
    ? source.replace('use: [', 'use: [cpufreq, ')
    : source.replace(/^( {2}name: '\w+',)$/m, '$1\n  use: [cpufreq],');
  if (used === source) throw new Error('the scheduler has no place for a component');
  const at = `${root}/examples/`;
  return `import { cpufreq } from 'scxts/components/cpufreq';\n${used.replace(/from '\.\//g, `from '${at}`)}`;
}

async function pacedObject(example: string): Promise<string> {
  const folder = join(root, '.cache', 'paced');
  mkdirSync(folder, { recursive: true });
  const source = join(folder, `${example}.ts`);
  writeFileSync(source, withCpufreq(readFileSync(join(root, 'examples', `${example}.ts`), 'utf8')));
  return builtObject(source);
}

export function objectFor({ example, paced }: Compared): Promise<string> {
  return paced ? pacedObject(example) : exampleObject(example);
}

/** What runs beside it: the halves of its components, as on a machine. */
export function halfOf({ example, paced, blind }: Compared): Pick<HalfOptions, 'half' | 'halves'> {
  const usesEnergy = /^(eas|nest-energy)$/.test(example);
  return {
    halves: () =>
      Promise.resolve({
        ...(usesEnergy && { energy: energyHalf }),
        ...(paced && { cpufreq: cpufreqHalf }),
      } as never),
    ...(blind && {
      half({ scheduler }) {
        (scheduler.components as unknown as { energy: Energy }).energy.use(undefined);
      },
    }),
  };
}

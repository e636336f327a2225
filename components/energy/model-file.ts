// An energy model from a JSON file: measured powers, or what a device tree says (capacity-dmips-mhz,
// dynamic-power-coefficient and the operating points), from which the kernel derives its model in the same way.
import { readFileSync } from 'node:fs';
import { parseCpuList } from './kernel-model.js';
import {
  CAPACITY_SCALE,
  checkedModel,
  EnergyModelError,
  type EnergyModel,
  type PerfDomain,
} from './model.js';

/** A domain with what was measured: power at each frequency. */
export interface MeasuredDomain {
  name?: string;
  cpus: string;
  /** Of 1024. */
  capacity: number;
  states: { frequencyKhz: number; powerUw: number; performance?: number }[];
}

/** A domain as a device tree describes it. */
export interface DeviceTreeDomain {
  name?: string;
  cpus: string;
  /** `capacity-dmips-mhz`. */
  capacityDmipsMhz: number;
  /** `dynamic-power-coefficient`, in uW/MHz/V^2. */
  dynamicPowerCoefficient: number;
  /** `operating-points-v2`: `opp-hz` in kHz and `opp-microvolt`. */
  operatingPoints: { frequencyKhz: number; microvolt: number }[];
}

export interface ModelFile {
  /** Where the numbers come from. */
  source?: string;
  domains: (MeasuredDomain | DeviceTreeDomain)[];
}

/** Dynamic power C * f * V^2 in uW, as drivers/opp/of.c (_get_dt_power) computes it. */
export function dynamicPower(coefficient: number, frequencyKhz: number, microvolt: number): number {
  return coefficient * (frequencyKhz / 1000) * (microvolt / 1e6) ** 2;
}

const isDeviceTree = (d: MeasuredDomain | DeviceTreeDomain): d is DeviceTreeDomain =>
  'capacityDmipsMhz' in d;

function maxFrequency(states: { frequencyKhz: number }[]): number {
  return Math.max(...states.map((s) => s.frequencyKhz));
}

/** The model that a file's content describes; throws EnergyModelError. */
export function modelFromTable(file: ModelFile): EnergyModel {
  if (!Array.isArray(file.domains))
    throw new EnergyModelError("the model has no list of 'domains'");
  // What the fastest CPU does, before scaling: topology_normalize_cpu_scale() in drivers/base/arch_topology.c.
  const fastest = Math.max(
    ...file.domains
      .filter(isDeviceTree)
      .map((d) => d.capacityDmipsMhz * maxFrequency(d.operatingPoints)),
  );
  const domains = file.domains.map((d, i): PerfDomain => {
    const name = d.name ?? `domain${i}`;
    const cpus = parseCpuList(String(d.cpus));
    if (!isDeviceTree(d)) {
      if (!Array.isArray(d.states))
        throw new EnergyModelError(`domain '${name}' has neither 'states' nor 'operatingPoints'`);
      const top = maxFrequency(d.states);
      const states = d.states.map((s) => ({
        ...s,
        performance: s.performance ?? (d.capacity * s.frequencyKhz) / top,
      }));
      return { name, cpus, capacity: d.capacity, states };
    }
    const top = maxFrequency(d.operatingPoints);
    const capacity = Math.round((CAPACITY_SCALE * d.capacityDmipsMhz * top) / fastest);
    const states = d.operatingPoints.map(({ frequencyKhz, microvolt }) => ({
      frequencyKhz,
      performance: (capacity * frequencyKhz) / top,
      powerUw: dynamicPower(d.dynamicPowerCoefficient, frequencyKhz, microvolt),
    }));
    return { name, cpus, capacity, states };
  });
  return checkedModel({ source: 'file', domains });
}

/** Reads a model from a JSON file; throws EnergyModelError with the path. */
export function readModelFile(path: string): EnergyModel {
  try {
    return modelFromTable(JSON.parse(readFileSync(path, 'utf8')) as ModelFile);
  } catch (error) {
    throw new EnergyModelError(`${path} is no energy model: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

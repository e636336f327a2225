export { Energy, type CpuUse, type EnergyOptions, type EnergyState, type Mode } from './energy.js';
export {
  capacitiesOf,
  costOf,
  cpuClasses,
  domainPower,
  EnergyModelError,
  stateFor,
  type CpuClass,
  type EnergyModel,
  type PerfDomain,
  type PerfState,
} from './model.js';
export {
  findModel,
  modelFromCapacities,
  parseCpuList,
  readCapacities,
  readKernelModel,
} from './kernel-model.js';
export {
  dynamicPower,
  modelFromTable,
  readModelFile,
  type DeviceTreeDomain,
  type MeasuredDomain,
  type ModelFile,
} from './model-file.js';
export { packScore, PackReader, PackSignal, type PackInputs } from './pack.js';
export { tablesOf, type ModelTables } from './tables.js';

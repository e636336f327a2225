import {
  userspaceHalf,
  type LoadedComponent,
  type OpenComponent,
} from '../../native/runtime/index.js';
import { Energy, type EnergyOptions, type EnergyState } from './energy.js';

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

/** Before load: `open.components.energy.options.file = ...`. */
export class OpenEnergy {
  readonly options: EnergyOptions = {};
}

export default userspaceHalf({
  open: (_component: OpenComponent<EnergyState>) => new OpenEnergy(),
  load: (component: LoadedComponent<EnergyState>, open) => new Energy(component, open.options),
  attach: (half) => {
    half.start();
    return () => half.stop();
  },
});

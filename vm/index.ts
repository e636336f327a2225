export { VmError } from './errors.js';
export { cacheDir } from './cache.js';
export { VM_KERNELS } from './kernels/catalogue.js';
export { listKernels, resolveKernel, type ListedKernel } from './kernels/index.js';
export type { KernelImage } from './kernels/image.js';
export {
  BootTimeout,
  Vm,
  VmClosed,
  type BootOptions,
  type CommandResult,
  type RunOptions,
} from './machine/vm.js';
export { Interrupted, runInVm, type VmOptions, type VmResult } from './run.js';

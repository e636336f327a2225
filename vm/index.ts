export { VmError } from './errors.js';
export { VM_KERNELS, resolveKernel, cacheDir } from './kernels.js';
export { runInVm, type VmOptions, type VmResult } from './run.js';

export type { CapacitySource } from './capacity.js';
export { formatCpuList, parseCpuList } from './cpulist.js';
export { Cpumask } from './cpumask.js';
export { nrCpuIds, onlineCpus, possibleCpus } from './current.js';
export { cpusBy, readTopology, type Cpu, type Level, type Topology } from './topology.js';

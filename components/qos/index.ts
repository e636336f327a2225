export { Qos, readRules, type QosRules, type QosState } from './qos.js';
export { CLASSES, commKey, QosError, type QosClass } from './rules.js';
export { bucketStartUs, percentile, type ClassReport } from './stats.js';

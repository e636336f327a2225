import {
  userspaceHalf,
  type LoadedComponent,
  type OpenComponent,
} from '../../native/runtime/index.js';
import { Qos, type QosState } from './qos.js';

export { Qos, readRules, type QosRules, type QosState } from './qos.js';
export { CLASSES, commKey, QosError, type QosClass } from './rules.js';
export { bucketStartUs, percentile, type ClassReport } from './stats.js';

export default userspaceHalf({
  open: (component: OpenComponent<QosState>) => component,
  load: (component: LoadedComponent<QosState>) => new Qos(component),
});

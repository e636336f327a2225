export { FrequencyHints, HintError, type HintOptions, type Hints } from './hints.js';
export type { Change } from './journal.js';

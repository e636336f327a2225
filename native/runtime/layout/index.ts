export { integerGetter } from './getter.js';
export { viewOf, type Field, type Layout, type TypedArray } from './layout.js';
export { Layouts } from './layouts.js';
export { liveValue, readNumber, type Live, type LiveNumbers } from './live.js';
export { bytes, integer } from './scalars.js';
export { SharedMemory } from './shared.js';

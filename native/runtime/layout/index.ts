export { integerGetter } from './getter.js';
export { show, viewOf, writeWhole, type Field, type Layout, type TypedArray } from './layout.js';
export { Layouts } from './layouts.js';
export { indexOf, type LiveArray } from './live-array.js';
export {
  liveValue,
  placeOfLive,
  readNumber,
  type Links,
  type Live,
  type LiveNumber,
  type LiveNumbers,
  type LiveValue,
  type Narrow,
  type Place,
  type Wide,
} from './live.js';
export { bytes, integer, plainBytes } from './scalars.js';
export { SharedMemory } from './shared.js';

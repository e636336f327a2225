export { viewOf, type Field, type Layout, type TypedArray } from './layout.js';
export { Layouts } from './layouts.js';
export { bytes, integer } from './scalars.js';

export * from './types.js';
export * from './state.js';
export * from './objects.js';
export * from './control.js';
export * from './functions.js';
export * from './programs.js';
export * from './generated/kernel.js';

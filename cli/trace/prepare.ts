import { buildTracer } from './build.js';

/** `npm run build:tracer`: the npm package carries the tracer's object, so that `scxts trace` needs no compiler. */
await buildTracer();

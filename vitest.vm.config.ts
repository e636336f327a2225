import { defineConfig } from 'vitest/config';

// Files of these have not been seen to pass often enough for every run; each has a script of its own:
// npm run test:examples (five kernels with bounds on times, for a machine that has nothing else to do; SCXTS_TEST_EXAMPLES=steady
// boots one, without bounds) and npm run test:trace.
const optIn = { examples: 'test/vm/examples.test.ts', trace: 'test/vm/trace.test.ts' };
const chosen = [
  ...(process.env['SCXTS_TEST_EXAMPLES'] ? [optIn.examples] : []),
  ...(process.env['SCXTS_TEST_TRACE'] ? [optIn.trace] : []),
];

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: chosen.length > 0 ? chosen : ['test/vm/**/*.test.ts'],
    exclude: chosen.length > 0 ? [] : Object.values(optIn),
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

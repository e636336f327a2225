import { defineConfig } from 'vitest/config';

// npm run test:examples: the examples on five kernels with bounds on times, for a machine that has nothing else to do.
const examples = process.env['SCXTS_TEST_EXAMPLES'] === '1';

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: examples ? ['test/vm/examples.test.ts'] : ['test/vm/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

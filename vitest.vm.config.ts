import { defineConfig } from 'vitest/config';

// The examples under load, five boots of several minutes each, have a run of their own: npm run test:examples.
const examples = process.env['SCXTS_TEST_EXAMPLES'] === '1';

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: examples ? ['test/vm/examples.test.ts'] : ['test/vm/**/*.test.ts'],
    exclude: examples ? [] : ['test/vm/examples.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

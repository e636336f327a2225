import { defineConfig } from 'vitest/config';

// npm run test:examples: the examples on five kernels with bounds on times, for a machine that has nothing else to do.
const examples = process.env['SCXTS_TEST_EXAMPLES'] === '1';
// npm run test:userland: the userland component on three kernels.
const userland = process.env['SCXTS_TEST_USERLAND'] === '1';
const apart = 'test/vm/userland-component.test.ts';

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: examples
      ? ['test/vm/examples.test.ts']
      : userland
        ? [apart]
        : ['test/vm/**/*.test.ts'],
    exclude: userland ? [] : [apart],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

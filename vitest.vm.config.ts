import { defineConfig } from 'vitest/config';

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: ['test/vm/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

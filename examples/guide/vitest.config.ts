import { defineConfig } from 'vitest/config';

// The tasks of the guide, one after the other: what they build with is loaded once.
export default defineConfig({
  test: { include: ['**/*.test.ts'], testTimeout: 60_000, isolate: false, maxWorkers: 1 },
});

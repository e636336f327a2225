import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');

// As examples/guide/vitest.config.ts, over the sources instead of dist/.
export default defineConfig({
  resolve: {
    alias: {
      'scxts/sim': join(root, 'sim/index.ts'),
      'scxts/runtime': join(root, 'native/runtime/index.ts'),
    },
  },
  test: {
    include: ['examples/guide/**/*.test.ts'],
    ...{ testTimeout: 60_000, isolate: false, maxWorkers: 1 },
  },
});

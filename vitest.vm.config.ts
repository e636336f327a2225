import { configDefaults, defineConfig } from 'vitest/config';

// Files with bounds on times, or that measure over minutes: each group has a script of its own, npm run
// test:examples, test:trace and test:energy, for a machine that has nothing else to do.
// test:trace boots three kernels, the suite the newest one of them; test:examples measures what the suite only runs.
const OPT_IN = { SCXTS_TEST_ENERGY: ['test/vm/qos.test.ts'] };
const DOES_MORE = {
  SCXTS_TEST_EXAMPLES: ['test/vm/examples.test.ts'],
  SCXTS_TEST_TRACE: ['test/vm/trace.test.ts'],
};
const chosen = Object.entries({ ...OPT_IN, ...DOES_MORE }).flatMap(([flag, files]) =>
  process.env[flag] ? files : [],
);

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: chosen.length > 0 ? chosen : ['test/vm/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      ...(chosen.length > 0 ? [] : Object.values(OPT_IN).flat()),
    ],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

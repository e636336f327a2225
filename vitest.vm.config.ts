import { configDefaults, defineConfig } from 'vitest/config';

// npm run test:examples: the examples on five kernels with bounds on times, for a machine that has nothing else to do.
const examples = process.env['SCXTS_TEST_EXAMPLES'] === '1';
// npm run test:energy: energy and quality of service on three kernels, measured over windows of seconds.
const energy = process.env['SCXTS_TEST_ENERGY'] === '1';
const energyTests = ['test/vm/energy.test.ts', 'test/vm/qos.test.ts'];

function included(): string[] {
  if (examples) return ['test/vm/examples.test.ts'];
  return energy ? energyTests : ['test/vm/**/*.test.ts'];
}

// Each file boots its machines one after the other: emulation of one keeps a core busy.
export default defineConfig({
  test: {
    include: included(),
    exclude: [...configDefaults.exclude, ...(energy ? [] : energyTests)],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});

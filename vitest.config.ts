import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/language/**/*.test.ts', 'test/model/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // The IR is looked at after each pass: codegen/ir/validate.ts.
    env: { SCXTS_VALIDATE_IR: '1' },
  },
});

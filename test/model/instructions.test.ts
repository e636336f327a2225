import { describe, expect, it } from 'vitest';
import { compileC } from '../util/compile-c.js';
import { runOnHost } from '../util/on-host.js';
import { scratch } from '../util/scratch.js';
import { runInModel } from '../util/in-model.js';
import { randomProgram } from './random-code.js';

const folder = scratch('instructions');

const compile = (seed: number, bodies: number, length: number): string =>
  compileC(folder, `code-${seed}`, randomProgram(seed, bodies, length));

describe("random code does in the model what it does in this machine's kernel", () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`seed ${seed}`, async () => {
      const object = compile(seed, 40, 60);
      const real = runOnHost(object);
      expect(await runInModel(object)).toEqual(real);
      expect(await runInModel(object, { engine: 'interpreter' })).toEqual(real);
    });
  }
});

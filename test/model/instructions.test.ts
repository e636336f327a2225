import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTool } from '../../codegen/toolchain/clang.js';
import { runOnHost } from '../util/on-host.js';
import { scratch } from '../util/scratch.js';
import { runInModel } from '../util/in-model.js';
import { randomProgram } from './random-code.js';

const folder = scratch('instructions');

function compile(seed: number, bodies: number, length: number): string {
  const source = join(folder, `code-${seed}.c`);
  const object = join(folder, `code-${seed}.bpf.o`);
  writeFileSync(source, randomProgram(seed, bodies, length));
  const clang = findTool('clang')!;
  const flags = ['-target', 'bpf', '-mcpu=v4', '-O1', '-g', '-w', '-c', source, '-o', object];
  execFileSync(clang, flags);
  return object;
}

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

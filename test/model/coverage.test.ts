import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lcovText } from '../../sim/report/lcov.js';
import { loadInModel } from '../util/in-model.js';
import { program } from '../util/program.js';

for (const engine of ['wasm', 'interpreter'] as const)
  it(`coverage says which lines were reached, and how often: ${engine}`, async () => {
    const { objectPath } = await program(`
let rounds: u64 = 0;
export const wanted = config(u32(3), 'rounds');
`)
      .syscall(
        `
  for (const i of range(wanted)) {
    rounds += i;
  }
  if (rounds > 100) {
    rounds = 7;
  }`,
      )
      .ops('enable(p) { rounds = 1; }')
      .builds();
    const loaded = await loadInModel(objectPath, { engine, profile: true });
    loaded.programs.get('run')!.call(0);
    const text = lcovText(loaded.coverage(), 'rounds');
    const source = /^SF:(.*)$/m.exec(text)![1]!;
    const lines = readFileSync(source, 'utf8').split('\n');
    const hits = (part: string): number => {
      const line = lines.findIndex((l) => l.includes(part)) + 1;
      return Number(new RegExp(`^DA:${line},(\\d+)$`, 'm').exec(text)?.[1]);
    };
    expect(hits('rounds += i')).toBe(3);
    expect(hits('if (rounds > 100)')).toBe(1);
    expect(hits('rounds = 7')).toBe(0);
    expect(text).toMatch(/^FNDA:1,run$/m);
    expect(text).toMatch(/^FNDA:0,t_enable$/m);
  });

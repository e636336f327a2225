import { expect, it } from 'vitest';
import type { Program } from '../../util/program.js';

/**
 * What a program of these tests must do: leave this in `out`, build, be refused with a reason or with this one; `or` is for names, which
 * C, BTF or the kernel may not take.
 */
export type Means =
  | (number | bigint)[]
  | 'builds'
  | 'refused'
  | { code: string }
  | { out: (number | bigint)[]; or: 'refused' };
export type Row = [name: string, means: Means, program: Program];

/** One test a row. The rows are the page "Meaning" of the language, a kind at a time. */
export function meanings(rows: Row[]): void {
  for (const [name, means, program] of rows)
    it(name, async () => {
      if (means === 'builds') await program.builds();
      else if (means === 'refused') program.isRefused();
      else if (Array.isArray(means)) await program.runs(means);
      else if ('out' in means) await runsOrIsRefused(program, means.out);
      else expect(program.rejects(means.code).length).toBeGreaterThan(0);
    });
}

async function runsOrIsRefused(program: Program, out: (number | bigint)[]): Promise<void> {
  if (program.check().diagnostics.some((d) => d.severity === 'error')) program.isRefused();
  else await program.runs(out);
}

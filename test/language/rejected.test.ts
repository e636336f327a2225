import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../codegen/index.js';
import { REJECTED } from './rejected-cases.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-rejected-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('programs outside the language', () => {
  it.each(REJECTED)('%s: %s', (name, code, marked) => {
    const start = marked.indexOf('«');
    const end = marked.indexOf('»') - 1;
    const file = join(dir, `${name.replace(/\W+/g, '_')}.ts`);
    writeFileSync(file, marked.replace(/[«»]/g, ''));
    const { diagnostics } = checkFile(file);
    const found = diagnostics.map((d) => d.code);
    expect(found).toContain(code);
    if (start < 0) return;
    const spans = diagnostics
      .filter((d) => d.code === code)
      .map((d) => [d.span?.start, d.span?.end]);
    expect(spans).toContainEqual([start, end]);
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogueEntries } from '../../codegen/diagnostics/diagnostic.js';
import { diagnosticsDocument } from '../../codegen/diagnostics/document.js';
import { diagnosticToJson, formatDiagnostic } from '../../codegen/diagnostics/frame.js';
import { closest } from '../../codegen/frontend/suggest.js';

const root = join(import.meta.dirname, '..', '..');

describe('the catalogue', () => {
  it('has one entry a code', () => {
    const codes = catalogueEntries().map((e) => e.code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('has a test for every entry', () => {
    // What no program can show: TypeScript sees it first, or it is about the machine.
    const UNREACHABLE = [
      'SCX1098',
      'SCX1099',
      'SCX2013',
      'SCX3007',
      'SCX3011',
      'SCX5003',
      'SCX5004',
    ];
    const tests = ['test/language', 'test/unit']
      .flatMap((dir) =>
        readdirSync(join(root, dir), { recursive: true }).map((f) => join(dir, String(f))),
      )
      .filter((f) => /(\.test|-cases)\.ts$/.test(f) && !f.endsWith('unit/diagnostics.test.ts'))
      .map((f) => readFileSync(join(root, f), 'utf8'))
      .join('\n');
    const untested = catalogueEntries()
      .filter((e) => !tests.includes(e.code))
      .map((e) => e.code);
    expect(untested).toEqual(UNREACHABLE);
  });

  it('is what docs/diagnostics.md says (npm run docs)', () => {
    expect(readFileSync(join(root, 'docs', 'diagnostics.md'), 'utf8')).toBe(diagnosticsDocument());
  });
});

describe('a diagnostic', () => {
  const text = 'let a = 1;\nlet bad = x == 2;\nlet c = 3;\n';
  const at = text.indexOf('==');
  const diagnostic = {
    code: 'SCX1007',
    message: "'==' is not in the language",
    hint: "write '==='",
    severity: 'error' as const,
    span: { file: '/x/a.ts', start: at, end: at + 2, line: 2 },
  };

  it('is shown with its place, a code frame and what to do', () => {
    expect(formatDiagnostic(diagnostic, () => text)).toMatchInlineSnapshot(`
      "/x/a.ts:2:13 - error SCX1007: '==' is not in the language

        1 | let a = 1;
      > 2 | let bad = x == 2;
          |             ^^
        3 | let c = 3;

        hint: write '==='"
    `);
  });

  it('is given to tools with lines and columns', () => {
    expect(diagnosticToJson(diagnostic, () => text)).toMatchObject({
      code: 'SCX1007',
      location: { file: '/x/a.ts', line: 2, column: 13, endLine: 2, endColumn: 15 },
    });
  });
});

describe('suggestions', () => {
  it('finds what was meant and keeps quiet otherwise', () => {
    expect(closest('enque', ['enqueue', 'dequeue', 'dispatch'])).toBe('enqueue');
    expect(closest('vtime', ['slice', 'dsq_vtime'])).toBe('dsq_vtime');
    expect(closest('zzz', ['slice', 'dsq_vtime'])).toBeUndefined();
  });
});

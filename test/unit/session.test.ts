import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { CheckSession, checkFile } from '../../codegen/index.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-session-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let clock = 1000;
const put = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  // Two writes may fall into one tick of the file system's clock.
  clock += 10;
  utimesSync(path, clock, clock);
  return path;
};
const library = (body: string): string =>
  `import type { u64 } from 'scxts';\nexport function twice(x: u64): u64 { ${body} }\n`;
const program = `import { scheduler } from 'scxts';
import { twice } from './library.js';
export default scheduler({ name: 's', enable(p) { p.scx.dsq_vtime = twice(p.scx.dsq_vtime); } });
`;
const codes = (result: { diagnostics: { code: string }[] }): string[] =>
  result.diagnostics.map((d) => d.code);

it('a session sees what changes on disk and in the editor, and says what a fresh check says', () => {
  put('library.ts', library('return x * 2;'));
  const file = put('main.ts', program);
  const session = new CheckSession();
  expect(codes(session.check(file))).toEqual([]);
  expect(session.files.sort()).toEqual([join(dir, 'library.ts'), file].sort());

  put('library.ts', library('throw x;'));
  expect(codes(session.check(file))).toEqual(['SCX1004']);
  expect(codes(session.check(file))).toEqual(codes(checkFile(file)));

  put('library.ts', library('return x * 2;'));
  expect(codes(session.check(file, program.replace('enable', 'enabel')))).toContain('TS2561');
  expect(codes(session.check(file, program))).toEqual([]);

  put('main.ts', program.replace('twice(', 'thrice('));
  expect(codes(new CheckSession().check(file))).toEqual(['TS2304']);
  unlinkSync(file);
  expect(codes(new CheckSession().check(file))).toHaveLength(1);
});

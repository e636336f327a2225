import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withLogFile } from '../../../cli/load/verifier-log.js';
import { ScxtsError } from '../../../native/runtime/index.js';
import { compileObject, open } from './objects.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-log-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const rejected = compileObject('rejected');

function refusal(): ScxtsError {
  try {
    open(rejected).load();
  } catch (error) {
    return error as ScxtsError;
  }
  throw new Error('the verifier took it');
}

describe('the log of a failed load', () => {
  it('is written beside the object, whole, and its path is in the hint', () => {
    const error = refusal();
    const path = join(dir, 'mine.verifier.log');
    const shown = withLogFile(error, join(dir, 'mine.bpf.o')) as ScxtsError;
    expect(shown.hint).toBe(`the full log of libbpf and the verifier is in ${path}`);
    expect(shown).toMatchObject({ code: 'ERR_LOAD', message: error.message, log: error.log });
    expect(shown.refusal).toEqual(error.refusal);
    expect(readFileSync(path, 'utf8')).toBe(error.log);
    expect(error.log).toMatch(/BEGIN PROG LOAD LOG[^]*invalid mem access/);
    expect(readdirSync(dir)).toEqual(['mine.verifier.log']);
  });

  it('replaces a symbolic link rather than following it', () => {
    const folder = join(dir, 'linked');
    mkdirSync(folder);
    writeFileSync(join(folder, 'precious'), 'keep');
    symlinkSync(join(folder, 'precious'), join(folder, 'x.verifier.log'));
    withLogFile(refusal(), join(folder, 'x.bpf.o'));
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('keep');
    expect(lstatSync(join(folder, 'x.verifier.log')).isSymbolicLink()).toBe(false);
  });

  it('goes to the temporary folder where the object lies in none that can be written', () => {
    const name = `scxts-${process.pid}`;
    const shown = withLogFile(refusal(), join(dir, 'no', 'folder', `${name}.bpf.o`)) as ScxtsError;
    const path = join(tmpdir(), `${name}.verifier.log`);
    expect(shown.hint).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(shown.log);
    rmSync(path);
  });

  it('keeps a hint that says more, and leaves other errors alone', () => {
    const missing = new ScxtsError('ERR_LOAD', 'm', { log: 'l', hint: 'boot another kernel' });
    const shown = withLogFile(missing, join(dir, 'other.bpf.o')) as ScxtsError;
    expect(shown.hint).toMatch(
      /^boot another kernel; the full log of libbpf and the verifier is in .*other\.verifier\.log$/,
    );
    const other = new ScxtsError('ERR_BUSY', 'm', { log: 'l' });
    expect(withLogFile(other, join(dir, 'none.bpf.o'))).toBe(other);
    const plain = new Error('x');
    expect(withLogFile(plain, join(dir, 'none.bpf.o'))).toBe(plain);
  });
});

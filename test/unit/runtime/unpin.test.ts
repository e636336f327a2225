import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPinnedMap, ScxtsError } from '../../../native/runtime/index.js';
import { ensureBpfFs } from './bpffs.js';
import { codeOf, compileObject, load } from './objects.js';

const every = compileObject('every');
const dir = mkdtempSync(join(tmpdir(), 'scxts-unpin-'));
const pins = `/sys/fs/bpf/scxts-unpin-${process.pid}`;
beforeAll(() => {
  ensureBpfFs();
  mkdirSync(pins);
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
  rmdirSync(pins);
});

const why = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ScxtsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'done';
};

describe('unpin()', () => {
  it('removes a pin of this map, by whatever handle', () => {
    using loaded = load(every);
    const { numbers } = loaded.maps;
    numbers.pin(`${pins}/mine`);
    const again = openPinnedMap(`${pins}/mine`);
    again.unpin(`${pins}/mine`);
    again.close();
    expect(existsSync(`${pins}/mine`)).toBe(false);
    numbers.pin(`${pins}/mine`);
    numbers.unpin(`${pins}//mine`);
    expect(existsSync(`${pins}/mine`)).toBe(false);
  });

  it('removes nothing else', () => {
    using loaded = load(every);
    const { numbers, keyed } = loaded.maps;
    const precious = join(dir, 'precious');
    writeFileSync(precious, 'keep');
    mkdirSync(`${pins}/folder`);
    keyed.pin(`${pins}/other`);
    numbers.pin(`${pins}/mine`);
    symlinkSync(`${pins}/mine`, `${pins}/link`);
    symlinkSync(`${pins}/mine`, join(dir, 'outside'));
    try {
      expect(why(() => numbers.unpin(precious))).toMatch(/^ERR_PIN: .*not on a BPF file system/);
      expect(why(() => numbers.unpin(join(dir, 'outside')))).toMatch(/not on a BPF file system/);
      expect(why(() => numbers.unpin(`${pins}/other`))).toMatch(/another thing is pinned there/);
      expect(why(() => numbers.unpin(`${pins}/folder`))).toMatch(/a folder or a link/);
      expect(why(() => numbers.unpin(`${pins}/link`))).toMatch(/a folder or a link/);
      expect(why(() => numbers.unpin(`${pins}/none`))).toMatch(/cannot be looked at: No such file/);
      expect(why(() => numbers.unpin(`${pins}/none/x`))).toMatch(/folder cannot be opened/);
      expect(why(() => numbers.unpin(`${pins}/folder/..`))).toMatch(/names no file/);
      expect(why(() => numbers.unpin(''))).toMatch(/names no file/);
      expect(codeOf(() => numbers.unpin(3 as unknown as string))).toBe('ERR_ARGUMENT');
      for (const path of [precious, `${pins}/other`, `${pins}/mine`, `${pins}/folder`])
        expect(existsSync(path)).toBe(true);
    } finally {
      rmSync(`${pins}/link`, { force: true });
      keyed.unpin(`${pins}/other`);
      numbers.unpin(`${pins}/mine`);
      rmdirSync(`${pins}/folder`);
    }
  });

  it('what is pinned and is no map cannot be opened as one', () => {
    using loaded = load(every, ['on_switch']);
    const { progs } = loaded;
    // A link of the kernel: struct bpf_map_info is filled in for it as well.
    progs.on_switch.attach();
    expect(codeOf(() => openPinnedMap(`${pins}`))).toBe('ERR_PIN');
  });
});

import { execaNode } from 'execa';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../codegen/index.js';
import { BtfBuilder } from './btf-builder.js';

const root = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-types-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const types = (...args: string[]) =>
  execaNode(join(root, 'dist', 'cli', 'bin.js'), ['types', ...args], { reject: false, cwd: dir });

/** A kernel in small: task_struct with enough fields to be one, and a struct that nothing leads to. */
function kernel(): Buffer {
  const b = new BtfBuilder();
  const s32 = b.int('int', 4, true);
  const u32 = b.int('unsigned int', 4);
  const char = b.int('char', 1, true);
  const comm = b.array(char, 16);
  const inner = b.struct('', 8, [
    { name: 'lo', type: u32, offset: 0 },
    { name: 'hi', type: s32, offset: 32 },
  ]);
  const other = b.struct('odd_queue', 8, [{ name: 'depth', type: u32, offset: 0 }]);
  const pointer = b.pointer(other);
  const union = b.struct(
    '',
    4,
    [
      { name: 'left', type: s32, offset: 0 },
      { name: 'right', type: u32, offset: 0 },
    ],
    'union',
  );
  const fill = Array.from({ length: 60 }, (_, i) => ({
    name: `fill${i}`,
    type: u32,
    offset: 1024 + i * 32,
  }));
  b.struct('task_struct', 4096, [
    { name: 'pid', type: s32, offset: 0 },
    { name: 'in_iowait', type: u32, offset: 32, bits: 1 },
    { name: 'comm', type: comm, offset: 64 },
    { name: 'pair', type: inner, offset: 192 },
    { name: '', type: union, offset: 256 },
    { name: 'queue', type: pointer, offset: 320 },
    ...fill,
  ]);
  b.struct('lone_struct', 4, [{ name: 'value', type: u32, offset: 0 }]);
  return b.build();
}

function put(name: string, data: Buffer | string): string {
  const path = join(dir, name);
  writeFileSync(path, data);
  return path;
}

describe('scxts types', () => {
  let btf: string;
  beforeAll(() => {
    btf = put('kernel.btf', kernel());
  });

  it('declares fields with their exact types: bitfields, anonymous members, arrays, pointers', async () => {
    const result = await types('--btf', btf, '--out', 'made/here');
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(readdirSync(join(dir, 'made/here'))).toEqual(['vmlinux.d.ts']);
    const text = readFileSync(join(dir, 'made/here/vmlinux.d.ts'), 'utf8');
    expect(text).toContain('  readonly pid: s32;\n');
    expect(text).toContain('  readonly in_iowait: Bits<u32, 1>;\n');
    expect(text).toContain('  readonly comm: CString<16>;\n');
    expect(text).toContain('  readonly pair: task_struct__pair;\n');
    expect(text).toContain('  readonly left: s32;\n  readonly right: u32;\n');
    expect(text).toContain('  readonly queue: Walk<odd_queue>;\n');
    expect(text).toMatch(/interface task_struct__pair \{\s+readonly lo: u32;\s+readonly hi: s32;/);
    expect(text).not.toContain('lone_struct');
  });

  it('declares what --struct names, and a program can use it', async () => {
    expect((await types('--btf', btf, '--struct', 'lone_struct')).exitCode).toBe(0);
    expect(readFileSync(join(dir, 'vmlinux.d.ts'), 'utf8')).toContain(
      'export interface lone_struct {\n  readonly value: u32;',
    );
    const program = put(
      'uses.ts',
      `import { scheduler, counter, type u32 } from 'scxts';
       import type { lone_struct, odd_queue } from './vmlinux.js';
       export const n = counter('n');
       function depth(q: odd_queue): u32 { return q.depth; }
       function value(l: lone_struct): u32 { return l.value; }
       export default scheduler({ name: 'uses', enqueue(p, enq_flags) { n.inc(); } });`,
    );
    expect(checkFile(program).diagnostics).toEqual([]);
  });

  const wrong: [string, () => string[], RegExp][] = [
    ['no such file', () => ['--btf', 'nowhere'], /there is no file nowhere/],
    ['a folder', () => ['--btf', dir], /is a folder/],
    ['an empty file', () => ['--btf', put('empty', '')], /empty is empty/],
    ['a text', () => ['--btf', put('text', 'hello '.repeat(200))], /holds no BTF/],
    ['BTF that is cut off', () => ['--btf', put('cut', kernel().subarray(0, 300))], /cut off/],
    [
      'BTF of the other byte order',
      () => ['--btf', put('big', Buffer.from([0xeb, 0x9f, 1, 0, ...Array<number>(40).fill(0)]))],
      /big-endian/,
    ],
    [
      'an ELF file without BTF',
      () => ['--btf', process.execPath],
      /has no \.BTF section|no 64-bit little-endian/,
    ],
    [
      'BTF that is not a kernel’s',
      () => {
        const b = new BtfBuilder();
        b.int('int', 4, true);
        return ['--btf', put('tiny', b.build())];
      },
      /not that of a kernel/,
    ],
    [
      'a struct that is not there',
      () => ['--btf', btf, '--struct', 'lone_strukt'],
      /no struct lone_strukt/,
    ],
    ['a file in place of the folder', () => ['--btf', btf, '--out', btf], /is not a folder/],
  ];
  it.each(wrong)('says what is wrong: %s', async (_, args, message) => {
    const before = readdirSync(dir);
    const given = args();
    const result = await types(...given);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toMatch(/\n {2}hint: /);
    expect(result.stderr).not.toMatch(/ at .*\.js:/);
    // Nothing half-written: only what the test itself put there is new.
    const known = [...before, 'cut', 'big', 'tiny', 'empty', 'text'];
    expect(readdirSync(dir).filter((f) => !known.includes(f))).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { importsFor } from '../util/imports.js';
import { program, wholeProgram } from '../util/program.js';

const seven = program('let one: u64 = 1;').syscall('out[0] = one + 6; out[1] = 5;');

it('imports what a program uses and neither declares nor imports', () => {
  expect(
    importsFor('let x: u64 = 0; const list = hash<u32, task_struct>(4); m.queue = list;'),
  ).toBe(
    "import { hash, u32, u64 } from 'scxts'; import type { task_struct } from 'scxts/vmlinux';\n",
  );
  expect(importsFor("import { u64 } from 'scxts'; let x: u64 = 0;")).toBe('');
});

it('runs programs, and fails where the kernel says something else', async () => {
  await seven.runs([7, 5]);
  await expect(seven.runs([7, 6])).rejects.toThrow();
  await expect(seven.globals('throw 1;').runs([7])).rejects.toThrow();
});

it('fails where a program is not refused, for another reason or elsewhere', () => {
  const bad = program().enqueue('«throw 1;»');
  expect(bad.rejects('SCX1004')).toHaveLength(1);
  expect(() => bad.rejects('SCX1005')).toThrow();
  expect(() => program().enqueue('«const x = 1;» throw x;').rejects('SCX1004')).toThrow();
  expect(() => seven.rejects('SCX1004')).toThrow();
  expect(() => bad.accepts()).toThrow();
});

it('takes further files, a kernel floor and whole files', async () => {
  const two = program("import { twice } from './lib.js';").file(
    'lib.ts',
    'export function twice(x: u64): u64 { return x * 2; }',
  );
  await two.syscall('out[0] = twice(4);').runs([8]);
  const newer = program('let g: u64 = 0;').enqueue('const c = scx_bpf_locked_rq(); if (c) g = 1;');
  newer.minKernel('6.18').accepts();
  wholeProgram("export default scheduler({ name: 'x' });").accepts();
  await program().enqueue('throw 1;').failsToBuild('SCX1004');
});

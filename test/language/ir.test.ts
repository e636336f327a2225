import { expect, it } from 'vitest';
import { checkProgram } from '../../codegen/check-program.js';
import { irOf } from '../../codegen/index.js';
import { faultsOf } from '../../codegen/ir/validate.js';
import { program } from '../util/program.js';

const LOOP = program('const m = hash<u32, u64>(16);\nlet sum: u64 = 0;').enqueue(
  'let n: u64 = 0; for (const i of range(4)) n += i; m.add(1, n); m.forEach((k, v) => { sum += v.value; });',
);

it('the IR can be read', () => {
  const { text } = irOf(LOOP.write().path);
  expect(text).toContain('hash m: u64');
  expect(text).toMatch(
    /function t_enqueue\(p: task_struct, enq_flags: u64\): void \/\/ struct_ops\/enqueue/,
  );
  expect(text).toMatch(/for i: s32 of range\(0 as s32, 4 as s32\)/);
  expect(text).toMatch(/m\.add\(1.*, n\)/);
  expect(text).toContain('m.forEach[m_each]()');
  expect(text).toMatch(/function m_each\(k: u32, v: Ref<u64>\): bool \/\/ called back: forEach/);
  // What verifiers want is in it too, as a pass has put it there.
  expect(text).toContain('n += unknownZero()');
  // Each conversion of an integer is written.
  expect(text).toContain('n += u64(i)');
});

it('a program with an error has none', () => {
  const { text, diagnostics } = irOf(program().enqueue('scx_bpf_create_dsq(1, -1);').write().path);
  expect(text).toBeUndefined();
  expect(diagnostics.map((d) => d.code)).toEqual(['SCX4003']);
});

it('faults of the IR are found', () => {
  const { module } = checkProgram(LOOP.write().path);
  const fn = module!.programs.find((p) => p.callback === 'enqueue')!.fn;
  expect(faultsOf(module!)).toEqual([]);
  const [declared, loop] = fn.body;
  fn.body = [loop!, { kind: 'break', span: fn.span }, declared!, declared!];
  const faults = faultsOf(module!).join('\n');
  expect(faults).toContain("'n' is used outside of its scope");
  expect(faults).toContain("'break' goes nowhere");
  expect(faults).toContain("'n' is declared twice");
});

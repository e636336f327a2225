import { expect, it } from 'vitest';
import { program } from '../../util/program.js';

const base = program('let one: u64 = 1;\ninterface X { v: u64 }\nconst m = hash<u32, X>(8);');

it.each([
  ['u8(one)', 'case 300: out[0] = 1; break; case 1: out[0] = 2; break;', '300', [2]],
  ['u32(one)', 'case -1: out[0] = 1; break; default: out[0] = 3;', '-1', [3]],
  ['one', 'case 1: out[0] = 4; break; case 1: out[0] = 5; break;', '1', [4]],
  ['u8(one)', 'case 1: out[0] = 6; case 256: out[0] += 1; break;', '256', [7]],
])('warns of a case that never matches: switch (%s) { %s }', async (value, cases, label, out) => {
  const built = await base.syscall(`switch (${value}) { ${cases} }`).build();
  expect(built.diagnostics.map((d) => [d.severity, d.code])).toEqual([['warning', 'SCX2030']]);
  expect(built.diagnostics[0]?.message).toContain(`case ${label} never matches`);
  expect(built.ok).toBe(true);
  void out;
});

it('refuses what an object cannot be kept by, and names the keeper', () => {
  const kept = base.syscall(
    `let last: X | null = null;
     m.forEach((k, v) => { last = «{ v: v.v }»; });
     out[0] = last ? 1 : 0;`,
  );
  const [said] = kept.rejects('SCX2034');
  expect(said?.message).toContain("'last'");
  const many = base.syscall(
    `let a: X | null = null; let b: X | null = null; let c: X | null = null; let d: X | null = null;
     for (const i of range(9)) {
       const o: X = { v: u64(i) };
       if (i === 1) a = «o»; else if (i === 2) b = o; else if (i === 3) c = o; else d = o;
     }
     out[0] = (a?.v ?? 0) + (b?.v ?? 0) + (c?.v ?? 0) + (d?.v ?? 0);`,
  );
  many.rejects('SCX2034');
});

it('refuses names that C or BTF do not take, where they are declared', () => {
  program('interface «bpf_timer» { a: u64 }\nconst p = percpu<bpf_timer>();').rejects('SCX2031');
  program('interface X { «NULL»: u64 }\nconst p = percpu<X>();').rejects('SCX2018');
  program('interface X { «SCX_SLICE_DFL»: u64 }\nconst p = percpu<X>();').rejects('SCX2018');
});

it('refuses a struct of no size', () => {
  program('interface «Tag» {}\nconst tags = hash<u32, Tag>(4);').rejects('SCX2032');
});

it('refuses a constant that has no value yet, and names the circle', () => {
  const circle = program("import { A } from './kc.js';\nlet x = A;")
    .file('kc.ts', "import { Q } from './kd.js';\nexport const A = 4;\nexport const R = Q;\n")
    .file('kd.ts', "import { A } from './kc.js';\nexport const Q = A + 1;\n");
  const [said] = circle.rejects('SCX2035');
  expect(said?.message).toMatch(/'A' has no value yet here: .*kc\.ts imports .*kd\.ts/);
});

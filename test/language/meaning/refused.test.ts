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

it('refuses a reference to what was overwritten, where it is read', () => {
  const places = program(
    `interface X { v: u64 }
     let s: FixedArray<X, 4> = zeroed(); let g: X = zeroed(); let one: u64 = 1;
     const m = hash<u32, X>(8);
     function set(x: X): void { g = x; }
     let g2: X = zeroed(); let g3: X = zeroed();
     function cur(): X { return g; }
     function of(k: u64): X { let found = g2; if (k > 3) found = g3; return found; }
     function any(k: u64, x: X, y: X): X { return k > 3 ? x : y; }
     function at(i: u64): X { return s[i]; }`,
  );
  for (const body of [
    'const t = s[0]; s[0] = s[1]; s[1] = «t»;',
    'const t = g; set(s[0]); out[0] = «t».v;',
    'const t = cur(); g = s[0]; out[0] = «t».v;',
    'const t = m.get(1); m.set(1, { v: 4 }); out[0] = «t»?.v ?? 0;',
    'for (const i of range(3)) { const t = s[i]; s[0] = s[1]; out[0] = «t».v; }',
    'const t = g; if (one > 3) g = s[0]; out[0] = «t».v;',
    'const t = any(one, of(one), g2); g3 = g; out[0] = «t».v;',
    'const t = any(one, g, of(9)); g = s[0]; out[0] = «t».v;',
    'const t = at(one); s[2] = g; out[0] = «t».v;',
    'const t = any(one, g2, at(1)); s[one] = g; out[0] = «t».v;',
  ])
    places.syscall(body).rejects('SCX2033');
  for (const body of [
    'const t = s[0]; s[1] = s[2]; out[0] = t.v;',
    'let t = g; g = s[0]; t = g; out[0] = t.v;',
    'const t = g; if (one > 3) { g = s[0]; return 1; } out[0] = t.v;',
    'const t = m.get(1); m.set(2, { v: 4 }); out[0] = t?.v ?? 0;',
    // What a function gives is looked at.
    'const t = any(one, of(one), g2); g = s[0]; out[0] = t.v;',
    'const t = of(9); g = any(one, t, g2); out[0] = t.v;',
    'const t = at(one); g = g2; out[0] = t.v;',
    'const t = any(one, g, { v: 4 }); g2 = t; out[0] = t.v;',
  ])
    places.syscall(body).accepts();
});

it('refuses bitfields that are no members, or hold more than they can', () => {
  program('let x: «Bits<u32, 3>» = 0;').rejects('SCX2036');
  const e = program('interface D { x: Bits<u32, 3> }\nconst d = percpu<D>();');
  e.syscall('d.this().x = «9»;').rejects('SCX2008');
  e.syscall('const o: D = { x: «9» }; out[0] = o.x;').rejects('SCX2008');
});

it("refuses a zero in a text, and a copy of what is the kernel's", () => {
  program().syscall("bpf_printk(«'a\\0b'»);").rejects('SCX2037');
  program().ops('running(p) { const before = copy(«p.scx»); }').rejects('SCX2038');
  program(
    "import type { sched_ext_entity } from 'scxts/vmlinux';\nlet snap: sched_ext_entity = zeroed();",
  ).rejects('SCX3031');
});

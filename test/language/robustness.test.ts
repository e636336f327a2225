import { execa } from 'execa';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFile, checkFile, formatDiagnostic } from '../../codegen/index.js';
import { program, type Program } from '../util/program.js';
import { scratch } from '../util/scratch.js';

const dir = scratch('robustness');
const nest = (n: number, open: string, middle: string, close: string): string =>
  open.repeat(n) + middle + close.repeat(n);
const repeat = (n: number, make: (i: number) => string, between = ''): string =>
  Array.from({ length: n }, (_, i) => make(i)).join(between);
const base = program(
  'interface X { v: u64 } const m = hash<u32, X>(4); let one: u64 = 1; function f(x: u64): u64 { return x + 1; }',
);

/** Everything that nests, `n` deep. */
const SHAPES: Record<string, (n: number) => Program> = {
  sums: (n) => base.syscall(`out[0] = ${repeat(n, () => 'one', ' + ')};`),
  'sums of literals': (n) => base.syscall(`out[0] = ${repeat(n, String, ' + ')};`),
  '&& in a row': (n) => base.syscall(`if (${repeat(n, () => 'one > 0', ' && ')}) out[0] = 1;`),
  parentheses: (n) => base.syscall(`out[0] = ${nest(n, '(', 'one', ')')};`),
  'sums in sums': (n) => base.syscall(`out[0] = ${nest(n, '(one + ', 'one', ')')};`),
  complements: (n) => base.syscall(`out[0] = ${'~'.repeat(n)}one;`),
  nots: (n) => base.syscall(`if (${'!'.repeat(n)}one) out[0] = 1;`),
  conversions: (n) => base.syscall(`out[0] = ${nest(n, 'u64(', 'one', ')')};`),
  calls: (n) => base.syscall(`out[0] = ${nest(n, 'f(', 'one', ')')};`),
  conditionals: (n) => base.syscall(`out[0] = ${repeat(n, (i) => `one === ${i} ? ${i} : `)} 0;`),
  blocks: (n) => base.syscall(nest(n, '{', 'out[0] = 1;', '}')),
  ifs: (n) => base.syscall(nest(n, 'if (one) {', 'out[0] = 1;', '}')),
  whiles: (n) => base.syscall(nest(n, 'while (one) {', 'out[0] = 1; break;', '}')),
  switches: (n) => base.syscall(nest(n, 'switch (one) { case 1: ', 'out[0] = 1;', ' }')),
  'else ifs': (n) =>
    base.syscall(`${repeat(n, (i) => `if (one === ${i}) out[0] = ${i}; else `)} out[0] = 7;`),
  '?? in a row': (n) =>
    base.syscall(`out[0] = ${repeat(n, (i) => `m.get(${i})?.v`, ' ?? ')} ?? 0;`),
  assignments: (n) => base.syscall(`let a: u64 = 0; ${'a = '.repeat(n)}one;`),
  'array literals': (n) =>
    base.globals(`let g: FixedArray<u64, 4> = ${nest(n, '[', '1', ']')};`).syscall(''),
  'object literals': (n) => base.globals(`let g: X = ${nest(n, '{ v: ', '1', ' }')};`).syscall(''),
  'types of objects': (n) =>
    base.globals(`let g: ${nest(n, '{ v: ', 'u64', ' }')} = zeroed();`).syscall(''),
  'types of arrays': (n) =>
    base.globals(`let g: ${nest(n, 'FixedArray<', 'u64', ', 1>')} = zeroed();`).syscall(''),
  templates: (n) => base.syscall(`bpf_printk(${nest(n, '`${', 'one', '}`')});`),
  'brackets that nothing closes': (n) => base.syscall(`out[0] = ${'['.repeat(n)}`),
};

it.each(Object.entries(SHAPES))('%s, 5,000 deep, are refused with a place', (_name, make) => {
  const { diagnostics, read } = make(5000).check();
  const [first] = diagnostics;
  expect(first?.severity).toBe('error');
  expect(first?.span).toBeDefined();
  expect(formatDiagnostic(first!, read).length).toBeLessThan(2000);
});

it.each(Object.entries(SHAPES).slice(0, 17))('%s, 100 deep, are built', async (_name, make) => {
  await make(100).builds();
});

it('10,000 terms are refused by name, where they are', () => {
  const [deep] = SHAPES['sums']!(10_000).rejects('SCX0007');
  expect(deep).toMatchObject({ hint: expect.stringContaining('loop') });
});

it('a hundred functions that each call the next one twice are checked at once', () => {
  const chain = repeat(
    100,
    (i) => `function g${i + 1}(x: u64): u64 { return g${i}(x) + g${i}(x + 1); }`,
    '\n',
  );
  const started = performance.now();
  base
    .globals(`function g0(x: u64): u64 { return x; }\n${chain}`)
    .syscall('out[0] = g100(one);')
    .check();
  expect(performance.now() - started).toBeLessThan(5000);
});

const SIMPLE = "import { scheduler } from 'scxts';\nexport default scheduler({ name: 'x' });\n";
const put = (name: string, text: string | Uint8Array): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

it.each(['line\nbreak', "quote'd", 'say "x"', 'per%20cent', 'hash#1', 'größe', 'a b', '$x', '`x`'])(
  'a file and a folder named %j are built, and their skeleton finds the object',
  async (name) => {
    const folder = join(dir, name);
    mkdirSync(folder, { recursive: true });
    const path = put(join(name, `${name}.ts`), SIMPLE);
    const built = await buildFile(path);
    expect(built.diagnostics).toEqual([]);
    const skeleton = readFileSync(join(folder, `${name}.skel.ts`), 'utf8');
    const specifier = /new URL\('([^']*)'/.exec(skeleton)?.[1] ?? '';
    const url = new URL(
      specifier,
      `file://${encodeURI(folder).replace(/[?#]/g, encodeURIComponent)}/`,
    );
    expect(decodeURIComponent(url.pathname).endsWith(`/${name}.bpf.o`)).toBe(true);
  },
);

it('what is no file, no UTF-8 or nothing is said to be that', () => {
  const codes = (path: string): string[] => checkFile(path).diagnostics.map((d) => d.code);
  mkdirSync(join(dir, 'folder.ts'));
  symlinkSync('loop.ts', join(dir, 'loop.ts'));
  put('latin1.ts', Buffer.from("// gr\xf6\xdfe\nimport { scheduler } from 'scxts';\n", 'latin1'));
  put('nul.ts', Buffer.alloc(4));
  expect(codes(join(dir, 'missing', 'x.ts'))).toEqual(['SCX0001']);
  expect(codes(join(dir, 'loop.ts'))).toEqual(['SCX0001']);
  expect(codes(join(dir, 'folder.ts'))).toEqual(['SCX0008']);
  mkdirSync(join(dir, 'back\\slash'));
  expect(codes(put('back\\slash/x.ts', SIMPLE))).toEqual(['SCX0008']);
  expect(checkFile(join(dir, 'latin1.ts')).diagnostics[0]).toMatchObject({
    code: 'SCX0009',
    message: 'the byte 0xf6 is not UTF-8',
    span: { line: 1, start: 5 },
  });
  expect(codes(join(dir, 'nul.ts'))[0]).toMatch(/^(SCX|TS)/);
});

it('a replacement character that is in the file is no error', () => {
  expect(checkFile(put('replaced.ts', `// \ufffd\n${SIMPLE}`)).diagnostics).toEqual([]);
});

it('files that import each other, or themselves, are checked', () => {
  put(
    'self.ts',
    `import { A as again } from './self.js';\nexport const A = 1;\nconst B = again;\n${SIMPLE}`,
  );
  put('ring-b.ts', "import { A } from './ring-a.js';\nexport function b(): number { return A; }\n");
  const a = put(
    'ring-a.ts',
    `import { b } from './ring-b.js';\nexport const A = 1;\n${SIMPLE.replace("'x'", "'x', init() { return b() > 0 ? 0 : 1; }")}`,
  );
  expect(checkFile(join(dir, 'self.ts')).diagnostics).toEqual([]);
  for (const d of checkFile(a).diagnostics) expect(d.code).not.toMatch(/1098|5004/);
});

it('a deep file that is imported is the place', () => {
  put('deep.ts', `export const D = ${nest(5000, '(', '1', ')')};\n`);
  const main = put('imports-deep.ts', `import { D } from './deep.js';\nconst E = D;\n${SIMPLE}`);
  expect(checkFile(main).diagnostics[0]).toMatchObject({
    code: 'SCX0007',
    span: { file: join(dir, 'deep.ts') },
  });
});

it('an output that cannot be written is an error, and leaves nothing', async () => {
  const source = put('out.ts', SIMPLE);
  const taken = put('taken', '');
  for (const outDir of [taken, join(taken, 'below'), '/proc/nothing']) {
    const built = await buildFile(source, { outDir });
    expect(built.diagnostics.map((d) => d.code)).toEqual(['SCX0006']);
  }
  const half = join(dir, 'half');
  mkdirSync(join(half, 'out.bpf.o'), { recursive: true });
  expect((await buildFile(source, { outDir: half })).diagnostics[0]?.code).toBe('SCX0006');
  expect(readdirSync(half)).toEqual(['out.bpf.o']);
});

it('the command says so in words, without a stack trace', async () => {
  const bin = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'bin.js');
  for (const args of [
    ['check', dir],
    ['build', join(dir, 'missing.ts')],
    ['build', put('cli.ts', SIMPLE), '--out-dir', '/proc/x'],
  ]) {
    const { exitCode, stderr } = await execa('node', [bin, ...args], { reject: false });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/error SCX\d{4}: /);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
}, 60_000);

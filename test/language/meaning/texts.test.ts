import { program } from '../../util/program.js';
import { meanings, type Row } from './meaning.js';

const TEXTS: [what: string, source: string][] = [
  ['a control character and hex digits', '\\x01abc'],
  ['a trigraph', 'what??!'],
  ['all trigraphs', "??= ??/ ??' ??( ??) ??! ??< ??> ??-"],
  ['quotes', 'a "b" \'c\''],
  ['a backslash', 'a\\\\b\\\\'],
  ['percent signs', '100% %d %%s'],
  ['a tab and a line break', 'a\\tb\\nc'],
  ['bell, backspace, escape, delete', '\\x07\\b\\x1b\\x7f1'],
  ['letters outside of ASCII', 'größe 数 é'],
  ['an astral character', '\\u{1f600}a'],
  ['a dollar and braces', '\\${x} $ {}'],
  ['a back quote', '\\`x\\`'],
  ['an octal-looking zero', '\\0'],
  ['a comment', '/* x */ // y'],
];
const LONG = 'a text that is much longer than one piece of thirty-one';
const OF_RUN_TIME: [what: string, means: number[], source: string][] = [
  [
    'lengths of what was copied',
    [3, 0, LONG.length, 15, 3, 0],
    "out[0] = u64(copyString(x.a, 'abc')); out[1] = u64(copyString(x.a, '')); out[2] = u64(copyString(x.b, LONG)); out[3] = u64(copyString(x.a, x.b)); out[4] = u64(copyString(x.c, x.a)); out[5] = x.c[3] === 0 ? 0 : 1;",
  ],
  [
    'a copy is followed by zeros',
    [7, 0, 7],
    "copyString(x.a, 'a long name'); copyString(x.a, 'key'); counts.set(x.a, 7); const k: CString<16> = zeroed(); copyString(k, 'key'); out[0] = counts.get(k)?.value ?? 99; copyString(x.b, LONG); copyString(x.b, 'key'); copyString(x.a, x.b); for (let i = 3; i < 16; i++) out[1] += u64(u8(x.a[i])); out[2] = counts.get(x.a)?.value ?? 99;",
  ],
  [
    'a text is copied to itself',
    [3, 1],
    "copyString(x.a, 'abc'); out[0] = u64(copyString(x.a, x.a)); out[1] = streq(x.a, 'abc') ? 1 : 0;",
  ],
  [
    'two texts of run time are the same',
    [1, 0, 1, 0, 0],
    "copyString(x.a, 'same'); copyString(x.b, 'same'); out[0] = streq(x.a, x.b) ? 1 : 0; copyString(x.b, 'samee'); out[1] = streq(x.a, x.b) ? 1 : 0; copyString(x.b, LONG); copyString(g, LONG); out[2] = streq(g, x.b) ? 1 : 0; g[40] = 33; out[3] = streq(x.b, g) ? 1 : 0; copyString(g, x.a); out[4] = streq(g, x.b) ? 1 : 0;",
  ],
  [
    'one text of run time begins with another',
    [1, 0, 1, 1, 0, 1],
    "copyString(x.a, 'a text'); copyString(x.b, LONG); out[0] = startsWith(x.b, x.a) ? 1 : 0; out[1] = startsWith(x.a, x.b) ? 1 : 0; out[2] = startsWith(x.b, x.b) ? 1 : 0; copyString(g, x.b); out[3] = startsWith(g, x.b) ? 1 : 0; g[33] = 1; out[4] = startsWith(g, x.b) ? 1 : 0; copyString(x.a, ''); out[5] = startsWith(g, x.a) ? 1 : 0;",
  ],
  [
    'one text of run time ends with another',
    [1, 0, 1, 1, 1, 0, 1],
    "copyString(x.a, 'thirty-one'); copyString(x.b, LONG); out[0] = endsWith(x.b, x.a) ? 1 : 0; out[1] = endsWith(x.a, x.b) ? 1 : 0; out[2] = endsWith(x.b, 'one') ? 1 : 0; out[3] = endsWith(x.b, LONG) ? 1 : 0; out[4] = endsWith('piece of thirty-one', x.a) ? 1 : 0; out[5] = endsWith(x.a, 'On') ? 1 : 0; copyString(x.c, ''); out[6] = endsWith(x.a, x.c) ? 1 : 0;",
  ],
  [
    'an array without a zero is as long as it is',
    [1, 0, 1, 1, 4],
    "for (let i = 0; i < 4; i++) x.c[i] = 65; copyString(x.a, 'AAAA'); out[0] = streq(x.c, x.a) ? 1 : 0; copyString(x.a, 'AAAAA'); out[1] = streq(x.c, x.a) ? 1 : 0; out[2] = startsWith(x.a, x.c) ? 1 : 0; out[3] = streq(x.c, 'AAAA') ? 1 : 0; out[4] = u64(copyString(x.b, x.c));",
  ],
];
const every = Array.from(
  { length: 31 },
  (_, i) => `\\x${(i + 1).toString(16).padStart(2, '0')}`,
).join('1');
const rows: Row[] = [
  ...TEXTS.map(([what, text]): Row => [
    what,
    text === '\\0' ? 'refused' : 'builds',
    program('let one: u64 = 1;').syscall(`bpf_printk(\`${text} \${one}\`);`),
  ]),
  [
    'every control character',
    'builds',
    program('let one: u64 = 1;').syscall(`bpf_printk(\`${every} \${one}\`);`),
  ],
  [
    'a text compared',
    [1, 0],
    program('interface X { name: CString<16> } const m = percpu<X>();').syscall(
      "copyString(m.this().name, 'a\\x01b\"%?'); out[0] = streq(m.this().name, 'a\\x01b\"%?') ? 1 : 0; out[1] = streq(m.this().name, 'a\\x01b') ? 1 : 0;",
    ),
  ],
  ...['a\\x01b', "a'b", 'a"b', 'a??/b', 'ä'].map((text): Row => [
    `the beginning of a text ${text}`,
    [1],
    program('interface X { name: CString<16> } const m = percpu<X>();').syscall(
      `copyString(m.this().name, "${text.replace(/"/g, '\\"')}zz"); out[0] = startsWith(m.this().name, "${text.replace(/"/g, '\\"')}") ? 1 : 0;`,
    ),
  ]),
  ...OF_RUN_TIME.map(([what, means, source]): Row => [
    what,
    means,
    program(
      'interface X { a: CString<16>; b: CString<80>; c: CString<4> } const m = percpu<X>(); const counts = hash<CString<16>, u64>(8); let g: CString<80> = zeroed();',
    ).syscall(`const x = m.this(); ${source.replaceAll('LONG', `'${LONG}'`)}`),
  ]),
];
meanings(rows);

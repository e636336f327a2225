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
];
meanings(rows);

import { program } from '../../util/program.js';
import { meanings, type Row } from './meaning.js';

// Rule 8: every name that TypeScript takes either works or has a diagnostic at its declaration.
const AWKWARD = [
  ...[
    'NULL',
    'can_loop',
    '__weak',
    'SEC',
    'inline',
    'register',
    'auto',
    'signed',
    'asm',
    'bool',
    'true_',
    'u64_t',
  ],
  ...[
    'ctx',
    'scxts_zero',
    'scxts_for',
    'run_body',
    'bpf_printk',
    'bpf_timer',
    'memcpy',
    'main',
    'LICENSE',
    't_exit',
    't_ops',
  ],
  ...[
    'task_struct',
    'current',
    'unix',
    'linux',
    'errno',
    'offsetof',
    'container_of',
    'min',
    'array_elem',
    'barrier',
    'likely',
  ],
  ...[
    'größe',
    '$v',
    '_',
    '__',
    'Ünder',
    '数',
    'out_',
    'x86',
    'i',
    'null_',
    'BPF_PROG',
    'int',
    'char_',
    'long',
  ],
];
const rows = (what: string, make: (name: string) => Row[2]): Row[] =>
  AWKWARD.map((name) => [`${what} ${name}`, { out: [6], or: 'refused' }, make(name)]);

meanings([
  ...rows('a global', (n) => program(`let ${n}: u64 = 5;`).syscall(`${n}++; out[0] = ${n};`)),
  ...rows('a local', (n) =>
    program('let one: u64 = 1;').syscall(`let ${n}: u64 = one + 4; ${n}++; out[0] = ${n};`),
  ),
  ...rows('a parameter', (n) =>
    program(`let one: u64 = 1; function f(${n}: u64): u64 { return ${n} + 5; }`).syscall(
      'out[0] = f(one);',
    ),
  ),
  ...rows('a function', (n) =>
    program(`let one: u64 = 1; function ${n}(k: u64): u64 { return k + 5; }`).syscall(
      `out[0] = ${n}(one);`,
    ),
  ),
  ...rows('a field', (n) =>
    program(`interface X { ${n}: u64; other: u64 } const p = percpu<X>();`).syscall(
      `p.this().${n} = 6; out[0] = p.this().${n};`,
    ),
  ),
  ...rows('a struct', (n) =>
    program(`interface ${n} { a: u64 } const p = percpu<${n}>();`).syscall(
      'p.this().a = 6; out[0] = p.this().a;',
    ),
  ),
  ...rows('a map', (n) =>
    program(`const ${n} = hash<u32, u64>(4);`).syscall(
      `${n}.set(1, 6); out[0] = ${n}.get(1)?.value ?? 0;`,
    ),
  ),
  ...rows('a constant', (n) =>
    program(`let one: u64 = 1; const ${n} = 5;`).syscall(`out[0] = ${n} + one;`),
  ),
]);

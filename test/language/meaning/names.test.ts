import { expect, it } from 'vitest';
import { program, type Program } from '../../util/program.js';

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
interface Kind {
  what: string;
  /** What declares a name at module level. */
  declares: (name: string) => string;
  /** What of it makes 6, in statements of their own that add it to out[0]. */
  uses: (name: string) => string;
}

const KINDS: Kind[] = [
  {
    what: 'globals',
    declares: (n) => `let ${n}: u64 = 5;`,
    uses: (n) => `${n}++; out[0] += ${n};`,
  },
  {
    what: 'locals',
    declares: () => '',
    uses: (n) => `let ${n}: u64 = one + 4; ${n}++; out[0] += ${n};`,
  },
  {
    what: 'parameters',
    declares: (n) => `function f_${AWKWARD.indexOf(n)}(${n}: u64): u64 { return ${n} + 5; }`,
    uses: (n) => `out[0] += f_${AWKWARD.indexOf(n)}(one);`,
  },
  {
    what: 'functions',
    declares: (n) => `function ${n}(k: u64): u64 { return k + 5; }`,
    uses: (n) => `out[0] += ${n}(one);`,
  },
  {
    what: 'fields',
    declares: (n) =>
      `interface X${AWKWARD.indexOf(n)} { ${n}: u64; other: u64 } const p${AWKWARD.indexOf(n)} = percpu<X${AWKWARD.indexOf(n)}>();`,
    uses: (n) =>
      `p${AWKWARD.indexOf(n)}.this().${n} = 6; out[0] += p${AWKWARD.indexOf(n)}.this().${n};`,
  },
  {
    what: 'structs',
    declares: (n) => `interface ${n} { a: u64 } const p${AWKWARD.indexOf(n)} = percpu<${n}>();`,
    uses: (n) => `p${AWKWARD.indexOf(n)}.this().a = 6; out[0] += p${AWKWARD.indexOf(n)}.this().a;`,
  },
  {
    what: 'maps',
    declares: (n) => `const ${n} = hash<u32, u64>(4);`,
    uses: (n) => `${n}.set(1, 6); out[0] += ${n}.get(1)?.value ?? 0;`,
  },
  {
    what: 'constants',
    declares: (n) => `const ${n} = 5;`,
    uses: (n) => `out[0] += ${n} + one;`,
  },
];

const of = ({ declares, uses }: Kind, names: string[]): Program =>
  program('let one: u64 = 1;')
    .globals(names.map(declares).join('\n'))
    .syscall(names.map(uses).join('\n'));

// Each is checked by itself; those that are accepted are built together, which takes one run of clang.
it.each(KINDS)('$what may have any name, or are told at once', async (kind) => {
  const accepted = AWKWARD.filter((name) => {
    const alone = of(kind, [name]);
    const refused = alone.check().diagnostics.some((d) => d.severity === 'error');
    if (refused) alone.isRefused();
    return !refused;
  });
  expect(accepted.length).toBeGreaterThan(AWKWARD.length / 2);
  await of(kind, accepted).runs([6 * accepted.length]);
});

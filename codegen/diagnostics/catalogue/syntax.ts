import { define } from '../diagnostic.js';

export const notInLanguage = define('SCX1001', {
  title: 'Construct outside the language',
  why: 'It has no counterpart in a BPF program.',
  wrong: 'with (p) { }',
  right: '// use the statements that docs/language.md lists',
  message: (what: string, _hint?: string) => `${what} is not in the language`,
  hint: (_what: string, hint?: string) => hint,
});

export const asyncCode = define('SCX1002', {
  title: 'Asynchronous code',
  why: 'A scheduler callback runs to its end with a run queue locked; there is nothing to await.',
  wrong: 'async function f() { await g(); }',
  right: 'const t = timer(() => { ... });   // t.start(ns) runs it later',
  message: (what: string) => `${what} is not in the language: BPF programs run to completion`,
  hint: () => 'use a timer to run something later',
});

export const generator = define('SCX1003', {
  title: 'Generators',
  why: 'A BPF program has no stack to suspend.',
  wrong: 'function* cpus() { yield 0; }',
  right: 'for (const cpu of range(n)) { ... }',
  message: () => 'generators are not in the language',
  hint: () => 'loop with for (const i of range(n))',
});

export const exceptions = define('SCX1004', {
  title: 'Exceptions',
  why: 'BPF has no unwinding. An error that the scheduler cannot handle ends it, with a message to the user.',
  wrong: "throw new Error('no task');",
  right: 'scx_bpf_error(`no task ${pid}`);',
  message: (what: string) => `${what} is not in the language`,
  hint: () => 'return an errno, or end the scheduler with scx_bpf_error(`...`)',
});

export const classes = define('SCX1005', {
  title: 'Classes',
  why: 'There are no objects with behaviour in BPF: data is structs, code is functions.',
  wrong: 'class Cpu { load = 0; }',
  right: 'interface Cpu { load: u64 }',
  message: (what: string) => `${what} is not in the language`,
  hint: () => 'use an interface for the data and functions for the code',
});

export const closures = define('SCX1006', {
  title: 'Function values',
  why: 'C has no closures: a function cannot be stored or outlive the call that made it.',
  wrong: 'const f = () => x + 1; return f;',
  right: 'function f(x: u32): u32 { return x + 1; }',
  message: (what: string) => `${what} cannot be a value here`,
  hint: () =>
    'declare a function at module level and call it; arrow functions serve as callbacks of timers, iterators and forEach',
});

export const looseEquality = define('SCX1007', {
  title: 'Loose equality',
  why: '`==` converts between types in JavaScript, which C does not.',
  wrong: 'a == b',
  right: 'a === b',
  message: (op: string) => `'${op}' is not in the language`,
  hint: (op: string) => `write '${op}='`,
});

export const dynamicAccess = define('SCX1008', {
  title: 'Dynamic property access',
  why: 'A field is at a fixed offset; only arrays can be indexed at run time.',
  wrong: "ctx['vtime']",
  right: 'ctx.vtime',
  message: () => 'only FixedArray and tables can be indexed with [ ]',
  hint: () => 'name the field: x.field; to look something up by key use a map',
});

export const spread = define('SCX1009', {
  title: 'Spreading',
  why: 'There are no lists of arguments or dynamic objects in C.',
  wrong: 'f(...args)',
  right: 'f(args[0], args[1])',
  message: () => 'spreading is not in the language',
  hint: () => 'write each field or argument out',
});

export const regularExpression = define('SCX1010', {
  title: 'Regular expressions',
  why: 'There is no regular expression engine in the kernel.',
  wrong: '/kworker/.test(p.comm)',
  right: "startsWith(p.comm, 'kworker')",
  message: () => 'regular expressions are not in the language',
  hint: () => "compare with streq(p.comm, '...') or startsWith(p.comm, '...')",
});

/** What stands for parts of the JavaScript library. */
const INSTEAD: Readonly<Record<string, string>> = {
  'Math.random': 'use bpf_get_prandom_u32()',
  'Math.floor': 'integers divide without a fraction: write a / b',
  'Math.trunc': 'integers divide without a fraction: write a / b',
  'Math.round': 'integers divide without a fraction: write (a + b / 2) / b',
  'Math.ceil': 'integers divide without a fraction: write (a + b - 1) / b',
  'Math.pow': 'shift for powers of two: 1 << n; multiply in a loop for others',
  Number: 'convert with u64(x), s64(x), ...',
  BigInt: 'convert with u64(x), s64(x), ...',
  Boolean: 'write x !== 0, or bool(x)',
  Infinity: 'write the largest value of the type: u64(0xffff_ffff_ffff_ffffn)',
};

export const standardLibrary = define('SCX1011', {
  title: 'JavaScript standard library',
  why: 'None of it exists in the kernel, apart from Math.min, Math.max and Math.abs on integers.',
  wrong: 'console.log(cpu)',
  right: 'bpf_printk(`cpu ${cpu}`)',
  message: (what: string) => `'${what}' of the JavaScript library is not in the language`,
  hint: (what: string) =>
    what.startsWith('console')
      ? 'print with bpf_printk(`...`)'
      : what.startsWith('Date') || what.startsWith('performance')
        ? 'read the clock with bpf_ktime_get_ns() or scx_bpf_now()'
        : (INSTEAD[what] ??
          'Math.min, Math.max and Math.abs are available; the rest belongs into the userspace half'),
});

export const stringBuilding = define('SCX1012', {
  title: 'Strings outside format calls',
  why: 'There is no memory to build strings in.',
  wrong: 'const s = `cpu ${cpu}`;',
  right: 'bpf_printk(`cpu ${cpu}`);',
  message: () =>
    'this is no text: text is a literal in a format call, or what streq(), startsWith(), endsWith() and copyString() take',
  hint: () =>
    'print with bpf_printk(`...`), scx_bpf_error(`...`) or scx_bpf_dump(`...`); keep text in a CString<N>',
});

export const typeAssertion = define('SCX1013', {
  title: 'Type assertions',
  why: 'An assertion changes nothing in the kernel; the verifier would reject what it hides.',
  wrong: 'x as u32',
  right: 'u32(x)',
  message: (what: string) => `${what} is not in the language`,
  hint: (what: string) =>
    what.startsWith('!') || what.includes("'!'")
      ? 'test it: if (!x) return;'
      : 'convert integers with u32(x), s64(x), ...; test for null with if',
});

export const npmImport = define('SCX1014', {
  title: 'Import that is not DSL',
  why: 'What is imported is compiled into the BPF program, so it must be a DSL module.',
  wrong: "import { cpus } from 'node:os';",
  right: "import { pick } from './pick.js';",
  message: (name: string) => `'${name}' is not a DSL module`,
  hint: () =>
    'import relative .ts files or packages that ship DSL modules; use node modules in the userspace half',
});

export const moduleStatement = define('SCX1015', {
  title: 'Statement at module level',
  why: 'Nothing runs when a BPF object is loaded: a module holds declarations only.',
  wrong: 'nr.inc();',
  right: 'init() { nr.inc(); return 0; }',
  message: () => 'only declarations may stand at module level',
  hint: () => "move it into the scheduler's init()",
});

export const recursion = define('SCX1016', {
  title: 'Recursion',
  why: 'Functions are inlined and the verifier bounds the call depth.',
  wrong: 'function f(n: u32): u32 { return n ? f(n - 1) : 0; }',
  right: 'let n: u32 = start; while (n) { n--; }',
  message: (name: string) => `'${name}' calls itself`,
  hint: () => 'write it as a loop',
});

export const destructuring = define('SCX1017', {
  title: 'Destructuring that C cannot express',
  why: 'Fields and array elements can be taken apart, with names only.',
  wrong: 'const { a, ...rest } = ctx;',
  right: 'const { a, b } = ctx;',
  message: (what: string) => `${what} is not in the language`,
  hint: () => 'name each field: const { a, b: other } = x;',
});

export const unusedValue = define('SCX1018', {
  title: 'Value that cannot be used like this',
  why: 'Maps, counters, timers and config are handles, not values.',
  wrong: 'const x = nr_local + 1;',
  right: 'nr_local.inc();',
  message: (name: string, kind: string) => `'${name}' is a ${kind}, which has no value of its own`,
  hint: (_name: string, kind: string) =>
    kind === 'map' ? 'look a value up with .get(key)' : `call one of its methods`,
});

export const tooManyArguments = define('SCX1019', {
  title: 'More than five arguments',
  why: 'A BPF function that is not inlined takes its arguments in five registers.',
  wrong: '/** @noinline */ function f(a: u64, b: u64, c: u64, d: u64, e: u64, g: u64) {}',
  right: 'interface Args { a: u64; b: u64; c: u64; d: u64; e: u64; g: u64 }',
  message: (name: string, count: number) =>
    `'${name}' is @noinline and has ${count} parameters; BPF allows 5`,
  hint: () => 'drop @noinline, or pass a struct',
});

export const structReturned = define('SCX1031', {
  title: 'Struct returned by a @noinline function',
  why: 'A BPF call returns one register.',
  wrong: '/** @noinline */ function span(a: u32): Range { return { from: a, to: a + 1 }; }',
  right:
    '/** @noinline */ function span(a: u32, out: Range): void { out.from = a; out.to = a + 1; }',
  message: (name: string) => `${name}() is @noinline and returns a struct`,
  hint: () => 'let the caller pass an object to fill in, or leave @noinline out',
});

export const switchFallthrough = define('SCX1020', {
  title: 'Falling through between labels of the running kernel',
  why: 'Values that are filled in for the running kernel (SCX_*) are no constants to C: such a switch becomes a chain of comparisons, in which no case follows another.',
  wrong: 'switch (f) { case SCX_ENQ_WAKEUP: a(); case SCX_ENQ_HEAD: b(); break; }',
  right: 'switch (f) { case SCX_ENQ_WAKEUP: a(); b(); break; case SCX_ENQ_HEAD: b(); break; }',
  message: () =>
    'this case falls through to the next one, and a label of the switch depends on the kernel',
  hint: () => 'end it with break, continue or return; several labels may share one body',
});

export const unknownLabel = define('SCX1021', {
  title: 'Jump that leads nowhere',
  why: 'break and continue need an enclosing loop; inside forEach and timer callbacks the loop is another function.',
  wrong: 'm.forEach((k, v) => { break; });',
  right: 'm.forEach((k, v) => { return true; });   // true ends the walk',
  message: (what: string) => `${what} has no loop to act on`,
  hint: () => 'in a forEach callback return true to stop',
});

export const internalNode = define('SCX1099', {
  title: 'Syntax that scxts does not know',
  why: 'The compiler has no rule for this kind of syntax.',
  wrong: '',
  right: '',
  message: (kind: string) => `${kind} is not in the language`,
  hint: () => 'see docs/language.md for what is',
});

export const notCompiled = define('SCX1098', {
  title: 'Code that scxts failed to compile',
  why: 'A fault of scxts: it could not compile this and has no reason to give. Nothing is built, so that no code is lost.',
  wrong: '',
  right: '',
  message: () => 'scxts could not compile this, and does not know why',
  hint: () => 'please report it with the program',
});

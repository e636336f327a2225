import { define } from '../diagnostic.js';

export const anyType = define('SCX2001', {
  title: '`any` and `unknown` have no C type',
  why: 'Every value in a BPF program has an exact size; `any` and `unknown` have none.',
  wrong: 'function f(x: any) {}',
  right: 'function f(x: u64) {}',
  message: (name: string) => `the type '${name}' is not in the language`,
  hint: () => 'name the exact type: u8 to u64, s8 to s64, bool, or an interface',
});

export const numberType = define('SCX2002', {
  title: '`number` has no size',
  why: 'A TypeScript number is a double. BPF has integers only, and each has a width and a sign.',
  wrong: 'let total: number = 0;',
  right: 'let total: u64 = 0;',
  message: () => "'number' has no size in C",
  hint: () => "write u64, s32, ... (import type { u64 } from 'scxts')",
});

export const unsupportedType = define('SCX2003', {
  title: 'Type outside the language',
  why: 'Only integers, bool, structs (interfaces), FixedArray and the types that scxts exports have a layout in C.',
  wrong: 'let names: Map<string, u32>;',
  right: 'const names = hash<u32, Info>(64);',
  message: (type: string) => `the type '${type}' is not in the language`,
  hint: () => 'use an integer type, bool, an interface, FixedArray<T, N>, or a map',
});

export const stringType = define('SCX2004', {
  title: '`string` cannot be stored',
  why: 'Strings exist only as literals in format calls and in comparisons with streq() and startsWith().',
  wrong: 'let name: string;',
  right: 'interface Event { comm: CString<16> }',
  message: () => "'string' cannot be stored in a BPF program",
  hint: () => 'use CString<N> for a char array',
});

export const floatLiteral = define('SCX2005', {
  title: 'Floating point',
  why: 'BPF has no floating point. Do such maths in the userspace half, or scale to integers.',
  wrong: 'const share = load * 0.5;',
  right: 'const share = load / 2;',
  message: (text: string) => `'${text}' is not an integer`,
  hint: () => 'scale to integers (x * 3 / 2), or compute it in the userspace half',
});

export const signMismatch = define('SCX2006', {
  title: 'Comparison of signed with unsigned',
  why: 'C would convert the signed side to unsigned, so that -1 becomes the largest number.',
  wrong: 'if (cpu < nr_cpus) {}          // s32 < u32',
  right: 'if (u32(cpu) < nr_cpus) {}',
  message: (left: string, right: string) =>
    `comparing ${left} with ${right} mixes signed and unsigned`,
  hint: (left: string, right: string) =>
    `convert one side: ${left.startsWith('s') ? right : left}(...) or ${left.startsWith('s') ? left : right}(...)`,
});

export const cannotInfer = define('SCX2007', {
  title: 'The width of a variable cannot be inferred',
  why: 'The values assigned to it have types that no single integer type can hold.',
  wrong: 'let x = 0; x = some_s64; x = some_u64;',
  right: 'let x: s64 = 0;',
  message: (name: string, types: string) =>
    `cannot choose an integer type for '${name}': it is given ${types}`,
  hint: (name: string) => `annotate it: let ${name}: u64 = ...`,
});

export const constantOutOfRange = define('SCX2008', {
  title: 'Constant does not fit',
  why: 'The value would be cut off silently.',
  wrong: 'let x: u8 = 256;',
  right: 'let x: u16 = 256;',
  message: (value: string, type: string) => `${value} does not fit into ${type}`,
  hint: (_value: string, type: string) =>
    `use a wider type, or ${type}(...) to cut it off on purpose`,
});

export const emptyRange = define('SCX2050', {
  title: 'A range without a value',
  why: 'clamp() has no result where its lower bound is above its upper one.',
  wrong: 'clamp(slice, 20, 5)',
  right: 'clamp(slice, 5, 20)',
  message: (low: string, high: string) => `nothing lies between ${low} and ${high}`,
  hint: (low: string, high: string) => `the smaller bound comes first: clamp(x, ${high}, ${low})`,
});

export const incompatible = define('SCX2009', {
  title: 'Types do not fit together',
  why: 'The value has another C type than the place it goes to.',
  wrong: 'const c: TaskCtx = other_struct;',
  right: 'const c: TaskCtx = { ... };',
  message: (from: string, to: string) => `a value of type ${from} cannot be used as ${to}`,
  hint: () => undefined,
});

export const shiftTooWide = define('SCX2010', {
  title: 'Shift by the width or more',
  why: 'C leaves it undefined. Shift counts that are not constant are taken modulo the width, as the CPU does.',
  wrong: 'x << 64',
  right: 'x << 63',
  message: (count: string, type: string) => `shifting ${type} by ${count} is out of range`,
  hint: (_count: string, type: string) =>
    `${type} can be shifted by 0 to ${Number(type.slice(1)) - 1}; widen the left side first`,
});

export const indexOutOfRange = define('SCX2011', {
  title: 'Constant index out of range',
  why: 'The array has a fixed length.',
  wrong: 'hist[16]   // FixedArray<u64, 16>',
  right: 'hist[15]',
  message: (index: string, length: number) =>
    `index ${index} is outside the array's 0 to ${length - 1}`,
  hint: () => undefined,
});

export const readonlyField = define('SCX2012', {
  title: 'Write to a field that BPF may not write',
  why: 'The verifier allows stores to few fields of kernel structs.',
  wrong: 'p.prio = 100;',
  right: 'p.scx.slice = SCX_SLICE_DFL;',
  message: (field: string) => `'${field}' may not be written by BPF`,
  hint: () => 'keep your own data in taskStorage',
});

export const divisionByZero = define('SCX2014', {
  title: 'Division by the constant zero',
  why: 'BPF gives 0 for x / 0 and x for x % 0; written out it is a mistake.',
  wrong: 'x / 0',
  right: 'x / n',
  message: () => 'division by zero',
  hint: () => undefined,
});

export const booleanArithmetic = define('SCX2015', {
  title: 'Not a number',
  why: 'Arithmetic is defined on integers only.',
  wrong: 'p + 1',
  right: 'p.pid + 1',
  message: (type: string) => `${type} is not an integer`,
  hint: (type: string) =>
    type === 'bool' ? 'convert it: u32(x)' : 'use its fields, or its .value if it is a Ref',
});

export const structLiteralNeedsType = define('SCX2016', {
  title: 'Object literal without a struct type',
  why: 'Its layout in C comes from an interface.',
  wrong: 'const a = { x: 1 };',
  right: 'const a: Point = { x: 1, y: 2 };',
  message: () => 'the C type of this object literal is unknown',
  hint: () => 'annotate it with an interface: const a: MyStruct = { ... }',
});

export const collectionInStruct = define('SCX2017', {
  title: 'List or tree of what the program does not allocate',
  why: 'Objects in a list or tree are made with alloc(), of an interface of the program.',
  wrong: 'interface Domain { lock: SpinLock; waiting: List<task_struct> }',
  right: 'interface Wait { pid: s32 }   interface Domain { lock: SpinLock; waiting: List<Wait> }',
  message: (type: string) => `${type} must be of an interface of the program`,
  hint: () => 'declare an interface with what you need of each object, and alloc() of that',
});

export const keywordField = define('SCX2018', {
  title: 'Member with a name that C does not take',
  why: 'Members keep their names in C and in BTF, from which userspace reads them. There a name is made of ASCII letters, digits and underscores, and is no keyword, macro or constant.',
  wrong: 'interface Load { short: u64; long: u64 }',
  right: 'interface Load { fast: u64; slow: u64 }',
  message: (name: string, why = 'it is a keyword of C') => `'${name}' cannot name a member: ${why}`,
  hint: (name: string, _why?: string) =>
    /^[A-Za-z]\w*$/.test(name) ? `rename it, for example to '${name}_'` : 'give it another name',
});

export const constantObjectAsValue = define('SCX2019', {
  title: 'Object of constants used as a value',
  why: 'A constant object without an interface is names for numbers; there is no such object in C. With small integers as keys it can be indexed by a variable.',
  wrong: 'const LIMITS = { soft: 10, hard: 20 }; ... check(LIMITS);',
  right: 'check(LIMITS.soft, LIMITS.hard);',
  message: (name: string) => `'${name}' is names for constants, and no object`,
  hint: (name: string) =>
    `use its members (${name}.x), index it by small integers, or declare it with an interface: const ${name}: Limits = { ... }`,
});

export const maybeUndefined = define('SCX2020', {
  title: 'Number that may be undefined',
  why: 'In C a number is always there: where TypeScript has undefined there is 0, which cannot be told from a 0 that is meant.',
  wrong: 'const level = levelOf(p) ?? 3;   // levelOf() returns tctx.get(p)?.level',
  right: 'const t = tctx.get(p); const level = t ? t.level : 3;',
  message: (what: string) => `whether '${what}' is undefined is not known here`,
  hint: () => 'test the object that it comes from, or give it a value there: a?.b ?? 0',
});

export const tooManyElements = define('SCX2021', {
  title: 'More elements than the array has',
  why: 'A FixedArray has exactly N elements; what is not named is zero.',
  wrong: 'const t: FixedArray<u32, 2> = [1, 2, 3];',
  right: 'const t: FixedArray<u32, 3> = [1, 2, 3];',
  message: (given: number, length: number) => `${given} elements for an array of ${length}`,
  hint: (given: number, _length: number) => `declare it as FixedArray<T, ${given}>`,
});

export const constantPassedToWriter = define('SCX2022', {
  title: 'A constant passed to what writes it',
  why: 'Tables of constants, config() and configArray() lie in memory that BPF cannot write.',
  wrong: 'const bands: Band[] = [...]; function use(b: Band) { b.uses++; } use(bands[i]);',
  right: 'const uses = percpuArray<u64>(4); uses.add(i, 1);',
  message: (fn: string, param: string) => `${fn}() writes to '${param}', which is a constant here`,
  hint: () => 'keep what changes in a global FixedArray or a map',
});

export const noSuchField = define('SCX2013', {
  title: 'No such field',
  why: 'The struct has no field of that name on any supported kernel.',
  wrong: 'p.scx.vtime',
  right: 'p.scx.dsq_vtime',
  message: (field: string, type: string, _suggestion?: string) =>
    `'${type}' has no field '${field}'`,
  hint: (_field: string, _type: string, suggestion?: string) =>
    suggestion ? `did you mean '${suggestion}'?` : undefined,
});

export const textDoesNotFit = define('SCX2071', {
  title: 'Text longer than its place',
  why: 'copyString() leaves room for the zero that ends a text, and would cut the rest off.',
  wrong: "interface Rule { name: CString<4> }   copyString(rule.name, 'bash');",
  right: "interface Rule { name: CString<8> }   copyString(rule.name, 'bash');",
  message: (bytes: number, room: number) =>
    `the text has ${bytes} bytes, and CString<${room}> room for ${room - 1} and the zero behind them`,
  hint: (bytes: number) => `make it a CString<${bytes + 1}> or longer, or the text shorter`,
});

import { define } from '../diagnostic.js';

export const caseNeverMatches = define('SCX2030', {
  title: 'Case that never matches',
  why: 'The type of the value that is switched on does not have this value, or an earlier case has it.',
  wrong: 'switch (u8(n)) { case 300: ... }',
  right: 'switch (u32(n)) { case 300: ... }',
  severity: 'warning',
  message: (label: string, why: string) => `case ${label} never matches: ${why}`,
  hint: () => 'take it away, or switch on a wider value',
});

export const typeNameTaken = define('SCX2031', {
  title: 'Type named as one of the BPF interface',
  why: 'The generated C has that type already, and types keep their names there.',
  wrong: 'interface bpf_timer { armed: bool }',
  right: 'interface CpuTimer { armed: bool }',
  message: (name: string) => `'${name}' is the name of a type of the BPF interface`,
  hint: () => 'give it another name',
});

export const emptyStruct = define('SCX2032', {
  title: 'Struct without members',
  why: 'It would be of no size, which neither a map nor another struct can hold.',
  wrong: 'interface Tag {}   const tags = hash<u32, Tag>(64);',
  right: 'const tags = hash<u32, u8>(64);',
  message: (name: string) => `'${name}' has no members`,
  hint: () => 'give it a member, or use u8 for a mark that is there or not',
});

export const bitsOutsideStruct = define('SCX2036', {
  title: 'Bitfield that is no member',
  why: 'Only members of a struct can have a part of a byte; variables, parameters and elements have whole ones.',
  wrong: 'let flags: Bits<u32, 3> = 0;',
  right: 'interface State { flags: Bits<u32, 3> }',
  message: (type: string) => `${type} can only be a member of an interface`,
  hint: () => 'use the integer type itself, or a member',
});

export const textEnds = define('SCX2037', {
  title: 'Text with a zero in it',
  why: 'A zero ends a text in C, and in the kernel.',
  wrong: "bpf_printk('done\\0');",
  right: "bpf_printk('done');",
  message: () => 'the text would end at its zero (\\0)',
  hint: () => 'leave the zero out',
});

export const staleReference = define('SCX2033', {
  title: 'Reference to a place that was overwritten',
  why: 'A struct that is assigned into a place (a field, an element, a global, a map value) is copied there. A variable that referred to what was there before now sees the copy, where TypeScript still has the old object.',
  wrong: 'const t = slots[0]; slots[0] = slots[1]; slots[1] = t;',
  right: 'const t = copy(slots[0]); slots[0] = slots[1]; slots[1] = t;',
  message: (name: string, where: string) =>
    `'${name}' refers to what was overwritten as a whole (${where})`,
  hint: (name: string, _where: string) =>
    `make '${name}' an object of its own: const ${name} = copy(...)`,
});

export const notCopied = define('SCX2038', {
  title: 'Object that cannot be copied',
  why: 'Structs of the kernel are reached where they are, field by field: their layout is known for the running kernel only.',
  wrong: 'const before = copy(p.scx);',
  right: 'const before: Before = { slice: p.scx.slice, weight: p.scx.weight };',
  message: (type: string) => `${type} cannot be copied`,
  hint: () => 'keep the fields that you need, in an interface of your own',
});

export const objectKept = define('SCX2034', {
  title: 'Object kept for longer than it lasts',
  why: 'Objects are on the stack of the function that makes them, which has 512 bytes: there is room for a few that a loop makes and keeps, and none for what a callback makes and keeps.',
  wrong: 'let last: Seen = { at: 0 };   m.forEach((k, v) => { last = { at: v.at }; });',
  right: 'const last: Seen = { at: 0 };   m.forEach((k, v) => { last.at = v.at; });',
  message: (name: string, type: string) =>
    `'${name}' would keep a ${type} for longer than there is room for it`,
  hint: (name: string, _type: string) =>
    `copy its members into an object that is there already (${name}.x = ...), or keep it in a map`,
});

export const usedBeforeValue = define('SCX2035', {
  title: 'Constant used before it has a value',
  why: 'Modules that import each other in a circle are run one after the other; what the first one reads of the last has no value yet. JavaScript throws there.',
  wrong:
    '// a.ts: import { B } from "./b.js"; export const A = B;   b.ts: import { A } from "./a.js"; export const B = A + 1;',
  right: '// limits.ts: export const A = 4; export const B = A + 1;',
  message: (name: string, circle: string) =>
    circle ? `'${name}' has no value yet here: ${circle}` : `'${name}' has no value yet here`,
  hint: () => 'move what both modules need into a third one that imports neither',
});

export const fieldInUnion = define('SCX2072', {
  title: 'Union with something of the kernel in it',
  why: 'The kernel keeps locks, timers, links and its own objects up to date where they lie: nothing else can be in their place.',
  wrong: 'interface Ctx { u: Union<{ mask: Kptr<bpf_cpumask>; bits: u64 }> }',
  right: 'interface Ctx { mask: Kptr<bpf_cpumask> | null; bits: u64 }',
  message: (member: string, what: string) => `'${member}' of a union cannot be or have ${what}`,
  hint: () => 'make it a member of the interface around the union',
});

export const notAligned = define('SCX2073', {
  title: 'Alignment of what has none',
  why: 'Values of maps, elements of arrays and globals are aligned where they are structs of the program, whose size is rounded up; members may be of any type.',
  wrong: 'const hits = array<Aligned<u64, 64>>(NR_CPUS);',
  right: 'interface Hits { n: u64 }   const hits = array<Aligned<Hits, 64>>(NR_CPUS);',
  message: (type: string) => `${type} cannot be aligned here`,
  hint: () => 'put it into an interface, and align that to a power of two up to 4096',
});

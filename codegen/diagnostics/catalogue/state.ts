import { define } from '../diagnostic.js';

export const usingNeeded = define('SCX3001', {
  title: 'Acquired object is not bound with `using`',
  why: 'The kernel hands out a reference that must be given back on every path; `using` does that.',
  wrong: 'const task = bpf_task_from_pid(pid);',
  right: 'using task = bpf_task_from_pid(pid);',
  message: (what: string) => `the result of ${what} must be released`,
  hint: () => 'bind it: using x = ...; it is released on every way out of the block',
});

export const usingNotNeeded = define('SCX3002', {
  title: '`using` on something that is not released',
  why: 'Only kernel references, locks, RCU sections and ring buffer reservations are released.',
  wrong: 'using cpu = bpf_get_smp_processor_id();',
  right: 'const cpu = bpf_get_smp_processor_id();',
  message: () => 'this value needs no release',
  hint: () => 'write const instead of using',
});

export const mapNotAtTop = define('SCX3003', {
  title: 'State declared inside a function',
  why: 'Maps, counters, config and timers live as long as the scheduler, not as long as a call.',
  wrong: 'init() { const m = hash<u32, u64>(64); }',
  right: 'const m = hash<u32, u64>(64);   // at module level',
  message: (what: string) => `${what}() can only be used at module level`,
  hint: () => 'move the declaration out of the function, as a const',
});

export const notConstant = define('SCX3004', {
  title: 'Value must be known while compiling',
  why: 'Sizes of maps and arrays and initial values are part of the object file.',
  wrong: 'const m = hash<u32, u64>(n);   // n is a variable',
  right: 'const N = 64; const m = hash<u32, u64>(N);',
  message: (what: string) => `${what} must be a constant`,
  hint: () => 'use literals and module-level constants',
});

export const typeArgumentNeeded = define('SCX3005', {
  title: 'Type argument missing',
  why: 'The types of keys and values decide the layout of the map.',
  wrong: 'const m = hash(64);',
  right: 'const m = hash<u32, u64>(64);',
  message: (what: string, args: string) =>
    `${what} needs its type argument${args.includes(',') ? 's' : ''}: ${what}${args}`,
  hint: () => undefined,
});

export const stateMustBeConst = define('SCX3006', {
  title: 'State bound with let',
  why: 'A map or counter cannot be replaced by another.',
  wrong: 'let m = hash<u32, u64>(64);',
  right: 'const m = hash<u32, u64>(64);',
  message: (what: string) => `${what}() must be bound with const`,
  hint: () => undefined,
});

export const noSuchMethod = define('SCX3007', {
  title: 'No such operation',
  why: 'The map or object does not have it.',
  wrong: 'queue.get(0)',
  right: 'queue.pop()',
  message: (method: string, what: string, _known?: string) =>
    `${what} has no operation '${method}'`,
  hint: (_method: string, _what: string, known?: string) =>
    known ? `it has: ${known}` : undefined,
});

export const atomicTarget = define('SCX3008', {
  title: 'Not a place in memory of 4 or 8 bytes',
  why: 'Atomic instructions work on 32 and 64-bit fields and globals.',
  wrong: 'atomicAdd(local, 1)',
  right: 'atomicAdd(ctx.count, 1)',
  message: (type: string) =>
    `an atomic operation needs a 32 or 64-bit field or global, not ${type}`,
  hint: () => 'make the field u32, u64, s32 or s64',
});

export const unsupportedState = define('SCX3009', {
  title: 'Declaration that scxts cannot compile',
  why: 'Module-level variables are constants, globals of a sized type, functions or the state constructors.',
  wrong: "const names = ['a', 'b'];",
  right: 'const sizes: u32[] = [1, 2];',
  message: (what: string, _hint?: string) => `cannot compile this declaration: ${what}`,
  hint: (_what: string, hint?: string) => hint,
});

export const nameTooLong = define('SCX3010', {
  title: 'Scheduler name',
  why: 'It becomes a C identifier and the name that the kernel shows in /sys/kernel/sched_ext/root/ops.',
  wrong: "name: 'my scheduler!'",
  right: "name: 'my_scheduler'",
  message: (name: string) => `'${name}' is not a scheduler name`,
  hint: () => 'use letters, digits and underscores, at most 127, not starting with a digit',
});

export const unknownOps = define('SCX3011', {
  title: 'Unknown member of sched_ext_ops',
  why: 'No supported kernel has a callback or data member of that name.',
  wrong: 'scheduler({ enque(p, f) {} })',
  right: 'scheduler({ enqueue(p, f) {} })',
  message: (name: string, _suggestion?: string) => `sched_ext_ops has no member '${name}'`,
  hint: (_name: string, suggestion?: string) =>
    suggestion ? `did you mean '${suggestion}'?` : undefined,
});

export const tooManyCapture = define('SCX3012', {
  title: 'Callback that cannot be compiled',
  why: 'Callbacks are functions of the object file: an arrow function or the name of a function.',
  wrong: 'm.forEach(callbacks.first)',
  right: 'm.forEach((k, v) => { ... })',
  message: () => 'a callback must be an arrow function or a function of the program',
  hint: () => undefined,
});

export const decidedTwice = define('SCX3013', {
  title: 'Two decide the same',
  why: 'The result of this callback is a decision: two of them cannot both be followed.',
  wrong: 'use: [a, b]   // both define select_cpu()',
  right: 'use: [a], select_cpu(p, prev, flags) { ... }   // a without select_cpu()',
  message: (callback: string, first: string, second: string) =>
    `both '${first}' and '${second}' define ${callback}()`,
  hint: (callback: string, first: string) =>
    `let '${first}' offer an api function instead, and call it from your own ${callback}()`,
});

export const innerMapsDiffer = define('SCX3014', {
  title: 'Maps of different kinds in one map of maps',
  why: 'The program is verified for one kind, key and value type; arrays must be of one size too.',
  wrong:
    'const q = queue<u32>(64); const h = hash<u32, u32>(64); const maps = arrayOfMaps([q, h]);',
  right:
    'const q0 = queue<u32>(64); const q1 = queue<u32>(64); const maps = arrayOfMaps([q0, q1]);',
  message: (name: string, first: string) => `'${name}' is not a map like '${first}'`,
  hint: () => 'give all of them the same kind, types and, for arrays, size',
});

export const memberRange = define('SCX3016', {
  title: 'Data member out of range',
  why: 'The kernel refuses to start such a scheduler (scx_ops_enable() in kernel/sched/ext.c).',
  wrong: 'timeout_ms: 60_000',
  right: 'timeout_ms: 30_000',
  message: (name: string, value: string, most: number) =>
    `${name} is ${value}, and the kernel takes ${most} at most`,
  hint: () => 'use a smaller value; without one the kernel takes its own default',
});

export const fieldInMap = define('SCX3030', {
  title: 'Field that this map or global cannot hold',
  why: 'map_check_btf() in kernel/bpf/syscall.c says which maps may have locks, timers and kernel objects in their values: one lock and one timer a value. Structs at module level are shared with userspace, and have none.',
  wrong: 'interface Cpu { lock: SpinLock; n: u64 } const cpus = percpuArray<Cpu>(1);',
  right: 'interface Cpu { lock: SpinLock; n: u64 } const cpus = array<Cpu>(NR_CPUS);',
  message: (field: string, map: string, _hint: string) => `${map} cannot hold ${field}`,
  hint: (_field: string, _map: string, hint: string) => hint,
});

export const mapShape = define('SCX3031', {
  title: 'Map that the kernel does not make',
  why: 'The key of a trie starts with its length in bits, a value of each CPU has at most 32 KB, and objects of the kernel cannot be copied.',
  wrong: 'const nets = lpmTrie<u64, u32>(64);',
  right: 'interface Net { prefixlen: u32; addr: u32 } const nets = lpmTrie<Net, u32>(64);',
  message: (what: string, _hint: string) => what,
  hint: (_what: string, hint: string) => hint,
});

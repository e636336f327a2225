import { define } from '../diagnostic.js';

export const goneLater = define('SCX4016', {
  title: 'Not on newer kernels',
  why: 'The program must load on the newest supported kernel too, which does not have this any more.',
  wrong: 'const rq = scx_bpf_cpu_rq(cpu);',
  right: 'if (exists(scx_bpf_cpu_rq)) { const rq = scx_bpf_cpu_rq(cpu); }',
  message: (name: string, until: string, _test?: string) =>
    `Linux ${until} is the last that has '${name}'`,
  hint: (name: string, _until: string, test?: string) =>
    `use it inside if (exists(${test ?? name})) { ... }, with what newer kernels have in the other branch`,
});

export const taskWrittenElsewhere = define('SCX4017', {
  title: 'Field of a task written outside of the scheduler',
  why: 'Only callbacks of a scheduler may write to a task (bpf_scx_btf_struct_access()); the verifier refuses it in tracing and syscall programs, and in what they call.',
  wrong:
    'export const boost = syscall((a: Args) => { using p = bpf_task_from_pid(a.pid); if (p) p.scx.dsq_vtime = 0; });',
  right:
    'export const boost = syscall((a: Args) => { using p = bpf_task_from_pid(a.pid); const t = p && tctx.get(p); if (t) t.boost = true; });',
  message: (field: string, where: string) => `${where} cannot write '${field}' of a task`,
  hint: (field: string) =>
    `keep the wish in a map (taskStorage) and write the field in a callback such as running() or enqueue()${
      field === 'disallow'
        ? ''
        : `; from Linux 6.19 on there is ${field === 'slice' ? 'scx_bpf_task_set_slice' : 'scx_bpf_task_set_dsq_vtime'}()`
    }`,
});

export const sleepsUnderGuard = define('SCX4018', {
  title: 'Sleepable call where preemption or interrupts are off',
  why: 'A CPU that may not be preempted must not sleep; the verifier refuses the call.',
  wrong: 'init() { using off = bpf_preempt_disable(); return scx_bpf_create_dsq(0, -1); }',
  right: 'init() { { using off = bpf_preempt_disable(); ... } return scx_bpf_create_dsq(0, -1); }',
  message: (name: string, guard: string) => `${name} may sleep, and ${guard}() holds here`,
  hint: (_name: string, guard: string) =>
    `call it before the section or after its block: { using off = ${guard}(); ... }`,
});

export const noArena = define('SCX3072', {
  title: 'ArenaPtr without an arena',
  why: 'The address of an entry means something in the arena that it is in.',
  wrong: 'interface Node { next: ArenaPtr<Node> | null }   const nodes = array<Node>(64);',
  right: 'interface Node { next: ArenaPtr<Node> | null }   const nodes = arena<Node>(64);',
  message: () => 'this is the address of an entry of an arena, and the program has no arena',
  hint: () => 'declare one: const nodes = arena<Node>(64);',
});

export const notInArena = define('SCX3073', {
  title: 'ArenaPtr to what is in no arena',
  why: 'Only what arena.get() gives, or another ArenaPtr, is at an address that means the same later and in user space.',
  wrong: 'const fresh: Node = { vtime: 0, next: null }; node.next = fresh;',
  right: 'const fresh = nodes.get(nodes.alloc()); node.next = fresh;',
  message: (type: string) => `'${type}' must be an entry of an arena, and this is in other memory`,
  hint: () => 'take an entry with alloc() and get(), and copy the object into that',
});

export const notAPlace = define('SCX4050', {
  title: 'An ordered access of no place',
  why: 'READ_ONCE() and its like load or store a number or pointer in memory once: a global, a field, an element, a map value.',
  wrong: 'const n = READ_ONCE(a + b);',
  right: 'const n = READ_ONCE(a) + READ_ONCE(b);',
  message: (what: string, type: string) =>
    `${what}() takes a place that holds a number, not ${type}`,
  hint: (what: string) => `name a global, a field, an element or a map value: ${what}(ctx.seq)`,
});

export const kernelVariableName = define('SCX4051', {
  title: 'No name of a variable of the kernel',
  why: 'The variable is found by its name in the kernel, which the generated C has to declare under that name.',
  wrong: "const rqs = kernelPerCpu<rq>('rq 0');",
  right: "const rqs = kernelPerCpu<rq>('runqueues');",
  message: (name: string, what: string) =>
    name === ''
      ? `${what}() needs the name of a variable as a text`
      : `'${name}' cannot name a variable of the kernel here`,
  hint: (name: string) =>
    /^\w+$/.test(name)
      ? `something of the program is called ${name} in C: give that another name`
      : 'the names are those of /proc/kallsyms: runqueues, jiffies',
});

export const kernelVariableType = define('SCX4052', {
  title: 'A variable of the kernel has another type',
  why: 'It is read as it lies in the kernel: with another layout it would be read wrongly, or refused by the verifier.',
  wrong: "const llc = kernelPerCpu<u64>('sd_llc_id');",
  right: "const llc = kernelPerCpu<s32>('sd_llc_id');",
  message: (type: string, name: string, is: string) =>
    is.startsWith('no ')
      ? `${type} is ${is}, as '${name}' must be`
      : `'${name}' is ${is} in the kernel, not ${type}`,
  hint: (_type: string, name: string, is: string) =>
    is.startsWith('no ')
      ? 'use an integer, an array of them, or a struct of scxts/vmlinux; `scxts types --struct NAME` declares others'
      : `kernelPerCpu<${is}>('${name}')`,
});

export const unknownKernelVariable = define('SCX4053', {
  title: 'No supported kernel is known to have the variable',
  why: 'On a kernel without it of() and this() give null. Kernels of other machines and configurations may have it.',
  wrong: "const rqs = kernelPerCpu<rq>('runqueue');",
  right: "const rqs = kernelPerCpu<rq>('runqueues');",
  severity: 'warning',
  message: (name: string, _near: string) =>
    `no x86 kernel from 6.12 to 7.3 has a per-CPU variable '${name}'`,
  hint: (_name: string, near: string) =>
    near ? `did you mean '${near}'?` : 'where it is missing of() and this() give null',
});

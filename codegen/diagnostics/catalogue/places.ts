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

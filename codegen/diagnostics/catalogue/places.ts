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

import { define } from '../diagnostic.js';

export const queueNotCreated = define('SCX4030', {
  title: 'Queue that nothing creates',
  why: 'The kernel ends a scheduler that inserts a task into a queue that does not exist ("non-existent DSQ").',
  wrong: 'enqueue(p, f) { scx_bpf_dsq_insert(p, 7, SCX_SLICE_DFL, f); }, dispatch() { ... }',
  right: 'init() { return scx_bpf_create_dsq(7, -1); }, enqueue(p, f) { ... }',
  message: (queue: string) => `tasks are put into queue ${queue}, which nothing creates`,
  hint: (queue: string) =>
    `create it: init() { return scx_bpf_create_dsq(${queue}, -1); }; or use SCX_DSQ_GLOBAL, which the kernel has`,
});

export const queueNotEmptied = define('SCX4031', {
  title: 'Queue that nothing empties',
  why: 'CPUs take tasks from their local queue and from SCX_DSQ_GLOBAL by themselves. From any other queue dispatch() has to take them; tasks left there stall, and the watchdog ends the scheduler.',
  wrong: 'enqueue(p, f) { scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, f); }   // and no dispatch()',
  right: 'dispatch(cpu, prev) { scx_bpf_dsq_move_to_local(Q, 0); }',
  message: (queue: string) => `tasks are put into queue ${queue}, from which nothing takes them`,
  hint: (queue: string) =>
    `take them in dispatch(): dispatch(cpu, prev) { scx_bpf_dsq_move_to_local(${queue}, 0); }`,
});

export const taskLost = define('SCX4032', {
  title: 'Path of enqueue() that loses the task',
  why: 'A task that enqueue() neither inserts into a queue nor keeps is never run again: the watchdog ends the scheduler after timeout_ms.',
  wrong: 'enqueue(p, f) { if (p.pid % 2) scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, f); }',
  right:
    'enqueue(p, f) { if (p.pid % 2) scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, f); else scx_bpf_dsq_insert(p, OTHER, SCX_SLICE_DFL, f); }',
  message: () => 'on this path the task is neither inserted nor kept: it never runs again',
  hint: () =>
    'insert it on every path, scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags) if nothing else fits; or keep its pid in a queue() from which dispatch() takes it',
});

export const insertedTwiceOnPath = define('SCX4033', {
  title: 'Task inserted twice',
  why: 'A task is in one queue at a time: the kernel ends a scheduler that inserts it again in the same call.',
  wrong:
    'scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0); scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, 0);',
  right:
    'if (idle) { scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0); return; } scx_bpf_dsq_insert(p, Q, SCX_SLICE_DFL, 0);',
  message: () => 'the task has been inserted before on this path',
  hint: () => 'insert it once on each path: return after the first, or use else',
});

export const vtimeIntoBuiltin = define('SCX4034', {
  title: 'vtime in a queue of the kernel',
  why: 'SCX_DSQ_LOCAL, SCX_DSQ_LOCAL_ON and SCX_DSQ_GLOBAL are FIFOs: the kernel ends a scheduler that orders tasks by vtime there.',
  wrong: 'scx_bpf_dsq_insert_vtime(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, vtime, f)',
  right: 'scx_bpf_dsq_insert_vtime(p, SHARED, SCX_SLICE_DFL, vtime, f)',
  message: (call: string) => `${call}() into a queue of the kernel, which has no order by vtime`,
  hint: () =>
    'use a queue of your own (scx_bpf_create_dsq() in init()), or scx_bpf_dsq_insert() without vtime',
});

export const lastWithoutEnqueue = define('SCX4035', {
  title: 'SCX_OPS_ENQ_LAST without enqueue()',
  why: 'The flag hands the last runnable task of a CPU to enqueue(): the kernel does not take a scheduler that has none.',
  wrong: 'scheduler({ flags: SCX_OPS_ENQ_LAST, select_cpu(p, cpu) { ... } })',
  right: 'scheduler({ flags: SCX_OPS_ENQ_LAST, enqueue(p, f) { ... } })',
  message: () => 'SCX_OPS_ENQ_LAST needs an enqueue()',
  hint: () => 'add enqueue(p, enq_flags), or leave the flag out',
});

export const affinityIgnored = define('SCX4036', {
  title: 'CPU that the task may be forbidden to use',
  why: 'The kernel ends a scheduler that puts a task on a CPU outside of its affinity (p.cpus_ptr): kernel threads of one CPU, and whatever taskset has bound.',
  wrong: 'enqueue(p, f) { scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | 0, SCX_SLICE_DFL, f); }',
  right:
    'if (bpf_cpumask_test_cpu(0, p.cpus_ptr)) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | 0, SCX_SLICE_DFL, f); else ...',
  message: (cpu: string) =>
    `the task is put on CPU ${cpu}, and nothing asks whether it may run there`,
  hint: (cpu: string) =>
    `test it first: if (bpf_cpumask_test_cpu(${cpu}, p.cpus_ptr)) ... else insert it elsewhere, e.g. into SCX_DSQ_GLOBAL`,
});

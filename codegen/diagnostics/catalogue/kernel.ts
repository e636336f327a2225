import { define } from '../diagnostic.js';

export const needsNewerKernel = define('SCX4001', {
  title: 'Not on every supported kernel',
  why: 'The program must load on the oldest supported kernel too, which has neither this nor an equivalent.',
  wrong: 'const t = scx_bpf_locked_rq();',
  right: 'if (exists(scx_bpf_locked_rq)) { const t = scx_bpf_locked_rq(); }',
  message: (name: string, since: string, floor: string, _test?: string) =>
    `'${name}' needs Linux ${since}, the program is built for ${floor} and later`,
  hint: (name: string, since: string, _floor: string, test?: string) =>
    `${
      /^[A-Z_0-9]+$/.test(name)
        ? `write optional(${name}), which is 0 where the kernel has it not, or exists(${name}) ? ... : ...`
        : `use it inside if (exists(${test ?? name})) { ... }`
    }, or build with --min-kernel ${since}`,
});

export const wrongContext = define('SCX4002', {
  title: 'Kernel function called where the kernel forbids it',
  why: 'Many scx_bpf_* functions work only in certain callbacks, where the right locks are held.',
  wrong: 'tick(p) { scx_bpf_dsq_move_to_local(0, 0); }',
  right: 'dispatch(cpu, prev) { scx_bpf_dsq_move_to_local(0, 0); }',
  message: (name: string, where: string, _allowed: string) =>
    `'${name}' cannot be called from ${where}`,
  hint: (_name: string, _where: string, allowed: string) => `the kernel allows it in: ${allowed}`,
});

export const sleepableOnly = define('SCX4003', {
  title: 'Sleeping function in a callback that may not sleep',
  why: 'The function may block; a run queue is locked in this callback.',
  wrong: 'enqueue(p, f) { scx_bpf_create_dsq(1, -1); }',
  right: 'init() { return scx_bpf_create_dsq(1, -1); }',
  message: (name: string, where: string) => `'${name}' may sleep, ${where} may not`,
  hint: () => 'call it from init(), init_task(), a cgroup_* callback or a syscall program',
});

export const untrustedArgument = define('SCX4004', {
  title: 'Pointer that the kernel does not trust',
  why: 'What was reached by walking kernel structures may be gone already; kernel functions want an object that is held.',
  wrong: 'bpf_task_acquire(p.real_parent.group_leader)',
  right: 'using t = bpf_task_from_pid(p.real_parent.pid);',
  message: (param: string, name: string) =>
    `'${param}' of ${name} needs an object that is held, not one found by walking`,
  hint: () =>
    'take a reference first: bpf_task_from_pid(), bpf_cgroup_from_id(), scx_bpf_task_cgroup()',
});

export const unknownKernelName = define('SCX4005', {
  title: 'Unknown kernel function',
  why: 'scxts has no entry for it in its kernel table.',
  wrong: 'scx_bpf_dispatch(p, 0, 0, 0)',
  right: 'scx_bpf_dsq_insert(p, 0, 0, 0)',
  message: (name: string) => `scxts does not know how to call '${name}'`,
  hint: () => undefined,
});

export const formatArgument = define('SCX4006', {
  title: 'Format call without a template literal',
  why: 'The format string must be known while compiling.',
  wrong: 'scx_bpf_error(text)',
  right: 'scx_bpf_error(`cpu ${cpu}`)',
  message: (name: string) => `${name} takes a template literal`,
  hint: (name: string) => `${name}(\`...\${x}...\`)`,
});

export const formatValue = define('SCX4007', {
  title: 'Value that cannot be printed',
  why: 'Format calls print integers, booleans, char arrays and pointers.',
  wrong: 'bpf_printk(`${ctx}`)',
  right: 'bpf_printk(`${ctx.vtime}`)',
  message: (type: string) => `a value of type ${type} cannot be printed`,
  hint: () => 'print its fields',
});

export const tooManyFormatValues = define('SCX4008', {
  title: 'Too many values in a format call',
  why: 'The kernel takes at most 12.',
  wrong: '',
  right: '',
  message: (count: number) => `${count} values in one format call; the kernel takes 12`,
  hint: () => 'split the message',
});

export const needsRcu = define('SCX4011', {
  title: 'Pointer read without RCU in a sleepable program',
  why: 'In a callback that may sleep, what a pointer read from memory points to can be freed at any time, unless RCU is held from there on. scxts holds it to the end of the block, but cannot where the block sleeps.',
  wrong:
    'init_task(p, args) { const g = args.cgroup; scx_bpf_create_dsq(8, -1); const c = cgctx.get(g); }',
  right: 'init_task(p, args) { scx_bpf_create_dsq(8, -1); const c = cgctx.get(args.cgroup); }',
  message: (what: string, where: string) =>
    `${what} is given a pointer that was read outside of an RCU section, and ${where} is none by itself`,
  hint: () =>
    'read the pointer after the call that sleeps, or put it and its uses into a block of their own: { using rcu = bpf_rcu_read_lock(); ... }',
});

export const outsideRcu = define('SCX4013', {
  title: 'Call that needs an RCU section',
  why: 'What it walks or gives may go away at any time unless RCU is held (KF_RCU_PROTECTED). Programs that may sleep do not hold it by themselves; scxts does around a walk in which nothing sleeps.',
  wrong: 'syscall(() => { const p = scx_bpf_cpu_curr(0); ... })',
  right: 'syscall(() => { using rcu = bpf_rcu_read_lock(); const p = scx_bpf_cpu_curr(0); ... })',
  message: (what: string, where: string) =>
    `${what} is used outside of an RCU section, and ${where} is none by itself`,
  hint: () => 'put using rcu = bpf_rcu_read_lock(); in front of it, in a block of its own',
});

export const sleepsUnderRcu = define('SCX4014', {
  title: 'Sleepable call in an RCU section',
  why: 'Who holds RCU must not sleep; the verifier refuses the call.',
  wrong: 'init() { using rcu = bpf_rcu_read_lock(); return scx_bpf_create_dsq(0, -1); }',
  right: 'init() { { using rcu = bpf_rcu_read_lock(); ... } return scx_bpf_create_dsq(0, -1); }',
  message: (name: string) => `${name} may sleep, and RCU is held here`,
  hint: () =>
    'call it before the section or after its block; each.task(), each.css() and each.scx_dsq() hold RCU while they walk',
});

export const notKernelNumber = define('SCX4022', {
  title: 'optional() of something that is no number of the kernel',
  why: 'optional() asks whether the running kernel has a number by that name: other values are always there.',
  wrong: 'flags: optional(0x100)',
  right: 'flags: SCX_OPS_ENQ_LAST | optional(SCX_OPS_BUILTIN_IDLE_PER_NODE)',
  message: (what: string) => `'${what}' is no number of the kernel`,
  hint: () => 'name the constant itself, or several: optional(SCX_OPS_X | SCX_OPS_Y)',
});

export const tooManyQuestions = define('SCX4023', {
  title: 'Member that depends on too many things',
  why: 'The object has its value for each combination of what a kernel has and has not: with each exists() there are twice as many.',
  wrong: 'flags: optional(A | B | C | D | E | F | G | H | I)',
  right: 'flags: optional(A | B)',
  message: (member: string, count: number) =>
    `'${member}' asks the kernel ${count} things; 8 are possible`,
  hint: () => 'ask for what the scheduler needs, or set the member in user space: open.ops',
});

export const differsByKernel = define('SCX4024', {
  title: 'Exported number that differs from kernel to kernel',
  why: 'The skeleton is made while compiling and has no value that only the running kernel knows. The program itself uses the right one.',
  wrong: 'export const FLAGS = optional(SCX_OPS_BUILTIN_IDLE_PER_NODE);',
  right: 'const FLAGS = optional(SCX_OPS_BUILTIN_IDLE_PER_NODE);',
  severity: 'warning',
  message: (name: string, because: string) =>
    `'${name}' is not in the skeleton: '${because}' is not the same on all kernels`,
  hint: () => 'leave out `export`, or write it to a global in init(), which user space can read',
});

export const neverReturns = define('SCX4015', {
  title: 'fexit of a function that never returns',
  why: 'What would run at its return never runs; the verifier refuses it.',
  wrong: "export const on_exit = fexit('do_exit', (code) => { ... });",
  right: "export const on_exit = fentry('do_exit', (code) => { ... });",
  message: (target: string) => `${target}() never returns`,
  hint: (target: string) => `use fentry('${target}', ...)`,
});

export const mapWhereSleeping = define('SCX4009', {
  title: 'Map that sleepable programs cannot use',
  why: 'Entries of bloom filters and LPM tries may go away while a program sleeps; the verifier takes them in programs that never sleep only.',
  wrong: 'init() { seen.add(1); return 0; }',
  right: 'enqueue(p, f) { seen.add(1); }',
  message: (map: string, where: string) => `${where} may sleep and cannot use the ${map}`,
  hint: () =>
    'use it from callbacks that do not sleep, or fill it from userspace; a hash can be used anywhere',
});

export const stateInProbe = define('SCX4012', {
  title: 'Lock, timer, list or tree in a probe',
  why: 'kprobe, raw_tp, tracepoint and perf_event programs can run in the middle of anything, the holder of the lock included: the verifier takes no map with a lock, timer, list or tree in them.',
  wrong: "export const on_exit = kprobe('do_exit', () => { rebalance.start(1000); });",
  right: "export const on_exit = fentry('do_exit', () => { rebalance.start(1000); });",
  message: (what: string, program: string) => `'${program}' cannot use ${what}`,
  hint: () =>
    'use tp_btf, fentry or fexit, which may; or keep what the program needs in a map without one',
});

export const nestedRcu = define('SCX4010', {
  title: 'RCU read section inside of another',
  why: 'Verifiers up to Linux 6.18 take one RCU read section at a time.',
  wrong: 'using rcu = bpf_rcu_read_lock(); { using again = bpf_rcu_read_lock(); }',
  right: 'using rcu = bpf_rcu_read_lock();',
  message: (via: string | undefined) =>
    via
      ? `${via}() opens an RCU read section, and one is open here`
      : 'an RCU read section is open here already',
  hint: (via: string | undefined) =>
    via
      ? 'end the section before the call: { using rcu = bpf_rcu_read_lock(); ... }'
      : 'leave this one out: what is read stays valid under the outer one',
});

export const unknownEvent = define('SCX4054', {
  title: 'An event that no supported kernel is known to have',
  why: 'A program for an event that is not there is left out, or fails the load.',
  wrong: "export const on = tp_btf('sched_swich', (preempt: bool) => {});",
  right: "export const on = tp_btf('sched_switch', (preempt, prev, next) => {});",
  severity: 'warning',
  message: (name: string, _near: string) =>
    `there is no event '${name}' in the kernels that scxts knows`,
  hint: (_name: string, near: string) =>
    `did you mean '${near}'? { optional: true } says that it is one of some kernels only`,
});

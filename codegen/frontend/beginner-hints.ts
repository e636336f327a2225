/** Properties of a task that its kernel struct has under another name, or not at all. */
const OF_TASK: Readonly<Record<string, string>> = {
  nice: 'the nice value is in p.static_prio - 120, and what it weighs in p.scx.weight (100 for nice 0)',
  priority:
    'p.prio is the priority (100 to 139 for nice -20 to 19), p.scx.weight what the task should get',
  name: "its name is p.comm: compare it with streq(p.comm, 'text')",
  id: 'its number is p.pid; p.tgid is that of its process',
  cpu: 'scx_bpf_task_cpu(p) is the CPU that it is on',
  weight: 'p.scx.weight: 100 for nice 0',
  vtime: 'p.scx.dsq_vtime',
  slice: 'p.scx.slice, in ns',
  runtime: 'p.se.sum_exec_runtime, in ns',
  state: 'p.__state; what enqueue() and running() get is runnable',
  ppid: 'p.real_parent.pid',
};

/** Names of Node.js and of browsers. */
const GLOBALS: Readonly<Record<string, string>> = {
  setTimeout: 'use a timer: const later = timer(() => { ... }), then later.start(ns)',
  setInterval:
    'use a timer that starts itself again: const tick = timer(() => { ...; tick.start(ns); })',
  clearTimeout: 'a timer of the program has cancel()',
  clearInterval: 'a timer of the program has cancel()',
  process:
    'this runs in the kernel: what Node.js offers is for the userspace half; bpf_get_current_pid_tgid() is about the current task',
  require: "use import, from 'scxts' or from a file of the program",
  performance: 'read the clock with bpf_ktime_get_ns()',
  Buffer: 'use FixedArray<u8, N>',
  fetch: 'the userspace half can; share data with it through maps',
  structuredClone: 'use copy(x)',
  queueMicrotask: 'use a timer: const later = timer(() => { ... }), then later.start(ns)',
  console: 'print with bpf_printk(`...`)',
};

/** What a beginner writes out of habit, and what stands for it here. */
export function beginnerHint(code: number, message: string, name: string): string | undefined {
  const at = (table: Readonly<Record<string, string>>): string | undefined =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  switch (code) {
    case 2339:
    case 2551:
      return message.includes("on type 'task_struct'") ? at(OF_TASK) : undefined;
    case 2304:
    case 2552:
    case 2580:
    case 2584:
    case 2591:
      return at(GLOBALS);
    case 2488:
      return message.startsWith("Type 'list_head'")
        ? 'lists of the kernel are walked by iterators: for (const t of each.task(p)) { ... } gives the threads of a process'
        : undefined;
    case 2322:
      return /^Type '\([^)]*\) => void' is not assignable to type '\([^)]*\) => number'/.test(
        message,
      )
        ? 'give back 0 where it went well, or a negative errno: return 0;'
        : undefined;
    default:
      return undefined;
  }
}

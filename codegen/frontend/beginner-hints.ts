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

/** Methods of JavaScript's arrays. */
const OF_ARRAY: Readonly<Record<string, string>> = {
  push: 'it has a fixed number of elements: keep a count, a[n % LENGTH] = x; n++; or use queue<T>(MAX)',
  pop: 'it has a fixed number of elements: keep a count, or use stack<T>(MAX)',
  shift: 'it has a fixed number of elements: keep where it begins, or use queue<T>(MAX)',
  unshift: 'it has a fixed number of elements: keep where it begins, or use a list',
  forEach: 'for (const i of range(a.length)) { ... a[i] ... }',
  map: 'write a loop: for (const i of range(a.length)) { ... }',
  filter: 'write a loop: for (const i of range(a.length)) { if (...) continue; ... }',
  find: 'write a loop: for (const i of range(a.length)) { if (...) { found = i; break; } }',
  indexOf: 'write a loop: for (const i of range(a.length)) { if (a[i] === x) { at = i; break; } }',
  includes: 'write a loop: for (const i of range(a.length)) { if (a[i] === x) { ... } }',
  reduce: 'write a loop: let sum: u64 = 0; for (const i of range(a.length)) sum += a[i];',
  sort: 'keep what is to be in order in an rbTree()',
};

/** Methods of JavaScript's strings. */
const OF_TEXT: Readonly<Record<string, string>> = {
  startsWith: "startsWith(text, 'begin')",
  endsWith: "endsWith(text, 'end')",
  includes:
    "startsWith(text, '...'), endsWith(text, '...') and streq(text, '...') are there; a search is not",
  toString: 'a text goes into a format as it is: bpf_printk(`${p.comm}`)',
  toLowerCase: 'compare with each spelling: streq(text, ...) || streq(text, ...)',
  slice: 'compare beginnings with startsWith(), or go by text[i]',
  substring: 'compare beginnings with startsWith(), or go by text[i]',
};

const MAP = /type '\w*(?:Map|Storage)</;

/** What a beginner writes out of habit, and what stands for it here. */
export function beginnerHint(code: number, message: string, name: string): string | undefined {
  const at = (table: Readonly<Record<string, string>>): string | undefined =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  switch (code) {
    case 2339:
    case 2551:
      if (message.includes("on type 'task_struct'")) return at(OF_TASK);
      if (/on type '(readonly )?(FixedArray<|\w+\[\]')/.test(message)) return at(OF_ARRAY);
      return /on type '(CString<|string')/.test(message) ? at(OF_TEXT) : undefined;
    case 7052:
    case 7053:
      return MAP.test(message)
        ? 'a map is asked by its methods: m.get(key), m.set(key, value), m.delete(key)'
        : undefined;
    case 2554:
      if (/^scx_bpf_dsq_insert(_vtime)?$/.test(name))
        return 'the last argument is what enqueue() got: enq_flags; 0 in select_cpu()';
      return name === 'scx_bpf_dsq_move_to_local' || name === 'scx_bpf_kick_cpu'
        ? 'the last argument is flags: 0 for none'
        : undefined;
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
        : /^Type '\(p: task_struct[^)]*\) => (string|boolean|bool|null|undefined|void)' is not assignable to type '\(p: task_struct, prev_cpu/.test(
              message,
            )
          ? 'select_cpu() gives the number of a CPU: return prev_cpu;'
          : undefined;
    default:
      return undefined;
  }
}

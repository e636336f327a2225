/** What a refusal of the verifier means, by the text of its last lines (kernel/bpf/verifier.c). */
export interface RefusalClass {
  name: RefusalName;
  matches: RegExp;
  /** In plain words. */
  means: string;
  /** What is likely to mend it. */
  fix: string;
}

export type RefusalName =
  | 'null'
  | 'bounds'
  | 'too complex'
  | 'unreleased'
  | 'context'
  | 'read-only'
  | 'stack'
  | 'helper'
  | 'missing in this kernel'
  | 'lock'
  | 'rcu'
  | 'trust'
  | 'uninitialised'
  | 'kptr'
  | 'pointer'
  | 'result'
  | 'sleep'
  | 'real-time kernel'
  | 'unknown';

export const CLASSES: readonly RefusalClass[] = [
  {
    name: 'real-time kernel',
    matches: /cannot be used for PREEMPT_RT/,
    means: 'this is a real-time kernel (PREEMPT_RT), on which BPF has no timers',
    fix: 'run another kernel, or do from userspace, with setInterval() and a syscall program, what the timer does',
  },
  {
    name: 'missing in this kernel',
    matches:
      /invalid func unknown#195896080|<invalid (CO-RE|kfunc|ksym)|kfunc '\w+' is referenced but wasn't resolved|kernel function not found|call unknown/i,
    means: 'the running kernel has no such field, value or function',
    fix: 'test for it with exists() before its use, or build with --min-kernel',
  },
  {
    name: 'null',
    matches:
      /(map_value|mem|ptr|rcu_ptr|trusted_ptr)_or_null|invalid mem access '\w*_or_null|Possibly NULL pointer|invalid mem access 'scalar'|NULL pointer passed to trusted/,
    means: 'a pointer is used that may be null there',
    fix: 'test it first: if (!x) return; and use it in the same block as the test',
  },
  {
    name: 'bounds',
    matches:
      /invalid access to (map value|packet|memory|mem)|outside of the (allowed|map|bounds)|unbounded memory access|(min|max) value is outside|invalid variable offset|math between .* pointer and|access beyond/,
    means: 'an access is not shown to stay inside of its memory',
    fix: 'index a FixedArray, whose bounds scxts tests, or bound the value first: i & 63, Math.min(i, n)',
  },
  {
    name: 'too complex',
    matches:
      /BPF program is too large|infinite loop detected|back-edge|The sequence of \d+ jumps is too complex|too many states|loop is not bounded|program of this type cannot use may_goto/,
    means: 'the verifier could not follow the program to its end',
    fix: 'loop with for (const i of range(n)), or move a part into a function marked /** @noinline */',
  },
  {
    name: 'unreleased',
    matches:
      /Unreleased reference|reference leak|BPF_EXIT instruction .* would lead to|release_reference/,
    means: 'the program can end while it still holds something of the kernel',
    fix: 'bind what is acquired with using',
  },
  {
    name: 'lock',
    matches:
      /bpf_spin_(un)?lock|holding a lock|while holding|preempt_disable|lock'?s? .*(held|mismatch)|must be held|function calls are not allowed/,
    means: 'a spin lock is held where it may not be, or not where it must be',
    fix: 'keep the block of using held = lock.hold() to loads, stores and list or tree operations',
  },
  {
    name: 'rcu',
    matches: /rcu_read_(un)?lock|RCU (protected )?CS|in rcu/i,
    means: 'an RCU section is open where it may not be, or needed where it is not',
    fix: 'using rcu = bpf_rcu_read_lock(); around what reads the pointer, in one block',
  },
  {
    name: 'trust',
    matches:
      /must be (referenced or trusted|a rcu pointer|referenced)|expected pointer to|untrusted_ptr|is expected.*ptr_|R\d type=\w+ expected=/,
    means: 'a kernel function wants an object that is held, and gets another kind of pointer',
    fix: 'take a reference: using t = bpf_task_from_pid(pid), or read the pointer under RCU',
  },
  {
    name: 'context',
    matches:
      /calling kernel function \w+ is not allowed|kernel function .* not allowed|invalid bpf_context access|program type .* cannot/,
    means: 'the kernel does not allow this call or access in this kind of program or callback',
    fix: 'scxts check knows where each function may be called: report this if it accepted the call',
  },
  {
    name: 'read-only',
    matches:
      /only read is supported|cannot write into|write into map forbidden|Cannot write|cannot access ptr member .* of struct .* with|attempt to (write|corrupt)/,
    means: 'the program writes to memory that it may only read',
    fix: 'of a task only scx.slice, scx.dsq_vtime and scx.disallow can be written',
  },
  {
    name: 'stack',
    matches:
      /to (the )?stack|stack (size|limit|depth)|combined stack|invalid (read from|write to|indirect access to) stack|variable (-)?offset stack/i,
    means: 'more stack is needed than there is, or it is read where nothing was written',
    fix: 'keep large structs in percpu<T>() or a map value',
  },
  {
    name: 'sleep',
    matches: /sleepable|might sleep|may sleep/,
    means: 'something that may sleep is called where the program must not',
    fix: 'call it from init(), another sleepable callback or a syscall program',
  },
  {
    name: 'kptr',
    matches: /kptr/,
    means: 'a kernel object that is kept in memory is read or written other than as a whole',
    fix: 'read it into a const under RCU, and move objects in and out with kptrXchg()',
  },
  {
    name: 'result',
    matches: /At program exit the register R0/,
    means: 'the program returns a value that the kernel does not take from it',
    fix: 'return what the callback documents: 0 or a negative errno, a CPU, a bool',
  },
  {
    name: 'pointer',
    matches:
      /(is not a known constant|arg#\d+|pointer (arithmetic|comparison|operation)|dereference of modified|misaligned|leaks addr|prohibited|expected=|type=\w+)/,
    means: 'a pointer is used as a number, or one of another kind is expected',
    fix: 'report the program: scxts should not have made such code',
  },
  {
    name: 'uninitialised',
    matches: /!read_ok|uninitialized|not initialized/i,
    means: 'a value is used that not every path has set',
    fix: 'give the variable a value where it is declared; report it, scxts should have',
  },
  {
    name: 'helper',
    matches: /unknown func|program of this type cannot use helper|helper call is not allowed|GPL/,
    means: 'a helper is called that programs of this kind may not call',
    fix: 'call it from another program of the object and hand the value on in a map or global',
  },
];

import { define } from '../diagnostic.js';

export const movedAway = define('SCX3020', {
  title: 'Use after the object was given away',
  why: 'A release, kptrXchg(), submit(), add() or push takes the object over: its name means nothing after it.',
  wrong: 'tree.add(n); n.key = 1;',
  right: 'n.key = 1; tree.add(n);',
  message: (name: string, always: boolean) =>
    `'${name}' ${always ? 'has' : 'may have'} been given away before`,
  hint: () => 'use it before it is released or moved, on every path',
});

export const releaseMissing = define('SCX3021', {
  title: 'Owned object is not released on every path',
  why: 'The kernel refuses a program that can end while it still owns something.',
  wrong: 'const n = alloc<Node>(); if (!n) return; if (early) return; tree.add(n);',
  right: 'using n = alloc<Node>(); if (!n) return; if (early) return; tree.add(n);',
  message: (name: string) => `'${name}' is still owned on a path that ends here`,
  hint: (name: string) =>
    `bind it with using, which releases it on every path, or move or release '${name}' before`,
});

export const overwritten = define('SCX3022', {
  title: 'Variable is assigned while it still owns an object',
  why: 'The object that it held before could not be released any more.',
  wrong: 'let n = alloc<Node>(); n = alloc<Node>();',
  right: 'let n = alloc<Node>(); if (n) tree.add(n); n = alloc<Node>();',
  message: (name: string) => `'${name}' still owns an object here`,
  hint: () => 'move or release that object first, or use another variable',
});

export const notOwned = define('SCX3023', {
  title: 'Object that is not owned',
  why: 'Only an object that the program owns (from alloc(), an acquiring call, kptrXchg() or a pop) can be given away.',
  wrong: 'const first = tree.first(); if (first) other.add(first);',
  right: 'const first = tree.first(); if (first) { using n = tree.remove(first); ... }',
  message: (type: string, to: string) => `${to} takes an object that is owned, not ${type}`,
  hint: () => 'give it the variable that holds the owned object',
});

export const lockUnknown = define('SCX3024', {
  title: 'No lock for a list or tree',
  why: 'The kernel lets a list or tree be used only while the spin lock beside it is held.',
  wrong: 'const tree = rbTree<Node>((a, b) => a.key < b.key);   // no spinLock() in the program',
  right:
    'const tree_lock = spinLock(); const tree = rbTree<Node>((a, b) => a.key < b.key, tree_lock);',
  message: (name: string) => `it is not clear which lock guards '${name}'`,
  hint: (name: string) =>
    `declare one: const ${name}_lock = spinLock(); or name it as the last argument`,
});

export const locksDiffer = define('SCX3025', {
  title: 'List or tree used under another lock',
  why: 'Each has one lock, in the same memory.',
  wrong: 'using held = other_lock.hold(); tree.add(n);',
  right: 'using held = tree_lock.hold(); tree.add(n);',
  message: (name: string, lock: string, other: string) =>
    `'${name}' is guarded by '${lock}', not by '${other}'`,
  hint: (_name: string, lock: string) => `using held = ${lock}.hold();`,
});

export const notHeld = define('SCX3026', {
  title: 'List or tree used without its lock',
  why: 'The kernel refuses operations on it unless the lock beside it is held.',
  wrong: 'tree.add(n);',
  right: 'using held = tree_lock.hold(); tree.add(n);',
  message: (name: string, lock: string) => `'${name}' is used while '${lock}' is not held`,
  hint: (_name: string, lock: string) =>
    `using held = ${lock}.hold(); in the same function, before it`,
});

export const callUnderLock = define('SCX3027', {
  title: 'Call while a spin lock is held',
  why: 'With a BPF spin lock held the kernel allows loads, stores, atomics and list and tree operations only.',
  wrong: 'using held = c.lock.hold(); scx_bpf_dsq_insert(p, Q, SLICE, 0);',
  right: '{ using held = c.lock.hold(); c.vtime += 1; } scx_bpf_dsq_insert(p, Q, SLICE, 0);',
  message: (what: string) => `${what} cannot be called while a spin lock is held`,
  hint: () => 'end the block of the lock before it: { using held = x.hold(); ... }',
});

export const dropInLoop = define('SCX3028', {
  title: 'Object taken out in a loop under a lock',
  why: 'It is freed after the lock is released, and there is room for one only.',
  wrong: 'using held = lock.hold(); for (const i of range(4)) { using n = fifo.popFront(); }',
  right: 'for (const i of range(4)) { using held = lock.hold(); using n = fifo.popFront(); }',
  message: (name: string) =>
    `'${name}' is taken out in a loop while the lock is held outside of it`,
  hint: () => 'take the lock inside the loop',
});

export const keptPointer = define('SCX3029', {
  title: 'Pointer that outlives its program',
  why: 'In a global or a map value a pointer is a mere number: the kernel does not let it be followed when it is read again.',
  wrong: 'let last: task_struct | null = null;',
  right: 'let last_pid: s32 = 0;',
  message: (name: string, type: string) => `'${name}' would keep a pointer to ${type}`,
  hint: () =>
    'keep what finds it again, such as the pid for bpf_task_from_pid(); or own the object: Kptr<T> and kptrXchg(), for several FixedArray<Kptr<T>, N>; to an entry of an arena it can be an ArenaPtr<T>',
});

export const notKptrPlace = define('SCX3071', {
  title: 'kptrXchg() of what keeps no kernel object',
  why: 'The kernel exchanges objects only in places that it knows to own them: members, elements and globals of type Kptr, and parameters that stand for one.',
  wrong: 'const mask = ctx.mask; kptrXchg(mask, fresh);',
  right: 'kptrXchg(ctx.mask, fresh);',
  message: (what: string) => `'${what}' is no place of type Kptr`,
  hint: () => 'name the member, element or global itself',
});

export const notHeldInValue = define('SCX3074', {
  title: 'List of a value used without the lock of the value',
  why: 'The verifier wants the lock that lies in the same value held (check_reg_allocation_locked() in kernel/bpf/verifier.c).',
  wrong: 'c.waiting.pushBack(item);',
  right: '{ using held = c.lock.hold(); c.waiting.pushBack(item); }',
  message: (name: string) => `'${name}' is used while the lock of its value is not held`,
  hint: () => 'hold the SpinLock member of the same value: using held = c.lock.hold();',
});

export const orderNeeded = define('SCX3075', {
  title: 'Tree of a value without an order',
  why: 'A tree at module level is declared with its order; one that is a member of a value gets it where objects are added.',
  wrong: 'c.tree.add(item);',
  right: 'c.tree.add(item, (a, b) => a.vtime < b.vtime);',
  message: (name: string) => `add() of '${name}' must be given an order`,
  hint: () => 'say which comes first: add(item, (a, b) => a.vtime < b.vtime)',
});

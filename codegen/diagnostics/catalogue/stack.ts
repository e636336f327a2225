import { define } from '../diagnostic.js';

export const localTooLarge = define('SCX4020', {
  title: 'Local variable larger than the stack',
  why: 'A BPF program has 512 bytes of stack, all functions that call each other together.',
  wrong: 'const big: Big = zeroed();   // interface Big { a: FixedArray<u64, 100> }',
  right: 'const scratch = percpu<Big>(); ... const big = scratch.this();',
  message: (name: string, bytes: number) =>
    `'${name}' takes ${bytes} bytes, and the stack of a BPF program has 512`,
  hint: () => 'keep it in a percpu<T>() variable or in the value of a map',
});

export const stackTooDeep = define('SCX4021', {
  title: 'Stack beyond 512 bytes',
  why: 'A BPF program has 512 bytes of stack, all functions that call each other together.',
  wrong:
    '/** @noinline */ function f() { const a: Big = zeroed(); g(); }   // 300 bytes, and g() 300 more',
  right:
    'const scratch = percpu<Big>(); /** @noinline */ function f() { const a = scratch.this(); g(); }',
  message: (chain: string, bytes: number | undefined, _largest: string) =>
    bytes === undefined
      ? `${chain} needs more than 512 bytes of stack`
      : `${chain} needs ${bytes} bytes of stack, and a BPF program has 512`,
  hint: (_chain: string, _bytes: number | undefined, largest: string) =>
    `keep the largest variables in a percpu<T>() variable${largest && `: ${largest}`}`,
});

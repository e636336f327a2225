import type { KernelFunction } from '../types.js';
import { define } from './define.js';

const inline = { kind: 'inline' as const };
/** Small counts: a plain number for TypeScript, s32 in C, and known not to be negative. */
const count = (fold: (x: bigint) => bigint): Parameters<typeof define>[2] => ({
  ...inline,
  dslReturns: 'number',
  neverNegative: true,
  fold: ([x]) => fold(x!),
});
const cut = (bits: number, x: bigint): bigint => BigInt.asUintN(bits, x);

/** The number of the highest bit, from 1 on; 0 without one. */
const length = (x: bigint): bigint => (x === 0n ? 0n : BigInt(x.toString(2).length));
const weight = (x: bigint): bigint => BigInt(x.toString(2).replaceAll('0', '').length);
/** The number of the lowest bit, from 0 on. */
const lowest = (x: bigint): bigint => (x === 0n ? 0n : length(x & -x) - 1n);

function squareRoot(x: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(x))));
  while (root * root > x) root--;
  while ((root + 1n) * (root + 1n) <= x) root++;
  return root;
}

/** What the kernel's headers give every author of C: bits, roots, and where a program runs. */
export const GIVEN: KernelFunction[] = [
  define(
    's32 hweight32(u32 w)',
    'How many bits are set.',
    count((x) => weight(cut(32, x))),
  ),
  define(
    's32 hweight64(u64 w)',
    'How many bits are set.',
    count((x) => weight(cut(64, x))),
  ),
  define(
    's32 fls(u32 x)',
    'Number of the highest bit that is set, counted from 1; 0 of 0.',
    count((x) => length(cut(32, x))),
  ),
  define(
    's32 fls64(u64 x)',
    'Number of the highest bit that is set, counted from 1; 0 of 0.',
    count((x) => length(cut(64, x))),
  ),
  define(
    's32 __ffs(u64 word)',
    'Number of the lowest bit that is set, counted from 0. 0 of 0, where the kernel has no value.',
    count((x) => lowest(cut(64, x))),
  ),
  define(
    's32 __ffs64(u64 word)',
    'Number of the lowest bit that is set, counted from 0. 0 of 0, where the kernel has no value.',
    count((x) => lowest(cut(64, x))),
  ),
  define(
    's32 ilog2(u64 n)',
    'Logarithm to base 2, rounded down. 0 of 0, where the kernel has no value.',
    count((x) => (cut(64, x) === 0n ? 0n : length(cut(64, x)) - 1n)),
  ),
  define('u64 int_sqrt(u64 x)', 'Square root, rounded down.', {
    ...inline,
    dslReturns: 'number',
    fold: ([x]) => squareRoot(cut(64, x!)),
  }),
  define(
    'u64 scale_by_task_weight(const struct task_struct *p, u64 value)',
    'value * p.scx.weight / 100: more for tasks of more weight (nice 0 is 100).',
    inline,
  ),
  define(
    'u64 scale_by_task_weight_inverse(const struct task_struct *p, u64 value)',
    'value * 100 / p.scx.weight: what vtime advances by. 0 where the weight is 0.',
    inline,
  ),
  define(
    'bool is_migration_disabled(const struct task_struct *p)',
    'Whether a task may not leave its CPU right now. What the kernel does around every program to the task that runs it does not count.',
    inline,
  ),
  define(
    'bool in_hardirq()',
    'Whether the program runs in a hardware interrupt: a task that is woken there is woken by a device or a timer.',
    inline,
  ),
  define(
    'bool in_serving_softirq()',
    'Whether the program runs in a software interrupt: network, block devices, timers of BPF among them.',
    inline,
  ),
  define('bool in_nmi()', 'Whether the program runs in a non-maskable interrupt.', inline),
  define(
    'u32 kernelVersion()',
    'Version of the running kernel, to be compared with KERNEL_VERSION(6, 18, 0). exists() asks for what a program needs itself, and is right on kernels with patches of others as well.',
    inline,
  ),
  define(
    'u32 KERNEL_VERSION(u32 major, u32 minor, u32 patch)',
    'The number of a version of the kernel; patch levels above 255 count as 255.',
    {
      ...inline,
      fold: ([major, minor, patch]) =>
        cut(32, (major! << 16n) + (minor! << 8n) + (patch! > 255n ? 255n : patch!)),
    },
  ),
  define('u32 scxts_preempt_count()', 'Preemption and interrupts of this CPU, counted.', {
    ...inline,
    label: 'in_hardirq()',
  }),
];

import { describe, it } from 'vitest';
import { program } from '../../util/program.js';

/** What clang must not know: read from a global. */
const values = program(`
let zero: u64 = 0;
let one: u64 = 1;
let top: u64 = u64(0x8000_0000_0000_0000n);
let all: u64 = u64(0xffff_ffff_ffff_ffffn);
let mixed: u64 = u64(0x00f0_0100_0000_3000n);
let small: u32 = 0x3000;
let negative: s32 = -7;
`);

describe('what is given', () => {
  it('counts and finds bits, 0 among the values', async () => {
    await values
      .syscall(
        `out[0] = hweight32(small); out[1] = hweight64(mixed); out[2] = hweight64(all);
        out[3] = fls(small); out[4] = fls64(top); out[5] = fls64(zero);
        out[6] = __ffs(mixed); out[7] = __ffs64(top); out[8] = __ffs(zero);
        out[9] = ilog2(small); out[10] = ilog2(all); out[11] = ilog2(one); out[12] = ilog2(zero);
        out[13] = fls(u32(zero)); out[14] = hweight32(u32(all)); out[15] = hweight64(zero);`,
      )
      .runs([2, 7, 64, 14, 64, 0, 12, 63, 0, 13, 63, 0, 0, 0, 32, 0]);
  });

  it('takes square roots that are exact around every square', async () => {
    await values
      .globals('let bad: u64 = 0;')
      .syscall(
        `for (const i of range(4000)) {
          const r = u64(i) * 1_048_573 + u64(i);
          const square = r * r;
          if (int_sqrt(square) !== r) bad += 1;
          if (r > 0 && int_sqrt(square - 1) !== r - 1) bad += 1;
          if (r > 0 && int_sqrt(square + 1) !== r) bad += 1;
          if (int_sqrt(u64(i) * u64(i)) !== u64(i)) bad += 1;
        }
        out[0] = bad; out[1] = int_sqrt(all); out[2] = int_sqrt(zero); out[3] = int_sqrt(one);
        out[4] = int_sqrt(u64(0xffff_fffe_0000_0001n)); out[5] = int_sqrt(u64(0xffff_fffe_0000_0000n));`,
      )
      .runs([0, 0xffff_ffffn, 0, 1, 0xffff_ffffn, 0xffff_fffen]);
  });

  it('clamps signed and unsigned values', async () => {
    await values
      .syscall(
        `out[0] = clamp(small, 1, 100); out[1] = clamp(one, 5, 9); out[2] = clamp(all, 0, top);
        out[3] = u64(s64(clamp(negative, -3, 3))); out[4] = clamp(7, 1, 9);`,
      )
      .runs([100, 5, 0x8000_0000_0000_0000n, -3, 7]);
  });

  it('is a constant where its arguments are', async () => {
    await program(
      'const LEVELS = ilog2(64); const MASK = hweight64(0xff); const table: u32[] = [fls(9), int_sqrt(99), clamp(50, 1, 9)];',
    )
      .syscall(
        `out[0] = LEVELS; out[1] = MASK; out[2] = table[0]; out[3] = table[1]; out[4] = table[2];
        out[5] = KERNEL_VERSION(6, 18, 300);`,
      )
      .runs([6, 8, 4, 9, 9, 0x61_2ffn]);
  });

  it('is known not to be negative', () => {
    values
      .enqueue(
        'const level = ilog2(mixed); if (level > small) negative = fls(small) - 8; const up: u32 = fls64(all); small = up;',
      )
      .accepts();
  });

  it('refuses a range without a value', () => {
    values.enqueue('small = clamp(small, «9», 3);').rejects('SCX2050');
  });

  it('compares the version of the kernel', async () => {
    await program()
      .syscall(
        'out[0] = kernelVersion() >= KERNEL_VERSION(5, 0, 0) ? 1 : 0; out[1] = kernelVersion() > KERNEL_VERSION(90, 0, 0) ? 1 : 0;',
      )
      .runs([1, 0]);
  });

  it('scales by the weight of a task', () => {
    program('let used: u64 = 0;')
      .enqueue(
        'used += scale_by_task_weight(p, 1000) + scale_by_task_weight_inverse(p, 1000); if (is_migration_disabled(p)) used = 0;',
      )
      .accepts();
  });
});

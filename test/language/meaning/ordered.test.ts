import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findTool } from '../../../codegen/toolchain/clang.js';
import { program } from '../../util/program.js';

const state = program(`
interface Slot { seq: u32; ready: bool; value: u64 }
let seq: u32 = 0;
let value: u64 = 7;
let flag: bool = false;
let table: FixedArray<u64, 4> = zeroed();
let index: u32 = 1;
let far: u32 = 9;
const slots = array<Slot>(4);
const words = array<u64>(4);
`);

describe('ordered accesses', () => {
  it('read and write globals, elements, fields and map values', async () => {
    await state
      .syscall(
        `WRITE_ONCE(seq, 5); out[0] = READ_ONCE(seq);
        WRITE_ONCE(table[index], 11); out[1] = READ_ONCE(table[index]) + READ_ONCE(table[1]);
        WRITE_ONCE(table[far], 13); out[2] = READ_ONCE(table[far]);
        const s = slots.get(2);
        if (s) {
          WRITE_ONCE(s.seq, 3); smp_store_release(s.ready, true);
          out[3] = READ_ONCE(s.seq); out[4] = smp_load_acquire(s.ready) ? 1 : 0;
          smp_store_release(s.value, READ_ONCE(value) + 1); out[5] = smp_load_acquire(s.value);
        }
        const w = words.get(1);
        if (w) { WRITE_ONCE(w.value, 21); out[6] = smp_load_acquire(w.value); }
        smp_mb(); smp_rmb(); smp_wmb(); barrier();
        WRITE_ONCE(flag, true); out[7] = READ_ONCE(flag) ? 1 : 0;
        let local: u64 = 4; WRITE_ONCE(local, local + 1); out[8] = READ_ONCE(local);
        out[9] = smp_load_acquire(table[far]);`,
      )
      .runs([5, 22, 0, 3, 1, 8, 21, 1, 5, 0]);
  });

  it('evaluate the place before the value, each once', async () => {
    await state
      .globals(
        'let order: u64 = 0; function note(n: u64): u64 { order = order * 10 + n; return n; }',
      )
      .syscall(
        'WRITE_ONCE(table[note(2)], note(3)); out[0] = order; out[1] = table[2]; smp_store_release(table[note(9)], note(4)); out[2] = order;',
      )
      .runs([23, 3, 2394]);
  });

  it('take fields of the kernel', () => {
    state
      .enqueue(
        'value = READ_ONCE(p.scx.slice) + smp_load_acquire(p.scx.dsq_vtime); WRITE_ONCE(p.scx.slice, value);',
      )
      .accepts();
  });

  it('take no sums, bitfields or structs', () => {
    state.enqueue('value = READ_ONCE(«value + 1»);').rejects('SCX4050');
    state.enqueue('const s = slots.get(0); if (s) READ_ONCE(«s»);').rejects('SCX4050');
  });
});

/** The instructions of a program, as llvm-objdump prints them. */
function listing(objectPath: string, name: string): string[] {
  const text = execFileSync(
    findTool('llvm-objdump') ?? 'llvm-objdump',
    ['-d', '--no-show-raw-insn', objectPath],
    { encoding: 'utf8' },
  );
  const from = text.indexOf(`<${name}>:`);
  const end = text.indexOf('\n\n', from);
  return text.slice(from, end < 0 ? undefined : end).split('\n');
}
const stores = (lines: string[]): string[] =>
  lines.flatMap((l) => /\*\(u(32|64) \*\)\((r\d+) \+ \w+\) \+?= |lock /.exec(l)?.[0] ?? []);

describe('a sequence number', () => {
  const writer = (body: string): ReturnType<typeof program> =>
    program('let seq: u32 = 0; let a: u64 = 0; let b: u64 = 0;').ops(
      `running(p) { const now = bpf_ktime_get_ns(); ${body} }`,
    );

  it.each([
    ['as it is written down', 'seq += 1; a = now; b = now; seq += 1;'],
    ['with ++', 'seq++; a = now; b = now; seq++;'],
    [
      "by the kernel's names",
      'WRITE_ONCE(seq, seq + 1); smp_wmb(); a = now; b = now; smp_wmb(); WRITE_ONCE(seq, seq + 1);',
    ],
  ])('stays around what it guards, %s', async (_how, body) => {
    const { objectPath } = await writer(body).builds();
    const lines = listing(objectPath, 't_running');
    const widths = stores(lines).map((s) => /u(32|64)/.exec(s)?.[1] ?? 'lock');
    // x86's order: seq, a, b, seq. Where machines reorder, a fence is beside each.
    expect(widths.filter((w) => w !== 'lock')).toEqual(['32', '64', '64', '32']);
  });

  it('is fenced where machines reorder', async () => {
    const { objectPath } = await writer('smp_wmb(); a = now;').builds();
    expect(readFileSync(objectPath.replace(/o$/, 'c'), 'utf8')).toContain('scxts_strong()');
  });
});

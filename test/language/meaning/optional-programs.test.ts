import { expect, it } from 'vitest';
import { openObject } from '../../../native/runtime/index.js';
import { program } from '../../util/program.js';

const listeners = program(`
export const seen = counter('events');
export const on_nv = kprobe('nvidia_open', (regs) => { seen.inc(); }, { optional: true });
export const on_futex = tracepoint('syscalls/sys_enter_futex', (ctx) => { if (ctx.id && ctx.uaddr && ctx.op === ctx.args[1]) seen.inc(); }, { autoload: false });
export const on_pressure = tp_btf('hw_pressure_update', (cpu, pressure) => { if (pressure > 0 && cpu >= 0) seen.inc(); }, { optional: true });
export const on_exit = fentry('do_exit', (code) => { if (code !== 0) seen.inc(); }, { optional: true, autoload: false });
export const on_clock = perf_event('cpu-clock', (ctx) => { seen.inc(); }, { freq: 10, autoload: false });
export const walk = iter('task', (task, meta) => { if (task) seen.inc(); }, { autoload: false });
export const ask = syscall(() => { seen.inc(); return 0; }, { autoload: false });
`);

it('programs that are off by default are loaded when user space says so', async () => {
  const { objectPath } = await listeners.builds();
  const open = openObject(objectPath);
  const progs = open.progs as Record<string, { autoload: boolean; optional: boolean }>;
  const which = (key: 'autoload' | 'optional', value: boolean): string[] =>
    Object.keys(progs)
      .filter((name) => !name.startsWith('t_') && progs[name]![key] === value)
      .sort();
  expect(which('autoload', false)).toEqual(['ask', 'on_clock', 'on_exit', 'on_futex', 'walk']);
  expect(which('optional', true)).toEqual(['on_exit', 'on_nv', 'on_pressure']);
  const warnings: string[] = [];
  progs['ask']!.autoload = true;
  const loaded = open.loadWithoutScheduler({ onWarning: (text) => warnings.push(text) });
  try {
    // What this kernel has no event for is left out, and the rest is there.
    expect(warnings.join()).toContain('hw_pressure_update');
    (loaded.progs as Record<string, { run(): unknown }>)['ask']!.run();
    const counters = loaded.counters as Record<string, { total(): bigint }>;
    expect(Number(counters['seen']!.total())).toBe(1);
  } finally {
    loaded[Symbol.dispose]();
  }
});

it('an event that is nearly a known one is a slip', () => {
  program("export const on = tp_btf(«'sched_swich'», (preempt: bool) => {});").rejects('SCX4054');
});

it('its options are constants', () => {
  program(
    "let x: u64 = 0; export const on = kprobe('do_exit', (regs) => {}, { optional: «x > 3» });",
  ).rejects('SCX3004');
});

it('an iterator gives records', async () => {
  const { objectPath } = await program(
    "interface Row { pid: s32; weight: u32 } export const rows = iter('task', (task, meta) => { if (!task) return; const row: Row = { pid: task.pid, weight: 7 }; bpf_seq_write(meta.seq, row); });",
  ).builds();
  const loaded = openObject(objectPath).loadWithoutScheduler();
  try {
    const { rows } = loaded.progs as unknown as { rows: { readBytes(): Uint8Array } };
    const bytes = rows.readBytes();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const pids = Array.from({ length: bytes.length / 8 }, (_, i) => view.getInt32(i * 8, true));
    expect(pids).toContain(process.pid);
    expect(view.getUint32(4, true)).toBe(7);
  } finally {
    loaded[Symbol.dispose]();
  }
});

it('an iterator writes structs of the program only', () => {
  program(
    "export const rows = iter('task', (task, meta) => { if (task) bpf_seq_write(meta.seq, «task»); });",
  ).rejects('SCX2038');
});

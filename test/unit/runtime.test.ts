import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { openObject, ScxtsError } from '../../native/runtime/index.js';
import { applyFlags, configFlags } from '../../cli/flags.js';

const root = join(import.meta.dirname, '..', '..');
const out = mkdtempSync(join(tmpdir(), 'scxts-runtime-'));
let object = '';
let state = '';

beforeAll(async () => {
  object = (await buildFile(join(root, 'examples', 'simple.ts'), { outDir: out })).objectPath;
  state = (await buildFile(join(root, 'test', 'language', 'accepted', 'state.ts'), { outDir: out }))
    .objectPath;
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof ScxtsError ? error.code : String(error);
  }
  return undefined;
}

describe('an opened object', () => {
  it('tells its scheduler, config with help, counters and globals', () => {
    const open = openObject(object);
    expect(open.name).toBe('simple');
    expect(configFlags(open)).toMatchObject([
      { flag: '--fifo', help: 'FIFO instead of weighted vtime', type: 'bool', initial: false },
    ]);
    expect(open.info.counters.map((c) => c.name)).toEqual(['nr_local', 'nr_shared']);
    expect(open.globals).toHaveProperty('vtime_now', 0n);
    open[Symbol.dispose]();
  });

  it('opens from bytes as from a file', () => {
    expect(openObject(readFileSync(object)).name).toBe('simple');
  });

  it('takes elements of config tables one by one', async () => {
    const source = join(root, 'test', 'language', 'accepted', 'stranger-tables.ts');
    const open = openObject((await buildFile(source, { outDir: out })).objectPath);
    const { limits } = open.config as { limits: { dsq: bigint; slice: bigint; min: number }[] };
    limits[2]!.slice = 7n;
    limits[3] = { dsq: 1n, slice: 2n, min: 3 };
    expect(codeOf(() => (limits[2]!.min = -1))).toBe('ERR_VALUE');
    expect(codeOf(() => limits.push(limits[0]!))).toBe('ERR_RANGE');
    const now = (open.config as { limits: typeof limits }).limits;
    expect(now.map((l) => l.slice)).toEqual([0n, 0n, 7n, 2n, 0n, 0n, 0n, 0n]);
    expect([now[2]!.min, now[3]!.min, now.length]).toEqual([0, 3, 8]);
    open[Symbol.dispose]();
    expect(codeOf(() => (limits[0]!.min = 1))).toBe('ERR_CLOSED');
  });

  it('takes config, globals and ops of the right type only', () => {
    const open = openObject(object);
    const config = open.config as { fifo: unknown };
    config.fifo = true;
    expect(config.fifo).toBe(true);
    expect(codeOf(() => (config.fifo = 1))).toBe('ERR_VALUE');
    open.ops.timeout_ms = 5000;
    expect(open.ops.timeout_ms).toBe(5000);
    expect(codeOf(() => (open.ops.timeout_ms = 2 ** 32))).toBe('ERR_VALUE');
    expect(codeOf(() => (open.ops.flags = -1n))).toBe('ERR_VALUE');
  });

  it('reads and writes structs, arrays and nested values', () => {
    const globals = openObject(state).globals as { pair: unknown; hist: bigint[]; total: bigint };
    expect(globals.pair).toEqual({ a: 1, b: 2n });
    globals.pair = { a: 7, b: 8n };
    expect(globals.pair).toEqual({ a: 7, b: 8n });
    expect(globals.hist).toHaveLength(16);
    expect(codeOf(() => (globals.pair = { a: 7, c: 1 }))).toBe('ERR_VALUE');
  });

  it('is closed for good once disposed', () => {
    const open = openObject(object);
    open[Symbol.dispose]();
    open[Symbol.dispose]();
    expect(codeOf(() => ((open.config as { fifo: boolean }).fifo = true))).toBe('ERR_CLOSED');
    expect(codeOf(() => open.load())).toBe('ERR_CLOSED');
  });

  it('does not load where the kernel has no sched_ext, and says what to do', () => {
    const code = codeOf(() => openObject(object).load());
    expect(['ERR_NO_SCHED_EXT', 'ERR_PRIVILEGE', 'ERR_NO_KERNEL_BTF', undefined]).toContain(code);
  });
});

describe('objects that are none', () => {
  it.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['zeros', Buffer.alloc(4096)],
  ])('%s', (_name, bytes) => {
    expect(codeOf(() => openObject(bytes))).toBe('ERR_OPEN');
  });

  it('every 64th truncation of a real one is refused or opened, never a crash', () => {
    const whole = readFileSync(object);
    for (let n = 0; n < whole.length; n += 64) {
      const code = codeOf(() => openObject(whole.subarray(0, n))[Symbol.dispose]());
      expect(['ERR_OPEN', 'ERR_NO_BTF', undefined]).toContain(code);
    }
  });

  it('a file that is not there', () => {
    expect(codeOf(() => openObject('/nowhere/x.bpf.o'))).toBe('ERR_OPEN');
  });
});

describe('flags of a scheduler', () => {
  const set = (args: string[]): unknown => {
    const open = openObject(state);
    applyFlags(open, args);
    return (open.config as { limit: number }).limit;
  };

  it('are parsed by type and range', () => {
    expect(set(['--limit', '5'])).toBe(5);
    expect(set(['--limit=0x10'])).toBe(16);
    expect(() => set(['--limit', '-1'])).toThrow(/from 0 to 4294967295 \(u32\), not '-1'/);
    expect(() => set(['--limit'])).toThrow(/needs a value/);
    expect(() => set(['--nothing'])).toThrow(/has no flag '--nothing'; it has --limit/);
  });
});

// How a scheduler ends, with the words of real kernels (enum scx_exit_kind, docs/runtime.md), and in what kernels differ.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate, type Run, type SimulateOptions } from '../../../sim/index.js';
import { scratch } from '../../util/scratch.js';
import { importsFor } from '../../util/imports.js';

const folder = scratch('sim-ends');
let serial = 0;

/** A scheduler of these members; what it uses of scxts is imported. */
function scheduler(ops: string, globals = ''): string {
  const body = `${globals}\nexport default scheduler({ name: 'ends', ${ops} });\n`;
  const file = join(folder, `ends${serial++}.ts`);
  writeFileSync(file, `${importsFor(body)}\n${body}`);
  return file;
}

const HOGS: SimulateOptions = {
  ...{ machine: { cpus: 2 }, duration: '5s' },
  tasks: [{ name: 'hog', count: 4, run: 'forever' }],
};

const run = (ops: string, options: SimulateOptions = {}, globals = ''): Promise<Run> =>
  simulate(scheduler(ops, globals), { ...HOGS, ...options });

const FIFO =
  'init() { return scx_bpf_create_dsq(7, -1); }, enqueue(p, enq_flags) { scx_bpf_dsq_insert(p, 7, SCX_SLICE_DFL, enq_flags); }, dispatch() { scx_bpf_dsq_move_to_local(7, 0); }';

describe('a scheduler ends', () => {
  it('because a task was forgotten', async () => {
    const { exit } = await run(
      'timeout_ms: 1000, enqueue(p, enq_flags) { if (p.pid % 2) kept = p.pid; else scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags); }',
      {},
      // Kept, as far as check can tell.
      'let kept: s32 = 0;',
    );
    expect(exit).toMatchObject({ kindName: 'SCX_EXIT_ERROR_STALL', reason: 'runnable task stall' });
    expect(exit.message).toMatch(/^hog\[\d+\] failed to run for 1\.\d{3}s$/);
    expect(exit.at).toBeGreaterThanOrEqual(1e9);
    expect(exit.at).toBeLessThan(2e9);
    expect(exit.dump).toContain('CPU states');
  });

  it('because of a CPU that is none', async () => {
    const { exit } = await run('select_cpu(p, prev_cpu) { return 999; }', {
      tasks: [{ name: 'web', loop: [{ run: '1ms' }, { sleep: '1ms' }] }],
    });
    expect(exit).toMatchObject({
      ...{ kindName: 'SCX_EXIT_ERROR', reason: 'runtime error' },
      message: 'invalid CPU 999 from ops.select_cpu()',
    });
  });

  it.each([
    ['6.12', 'SCX_DSQ_LOCAL[_ON] verdict target cpu 1 not allowed for pinned['],
    ['6.18', 'SCX_DSQ_LOCAL[_ON] target CPU 1 not allowed for pinned['],
  ])('on Linux %s because a task may not run where it was put', async (kernel, message) => {
    const { exit } = await run(
      'enqueue(p, enq_flags) { const cpu = p.nr_cpus_allowed === 1 && !(p.flags & PF_KTHREAD) ? 1 : scx_bpf_task_cpu(p); scx_bpf_dsq_insert(p, u64(SCX_DSQ_LOCAL_ON | u64(cpu)), SCX_SLICE_DFL, enq_flags); }',
      { kernel, tasks: [{ name: 'pinned', cpus: [0], run: 'forever' }] },
    );
    expect(exit.message.startsWith(message)).toBe(true);
  });

  it('by itself, and it is told where', async () => {
    const { exit } = await run(`${FIFO}, stopping(p) { scx_bpf_error(\`stop at \${p.pid}\`); }`);
    expect(exit).toMatchObject({ kindName: 'SCX_EXIT_ERROR_BPF', reason: 'scx_bpf_error' });
    expect(exit.message).toMatch(/^stop at \d+$/);
    expect(exit.where).toMatch(/ends\d+\.ts:\d+/);
  });

  it('before it began', async () => {
    const failed = await run('init() { return -ENOMEM; }');
    expect(failed.exit.message).toBe('ops.init() failed (-12)');
    const twice = await run(
      'init() { const err = scx_bpf_create_dsq(7, -1); if (err) return err; return scx_bpf_create_dsq(7, -1); }',
    );
    expect(twice.exit.message).toBe('ops.init() failed (-17)');
  });

  it('because a CPU goes, unless it wants to know', async () => {
    const events = [{ at: '100ms', cpu: 1, online: false }];
    const { exit } = await run(FIFO, { events });
    expect(exit).toMatchObject({
      ...{ kindName: 'SCX_EXIT_UNREG_KERN', code: (1n << 48n) | (1n << 32n), error: false },
      message: 'cpu 1 going offline, exiting scheduler',
    });
    const stays = await run(`${FIFO}, cpu_offline(cpu) {}, cpu_online(cpu) {}`, {
      events: [...events, { at: '200ms', cpu: 1, online: true }],
    });
    expect(stays.exit.kindName).toBe('SCX_EXIT_UNREG');
    expect(stays.cpus[1]!.busy).toBeGreaterThan(0.9);
    expect(stays.cpus[1]!.busy).toBeLessThan(0.99);
  });
});

describe('kernels differ', () => {
  const COUNT = "export const n = counter('times');";

  it('in whom they tell that a queued task leaves', async () => {
    const count = async (kernel: string): Promise<number> =>
      (await run(`${FIFO}, dequeue(p) { n.inc(); }`, { kernel, duration: '1s' }, COUNT)).counters[
        'n'
      ]!;
    expect(await count('6.18')).toBe(0);
    expect(await count('7.3')).toBeGreaterThan(50);
  });

  it('in whether dispatch() is asked before an RT task runs', async () => {
    const count = async (kernel: string): Promise<number> => {
      const result = await run(
        `${FIFO.replace('dispatch() {', 'dispatch(cpu, prev) { if (!prev) n.inc();').replace('SCX_SLICE_DFL', 'NSEC_PER_MSEC')}`,
        {
          ...{ kernel, duration: '2s', machine: { cpus: 1 } },
          tasks: [
            { name: 'hog', count: 2, run: 'forever' },
            { name: 'rt', policy: 'fifo', loop: [{ run: '19ms' }, { sleep: '22500us' }] },
          ],
        },
        COUNT,
      );
      return result.counters['n']!;
    };
    // After the RT task there is nothing left to ask for.
    expect(await count('6.18')).toBeLessThan(5);
    expect(await count('7.3')).toBeGreaterThan(30);
  });
});

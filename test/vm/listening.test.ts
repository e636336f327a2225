import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm, type VmResult } from '../../vm/index.js';
import { buildScheduler, root } from './examples/build.js';
import { reportsOf, type Report } from './reports.js';

/** What a program of one kind did to the scheduler. */
interface Steered {
  kind: string;
  /** Links in the kernel while it is attached. */
  links: number;
  /** Tasks that went through its queue before it was attached, while it was, and after. */
  quiet: number;
  steered: number;
  after: number;
  /** Programs that are attached after its detach(). */
  attached: string[];
}
const CPUS = 2;

beforeAll(() => buildScheduler(join(root, 'test/vm/schedulers/listening.ts')), 120_000);

describe.each(['6.12', '6.18', 'newest'])('programs beside a scheduler on Linux %s', (kernel) => {
  let result: VmResult;
  let report: Report;

  beforeAll(async () => {
    result = await runInVm({
      kernel,
      cpus: CPUS,
      timeoutSec: 200,
      cwd: root,
      command: ['node', 'test/vm/listening-guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('ran to its end', () => {
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(report('end')).toMatchObject({ kind: 'SCX_EXIT_UNREG', state: 'disabled' });
  });

  it('are attached with it where the kernel has their target, with the cookies they were given', () => {
    const { present, heard } = report<{ present: string[]; heard: string[] }>('together');
    expect(heard).toEqual(present);
    // Kinds that every one of these kernels has.
    expect(present).toEqual(expect.arrayContaining(['tp_btf', 'raw_tp', 'tracepoint', 'fentry']));
    expect(present.length).toBeGreaterThanOrEqual(7);
  });

  it('send tasks to the queue of their cookie, each kind, only while they are attached', () => {
    const { kinds } = report<{ kinds: Steered[] }>('kinds');
    expect(kinds.length).toBeGreaterThanOrEqual(7);
    for (const { kind, links, quiet, steered, after, attached } of kinds) {
      expect({ kind, quiet, after, attached }).toEqual({ kind, quiet: 0, after: 0, attached: [] });
      expect(steered, kind).toBeGreaterThanOrEqual(5);
      expect(links, kind).toBe(kind === 'perf_event' ? CPUS : 1);
    }
  });

  it('run for each task and each cgroup when userspace reads them', () => {
    const { unread, steered, found, threads, cgroups } = report<{
      unread: number;
      steered: number;
      found: boolean[];
      threads: number;
      cgroups: string[];
    }>('iterators');
    expect(unread).toBe(0);
    expect(steered).toBeGreaterThanOrEqual(5);
    expect(found).toEqual([true, true]);
    // The kernel's own threads are there too.
    expect(threads).toBeGreaterThan(20);
    // The root, at least.
    expect(cgroups[0]).toMatch(/^0 [1-9]\d*$/);
  });

  it('are done without, with a warning by name, where their target is missing', () => {
    const { state, warnings } = report<{ state: string; warnings: string[] }>('kinds');
    expect(state).toBe('enabled');
    expect(warnings.some((w) => w.startsWith("program 'on_missing' is left out: "))).toBe(true);
    const others = warnings.filter((w) => !w.includes('on_missing'));
    if (others.length > 0) console.log(`Linux ${kernel} lacks: ${others.join('; ')}`);
  });
});

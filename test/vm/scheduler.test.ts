import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFile, createProject } from '../../codegen/index.js';
import { runInVm, type VmResult } from '../../vm/index.js';
import { generate } from '../soundness/generate.js';
import { builtBeside } from '../util/built-object.js';
import { callPrograms } from './kernel-calls.js';
import { reportLines, reportsOf, type NamedReport, type Report } from './reports.js';

const root = join(import.meta.dirname, '..', '..');
const accepted = join(root, 'test', 'language', 'accepted');
const programs = readdirSync(accepted).filter((f) => f.endsWith('.ts') && !f.endsWith('.skel.ts'));

/**
 * Random valid programs, of which `npm run test:soundness` tries more, and programs that call every function of
 * the kernel table wherever the table says they can.
 */
const generated = new Map<string, string>([
  ...Array.from({ length: 24 }, (_, i) => [`random_${i}`, generate(1000 + i)] as const),
  ...callPrograms().map((c) => [`calls_${c.spot}`, c.source] as const),
]);
const generatedDir = mkdtempSync(join(tmpdir(), 'scxts-generated-'));
afterAll(() => rmSync(generatedDir, { recursive: true, force: true }));

/** Kernels whose package holds their configuration, which kconfig<T>() needs. */
const HAS_KCONFIG = new Set(['6.18']);

interface Exit {
  kind: number;
  kindName: string;
  reason: string;
  message: string;
}

beforeAll(async () => {
  for (const [name, text] of generated) writeFileSync(join(generatedDir, `${name}.ts`), text);
  const sources = [...[...generated.keys()].map((name) => join(generatedDir, `${name}.ts`))];
  for (const source of [
    join(root, 'examples', 'simple.ts'),
    ...['stall', 'complain', 'reused'].map((n) =>
      join(root, 'test', 'vm', 'schedulers', `${n}.ts`),
    ),
    ...programs.map((p) => join(accepted, p)),
  ])
    await builtBeside(source);
  const project = createProject();
  for (const source of sources) {
    const built = await buildFile(source, { project });
    expect(built.diagnostics, source).toEqual([]);
    project.getSourceFile(source)?.forget();
  }
}, 900_000);

describe.each(['6.12', '6.18', 'newest'])('on Linux %s', (kernel) => {
  let result: VmResult;
  /** One for each object. */
  let objects: NamedReport[];
  let report: Report;

  beforeAll(async () => {
    const random = [...generated.keys()].map((name) => join(generatedDir, `${name}.bpf.o`));
    const written = programs.map((p) => `test/language/accepted/${p.replace(/\.ts$/, '.bpf.o')}`);
    result = await runInVm({
      kernel,
      cpus: 2,
      timeoutSec: 600,
      cwd: root,
      files: random,
      command: ['node', 'test/vm/guest.mjs', ...written, ...random],
    });
    objects = reportLines(result).filter((r) => r.name === 'object');
    report = reportsOf(result);
  }, 660_000);

  it('ran every scenario to its end', () => {
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
  });

  it.each(programs)('verifies %s', (program) => {
    const found = objects.find((r) =>
      String(r['path']).endsWith(`/${program.replace(/\.ts$/, '.bpf.o')}`),
    );
    if (program === 'kconfig.ts' && !HAS_KCONFIG.has(kernel) && found?.['ok'] === false) {
      // What a machine without its configuration file gets: a clear refusal, not libbpf's log.
      expect(String(found['error'])).toMatch(/reads the kernel's configuration/);
      return;
    }
    expect(found?.['ok'], String(found?.['error'])).toBe(true);
  });

  it('leaves out what the kernel lacks with a warning each, or not at all', () => {
    const found = objects.find((r) => String(r['path']).endsWith('/dsl-page-callbacks.bpf.o'));
    const bandwidth = 'cgroup_set_bandwidth() is ignored: it needs Linux 6.17 or later';
    const idle = 'cgroup_set_idle() is ignored: it needs Linux 6.19 or later';
    const lacking = { '6.12': [bandwidth, idle], '6.18': [idle] }[kernel];
    expect(found?.['warnings']).toEqual(lacking ?? []);
    expect(found?.['strict']).toBe(lacking ? 'ERR_KERNEL' : undefined);
  });

  it('starts new entries of maps without objects', () => {
    // From Linux 7.2 on their memory has those of entries that were deleted.
    const { made, stale } = report<{ made: number; stale: number }>('reused');
    expect(made).toBeGreaterThan(400);
    expect(stale).toBe(0);
  });

  it.each([...generated.keys()])('verifies the generated %s', (name) => {
    const found = objects.find((r) => String(r['path']).endsWith(`/${name}.bpf.o`));
    expect(found?.['ok'], `${String(found?.['error'])}\n${generated.get(name)}`).toBe(true);
  });

  it('schedules with simple, and the kernel says so', () => {
    const r = report<{
      attached: { state: string; ops: string };
      early: number;
      total: number;
      perCpu: number[];
      vtime: number;
      second: string;
      late: string;
      tasks: { kind: string; progress: number }[];
      exit: Exit;
      after: string;
    }>('simple');
    expect(r.attached.state).toBe('enabled');
    expect(r.attached.ops).toMatch(/^simple/);
    expect(r.early).toBeGreaterThan(0);
    expect(r.total).toBeGreaterThan(r.early);
    expect(r.perCpu).toHaveLength(2);
    expect(r.perCpu.every((n) => n > 0)).toBe(true);
    expect(r.vtime).toBeGreaterThan(0);
    expect(r.tasks).toHaveLength(6);
    expect(r.tasks.every((t) => t.progress > 0)).toBe(true);
    expect(r.second).toBe('ERR_BUSY');
    expect(r.late).toBe('ERR_PHASE');
    expect(r.exit.kindName).toBe('SCX_EXIT_UNREG');
    expect(r.after).toBe('disabled');
  });

  it('serves the command line', () => {
    const r = report<{
      code: number;
      lines: { type: string; counters?: Record<string, number> }[];
      wrong: string;
      wrongCode: number;
    }>('commandLine');
    expect(r.code).toBe(0);
    expect(r.lines.filter((l) => l.type === 'counters').length).toBeGreaterThanOrEqual(2);
    expect(r.lines.at(-1)?.type).toBe('exit');
    expect(r.lines[0]?.counters).toHaveProperty('nr_shared');
    expect(r.wrong).toMatch(/simple has no flag '--fifi'; it has --fifo/);
    expect(r.wrongCode).toBe(1);
  });

  it('leaves the default scheduler behind after SIGKILL', () => {
    expect(report('killed')).toMatchObject({ enabled: true, back: true });
  });

  it('detaches on SIGTERM', () => {
    const r = report<{ code: number; stderr: string; after: string }>('interrupted');
    expect(r).toMatchObject({ code: 0, after: 'disabled' });
    expect(r.stderr).toMatch(/simple ended: /);
  });

  it('reports a stall with the words of the watchdog', () => {
    const r = report<{ code: number; stderr: string; after: string }>('stall');
    // The watchdog's work is a task itself: where it gets no CPU either, the timer tick says so.
    expect(r.stderr).toMatch(
      /the kernel ended stall: runnable task stall \(.*failed to (run|check in) for .*s\)/,
    );
    expect(r).toMatchObject({ code: 1, after: 'disabled' });
  });

  it('reports what the scheduler itself complains of', () => {
    const r = report<{ code: number; stderr: string; after: string }>('complain');
    expect(r.stderr).toMatch(/the kernel ended complain: .*\(gave up after 20 tasks in \S+.*\)/);
    expect(r).toMatchObject({ code: 1, after: 'disabled' });
  });
});

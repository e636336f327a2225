import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInVm } from '../../vm/index.js';
import { buildSchedulers, CASES, endingOn, KERNELS } from '../selftests/cases.js';
import { modelSequences, named, type Sequences } from '../selftests/sequences.js';
import { reportLines } from './reports.js';

const root = join(import.meta.dirname, '..', '..');

/** What test/selftests/guest.mjs says of a case. */
interface Ended {
  of: string;
  exit?: { kindName: string; message: string; code: string };
  counters?: Record<string, number>;
  refused?: { code: string; message: string };
}

let objects: Map<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'scxts-selftests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  objects = await buildSchedulers();
}, 180_000);

/**
 * The one difference: on 6.18 and 7.3 a task that exits sleeps once more as it gives back what it had. It is exiting, so that the kernel
 * queues it by itself. The model's exit in one go.
 */
function withoutSleepOfExit(calls: string[]): string[] {
  const sleep = ['runnable', 'running', 'stopping', 'quiescent'];
  const at = calls.lastIndexOf('disable') - sleep.length;
  const sleeps = sleep.every((call, i) => calls[at + i] === call);
  return sleeps ? [...calls.slice(0, at), ...calls.slice(at + sleep.length)] : calls;
}

describe.each(KERNELS)('sched_ext selftests on Linux %s', (kernel) => {
  const cases = CASES.filter((c) => !c.not?.includes(kernel));
  let ended: Ended[];
  let recorded: Record<keyof Sequences, number[]>;

  beforeAll(async () => {
    const list = join(folder, `cases-${kernel}.json`);
    const told = cases.map((c) => ({
      ...{ name: c.name, object: objects.get(c.scheduler), lost: c.scheduler === 'stall' },
      ...{ config: c.config, program: c.program, hotplug: c.hotplug },
    }));
    const text = (_: string, v: unknown): unknown => (typeof v === 'bigint' ? String(v) : v);
    writeFileSync(list, JSON.stringify({ cases: told, sequences: objects.get('sequences') }, text));
    const result = await runInVm({
      ...{ kernel: kernel === '7.3' ? 'newest' : kernel, cpus: 2, timeoutSec: 240, cwd: root },
      files: [list, ...new Set(objects.values())],
      command: ['node', 'test/selftests/guest.mjs', list],
    });
    const lines = reportLines(result);
    ended = lines.filter((r) => r.name === 'case') as unknown as Ended[];
    recorded = lines.find((r) => r.name === 'sequences') as never;
    expect(result.stderr, `after '${ended.at(-1)?.of}'`).toBe('');
    expect(result.exitCode).toBe(0);
  }, 260_000);

  it('makes the callbacks of a task in the order of the model', async () => {
    const model = await modelSequences(objects.get('sequences')!, kernel);
    expect(withoutSleepOfExit(named(recorded.seqA))).toEqual(model.seqA);
    expect(withoutSleepOfExit(named(recorded.seqB))).toEqual(model.seqB);
  });

  it.each(cases)('$name', (of) => {
    const ends = endingOn(of, kernel);
    const found = ended.find((e) => e.of === of.name);
    expect(found, 'the guest said nothing of it').toBeDefined();
    const { exit, refused, counters } = found!;
    expect(refused).toBeUndefined();
    expect(exit!.kindName).toBe(`SCX_EXIT_${ends.kind}`);
    expect(exit!.message).toMatch(ends.message ?? /^/);
    expect(exit!.code).toBe(String(ends.code ?? 0n));
    if (of.counters) expect(of.counters(counters!), JSON.stringify(counters)).toBe(true);
  });
});

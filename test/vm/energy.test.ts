import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runInVm, type VmResult } from '../../vm/index.js';
import { buildScheduler } from './examples/build.js';
import { reportsOf, type Report } from './reports.js';

const root = join(import.meta.dirname, '..', '..');

interface Shares {
  /** Busy share of each CPU. */
  busy: number[];
  /** Of the busy time of all CPUs, how much fell to each. */
  of: number[];
}
/** What fell to the first half of the CPUs. */
const lower = ({ of }: Shares): number => of.slice(0, of.length / 2).reduce((a, b) => a + b, 0);
type Counters = Record<string, number>;

beforeAll(() => buildScheduler(join(root, 'examples', 'eas.ts')));

describe.each(['6.12', '6.18', 'newest'])('energy-aware placement on Linux %s', (kernel) => {
  let result: VmResult;
  let report: Report;

  beforeAll(async () => {
    result = await runInVm({
      kernel,
      cpus: 4,
      timeoutSec: 230,
      cwd: root,
      command: ['node', 'test/vm/energy/guest.mjs'],
    });
    report = reportsOf(result);
  });

  it('ran to its end', () => {
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(report('end')).toMatchObject({ kind: 'SCX_EXIT_UNREG', disabled: true });
  });

  it('reads the model below the injected root', () => {
    const { nr } = report<{ nr: number }>('model');
    expect(report('model')).toMatchObject({
      source: 'kernel',
      domains: [
        [nr === 2 ? [0] : [0, 1], 462],
        [nr === 2 ? [1] : [2, 3], 1024],
      ],
      classes: ['little', 'big'],
      mode: 'model',
    });
  });

  it('puts little work on the little CPUs of the model, and elsewhere when the model says so', () => {
    const littles = report<Shares & { counters: Counters }>('littles');
    expect(littles.counters['nr_model']).toBeGreaterThan(50);
    expect(lower(littles)).toBeGreaterThan(0.7);
    const swapped = report<Shares & { counters: Counters }>('swapped');
    expect(1 - lower(swapped)).toBeGreaterThan(0.7);
  });

  it('spreads over all CPUs when one is over-utilised', () => {
    const full = report<Shares & { before: Counters; after: Counters; overutilised: boolean }>(
      'full',
    );
    expect(full.overutilised).toBe(true);
    expect(full.after['nr_over']! - full.before['nr_over']!).toBeGreaterThan(20);
    for (const busy of full.busy) expect(busy).toBeGreaterThan(0.6);
  });

  it('without a model packs an idle machine and spreads a full one', () => {
    const blind = report<{
      model: null;
      looks: { pack: boolean; mode: string; inputs: { utilisation: number; waiting: number } }[];
      packed: Shares;
      packedBefore: number;
      packedAfter: number;
    }>('blind');
    expect(blind.model).toBeNull();
    expect(blind.looks[0]).toMatchObject({ pack: true, mode: 'pack' });
    expect(blind.packedAfter - blind.packedBefore).toBeGreaterThan(20);
    expect(blind.looks.at(-1)).toMatchObject({ pack: false, mode: 'spread' });
    expect(blind.looks.at(-1)!.inputs.utilisation).toBeGreaterThan(0.8);
  });

  it('packs nothing on a CPU that is offline', () => {
    const fewer = report<{ online: string; looks: number; packed: number; spread: number }>(
      'fewer',
    );
    const { nr } = report<{ nr: number }>('model');
    expect(fewer.online).toBe(nr === 2 ? '0' : `0-${nr - 2}`);
    expect(fewer.looks).toBe(nr - 1);
    expect(fewer.spread).toBeGreaterThan(10);
    expect(fewer.packed).toBeLessThan(fewer.spread / 5);
  });
});

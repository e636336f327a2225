import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FrequencyHints, HintError } from '../../components/cpufreq/index.js';

const repo = join(import.meta.dirname, '..', '..');
let root: string;
let stateFile: string;
const policy = (n: number, file: string): string =>
  join(root, 'sys/devices/system/cpu/cpufreq', `policy${n}`, file);
const read = (n: number, file: string): string => readFileSync(policy(n, file), 'utf8').trim();
const GOVERNOR = 'scaling_governor';
const PREFERENCE = 'energy_performance_preference';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'scxts-cpufreq-'));
  stateFile = join(root, 'run', 'cpufreq.json');
  for (const n of [0, 4]) {
    mkdirSync(policy(n, '.'), { recursive: true });
    writeFileSync(policy(n, GOVERNOR), 'powersave\n');
    writeFileSync(policy(n, 'scaling_available_governors'), 'performance powersave schedutil\n');
    writeFileSync(policy(n, PREFERENCE), 'balance_performance\n');
    writeFileSync(policy(n, 'scaling_min_freq'), `${n ? 900_000 : 500_000}\n`);
    writeFileSync(policy(n, 'scaling_max_freq'), '2000000\n');
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const open = (): FrequencyHints => new FrequencyHints({ root, stateFile });

describe('hints', () => {
  it('are set and put back', () => {
    const hints = open();
    expect(hints.policies().sort()).toEqual(['policy0', 'policy4']);
    hints.set({ governor: 'schedutil', preference: 'power', maxKhz: 1_000_000 });
    hints.set({ minKhz: 700_000 }, ['policy0']);
    expect([read(0, GOVERNOR), read(4, PREFERENCE), read(0, 'scaling_min_freq')]).toEqual([
      'schedutil',
      'power',
      '700000',
    ]);
    expect(read(4, 'scaling_min_freq')).toBe('900000');
    hints.restore();
    expect([read(0, GOVERNOR), read(4, PREFERENCE), read(0, 'scaling_min_freq')]).toEqual([
      'powersave',
      'balance_performance',
      '500000',
    ]);
    expect(existsSync(stateFile)).toBe(false);
  });

  it('are put back to the first value, however often they were set', () => {
    const hints = open();
    hints.set({ governor: 'schedutil' });
    hints.set({ governor: 'performance' });
    hints.restore();
    expect(read(0, GOVERNOR)).toBe('powersave');
  });

  it('leave alone what somebody else has changed since', () => {
    const hints = open();
    hints.set({ governor: 'schedutil' });
    writeFileSync(policy(4, GOVERNOR), 'performance\n');
    hints.restore();
    expect([read(0, GOVERNOR), read(4, GOVERNOR)]).toEqual(['powersave', 'performance']);
  });

  it('say what a driver offers, and what a machine lacks', () => {
    using hints = open();
    expect(() => hints.set({ governor: 'ondemand' })).toThrow(
      "policy0 has no scaling_governor 'ondemand'; it has performance, powersave, schedutil",
    );
    rmSync(policy(0, PREFERENCE));
    expect(() => hints.set({ preference: 'power' })).toThrow(HintError);
    expect(() => hints.set({ preference: 'power' })).toThrow(/policy0 has no energy_perf/);
  });

  it('set the bound first that makes room for the other one', () => {
    using hints = open();
    // The kernel refuses a least frequency above the most, so the order of changes tells.
    hints.set({ minKhz: 2_500_000, maxKhz: 3_000_000 }, ['policy0']);
    hints.set({ minKhz: 100_000, maxKhz: 200_000 }, ['policy4']);
    const { changes } = JSON.parse(readFileSync(stateFile, 'utf8')) as {
      changes: { path: string }[];
    };
    expect(changes.map((c) => c.path.replace(/.*cpufreq./, ''))).toEqual([
      'policy0/scaling_max_freq',
      'policy0/scaling_min_freq',
      'policy4/scaling_min_freq',
      'policy4/scaling_max_freq',
    ]);
  });

  it('are refused, with the file that is to be looked at, where what was noted is damaged', () => {
    mkdirSync(join(root, 'run'));
    for (const text of ['{', 'null', '[]', '{"pid": 1}']) {
      writeFileSync(stateFile, text);
      expect(open).toThrow(HintError);
      expect(open).toThrow(`${stateFile} is damaged`);
    }
  });

  it('of a machine without a frequency driver are none', () => {
    rmSync(join(root, 'sys'), { recursive: true });
    using hints = open();
    hints.set({ governor: 'schedutil' });
    expect(hints.policies()).toEqual([]);
  });
});

/** Runs code that sets hints in another process, as `scxts run` would; gives it once it has set them. */
async function other(
  code: string,
  before = '',
): Promise<{ kill: (s: NodeJS.Signals) => Promise<number | null> }> {
  const script = `
    import { FrequencyHints } from '${repo}/dist/components/cpufreq/index.js';
    ${before}
    const hints = new FrequencyHints(${JSON.stringify({ root, stateFile })});
    hints.set({ governor: 'performance', preference: 'performance' });
    console.log('set');
    ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return {
    kill: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
const WAIT = 'setInterval(() => undefined, 1000);';
const both = (): string[] => [read(0, GOVERNOR), read(4, PREFERENCE)];

describe('whatever happens to the process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s puts them back', async (signal) => {
    const child = await other(WAIT);
    expect(both()).toEqual(['performance', 'performance']);
    await child.kill(signal);
    expect(both()).toEqual(['powersave', 'balance_performance']);
  });

  it.each(['once', 'on'])(
    'who handles the signal itself (%s) ends as it wants to',
    async (when) => {
      const end = `process.${when}('SIGTERM', () => setTimeout(() => process.exit(7), 100));`;
      for (const [before, after] of [
        [end, WAIT],
        ['', end + WAIT],
      ]) {
        const child = await other(after!, before);
        expect(await child.kill('SIGTERM')).toBe(7);
        expect(both()).toEqual(['powersave', 'balance_performance']);
      }
    },
  );

  it('its end, or an exception, puts them back', async () => {
    for (const code of [
      'process.exit(3);',
      "process.on('uncaughtException', () => process.exit(1)); throw new Error('x');",
    ]) {
      const child = await other(code);
      await child.kill('SIGCONT');
      expect(both()).toEqual(['powersave', 'balance_performance']);
    }
  });

  it('after SIGKILL the next start puts them back', async () => {
    const child = await other(WAIT);
    await child.kill('SIGKILL');
    expect(both()).toEqual(['performance', 'performance']);
    using hints = open();
    expect(hints.recovered).toHaveLength(4);
    expect(both()).toEqual(['powersave', 'balance_performance']);
    expect(existsSync(stateFile)).toBe(false);
  });

  it('also if it died between noting a change and making or knowing it', async () => {
    const child = await other(WAIT);
    await child.kill('SIGKILL');
    const state = JSON.parse(readFileSync(stateFile, 'utf8')) as {
      changes: { after?: string }[];
    };
    for (const change of state.changes) delete change.after;
    writeFileSync(stateFile, JSON.stringify(state));
    using _hints = open();
    expect(both()).toEqual(['powersave', 'balance_performance']);
  });

  it('while it runs nobody else may set hints', async () => {
    const child = await other(WAIT);
    expect(open).toThrow(/process \d+ has set frequency hints .* and still runs/);
    await child.kill('SIGTERM');
    expect(open).not.toThrow();
  });

  it('what another boot has noted is forgotten', async () => {
    const child = await other(WAIT);
    await child.kill('SIGKILL');
    const state = JSON.parse(readFileSync(stateFile, 'utf8')) as object;
    writeFileSync(stateFile, JSON.stringify({ ...state, boot: 'another' }));
    using hints = open();
    expect(hints.recovered).toEqual([]);
    expect(both()).toEqual(['performance', 'performance']);
  });
});

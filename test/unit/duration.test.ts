import { execaNode } from 'execa';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { durationMs } from '../../native/runtime/index.js';
import { nsOf } from '../../sim/load/duration.js';

const bin = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'bin.js');

describe('times', () => {
  it('are seconds, or have a unit', () => {
    const times = {
      '30': 30_000,
      '0.5': 500,
      '.5s': 500,
      '500ms': 500,
      '10s': 10_000,
      ' 5 m ': 300_000,
    };
    const longOnes = {
      '2h': 7_200_000,
      '25d': 2_160_000_000,
      '10000d': 864e9,
      '250us': 0.25,
      '7µs': 0.007,
    };
    for (const [text, ms] of Object.entries({ ...times, ...longOnes }))
      expect(durationMs(text, '--x'), text).toBeCloseTo(ms, 9);
  });

  it('are refused where they are none, too long, or nothing', () => {
    for (const text of [
      '',
      's',
      '-1',
      '1e3',
      '0x10',
      '5 parsecs',
      '1m30s',
      'Infinity',
      'NaN',
      '1,5',
      '٣',
    ])
      expect(() => durationMs(text, '--x'), text).toThrow(/^--x takes a time above 0, not '/);
    expect(() => durationMs('0', '--x')).toThrow('--x takes a time above 0');
    expect(durationMs('0', '--x', { zero: true })).toBe(0);
    expect(durationMs('10m', '--x', { most: 600_000 })).toBe(600_000);
    expect(() => durationMs('601', '--x', { most: 600_000 })).toThrow(
      "--x takes a time above 0 and at most 600s, not '601'",
    );
  });

  it('of a description of a load are ns unless they have a unit', () => {
    expect([nsOf(1500, 'at'), nsOf('1500ns', 'at'), nsOf('2h', 'at')]).toEqual([
      1500, 1500, 7.2e12,
    ]);
    expect(() => nsOf('1500', 'at')).toThrow('at: "1500" is no time');
  });

  it('are read the same way by each command', async () => {
    const commands = [
      ['stop', '--timeout'],
      ['trace', '--duration'],
      ['sim', 'none', '--duration'],
      ['vm', '--timeout', '1 parsec', '--', 'true'],
    ];
    for (const [name, ...args] of commands) {
      const given = args.includes('--') ? args : [...args, '1 parsec'];
      const { exitCode, stderr } = await execaNode(bin, [name!, ...given], { reject: false });
      expect(exitCode, name).not.toBe(0);
      expect(stderr).toMatch(
        /takes a time above 0.*, not '1 parsec'\n {2}hint: a time is 30 \(seconds\)/,
      );
    }
    const { stdout } = await execaNode(bin, [
      'sim',
      'none',
      '--cpus',
      '1',
      '--duration',
      '20ms',
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject([{ duration: 20e6 }]);
  });
});

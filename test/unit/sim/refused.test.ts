// What cannot be run is refused in words, before anything runs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLoad, SimError, simulate, type SimulateOptions } from '../../../sim/index.js';
import { scratch } from '../../util/scratch.js';

const folder = scratch('sim-refused');
const error = async (options: object): Promise<SimError> =>
  simulate(null, options as SimulateOptions).then(
    () => expect.fail('it ran'),
    (e: unknown) => {
      expect(e).toBeInstanceOf(SimError);
      return e as SimError;
    },
  );
const tasks = (...list: object[]): object => ({ tasks: list });

describe('simulate() refuses', () => {
  it.each<[object, RegExp]>([
    [{ machine: { cpus: 0 } }, /'cpus' is 0, not a whole number from 1 to 1024/],
    [{ machine: { cpus: 3, threads: 2 } }, /3 cannot be divided into 2 threads/],
    [{ machine: { cpus: 4, llcs: 3 } }, /4 cannot be divided into 3 last-level caches/],
    [{ machine: { cpus: 2, offline: [0, 1] } }, /every CPU of the machine is offline/],
    [{ machine: { cpus: 2, capacities: [1024] } }, /2 CPUs and 1 capacities/],
    [{ machine: { cores: 2 } }, /a machine has no 'cores'/],
    [{ machine: { cpus: 2, domains: [{ cpus: '0', states: [] }] } }, /has no states/],
    [{ kernel: '5.4' }, /no model of Linux 5\.4/],
    [{ duration: '10 parsecs' }, /"10 parsecs" is no time/],
    [{ seed: -1 }, /the seed is -1/],
    [{ costs: { teleport: 1 } }, /no cost 'teleport'/],
    [{ colour: 'red' }, /simulate\(\) knows no 'colour'/],
    [tasks({ name: 'a' }), /tasks 'a' has neither 'run' nor 'loop'/],
    [tasks({ name: 'a', run: 'forever', loop: [] }), /both 'run' and 'loop'/],
    [tasks({ name: 'a', loop: [] }), /loop is empty/],
    [tasks({ name: 'a', loop: [{ jump: 1 }] }), /\{"jump":1\} is no step/],
    [tasks({ name: 'a', loop: [{ sleep: ['3ms', '1ms'] }] }), /'1ms' is less than '3ms'/],
    [tasks({ name: 'a', run: '1ms' }, { name: 'a', run: '1ms' }), /two groups 'a'/],
    [tasks({ name: 'a', run: '1ms', cpus: '9' }), /there is no CPU 9/],
    [tasks({ name: 'a', run: '1ms', nice: 30 }), /nice is 30/],
    [tasks({ name: 'a', loop: [{ fork: 'b' }] }), /fork 'b', which is no group/],
    [tasks({ name: 'a', run: '1ms', speed: 2 }), /have no 'speed'/],
    [tasks({ name: 'a', loop: [{ wake: 'w' }] }), /steps without running or sleeping/],
    [
      tasks({ name: 'a', loop: [{ run: '1ms' }, { unlock: 'l' }] }),
      /unlocks 'l', which it does not/,
    ],
    [
      { ...tasks({ name: 'a', run: '1ms' }), events: [{ at: '1ms', task: 'b', nice: 1 }] },
      /there are no tasks 'b'/,
    ],
    [
      {
        ...tasks({ name: 'a', run: 'forever' }),
        machine: { cpus: 1 },
        events: [{ at: '1ms', cpu: 0, online: false }],
      },
      /CPU 0 is the last one online/,
    ],
  ])('%j', async (options, message) => {
    expect((await error({ duration: '10ms', ...options })).message).toMatch(message);
  });

  it('files that are no schedulers and no loads', async () => {
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    await expect(simulate(join(folder, 'none.ts'))).rejects.toThrow(/there is no file/);
    await expect(simulate(write('a.txt', ''))).rejects.toThrow(/neither a scheduler's source/);
    await expect(simulate(write('a.bpf.o', 'text'))).rejects.toThrow(SimError);
    await expect(simulate(write('b.ts', 'export const x: number = "a";'))).rejects.toThrow(
      /cannot be built/,
    );
    expect(() => readLoad(write('a.json', '{'))).toThrow(/cannot read the load/);
    expect(() => readLoad(write('b.json', '{"jobs": []}'))).toThrow(/holds no load/);
    expect(() => readLoad(write('c.json', '{"tasks": {"a": {"loop": 1, "fly": 3}}}'))).toThrow(
      /tasks\.a\.fly: is no event/,
    );
  });
});

it('reads loads of rt-app', async () => {
  const file = join(folder, 'rt.json');
  // After the examples of rt-app's tutorial.
  writeFileSync(
    file,
    JSON.stringify({
      tasks: {
        thread0: { instance: 2, loop: -1, run: 2000, timer: { ref: 'tick', period: 10_000 } },
        thread1: {
          priority: -10,
          loop: 1,
          phases: {
            light: { loop: 10, run: 1000, sleep: 9000 },
            heavy: { loop: 10, run: 7000, sleep: 3000, cpus: [1] },
          },
        },
        thread2: { loop: -1, lock: 'm', wait: { ref: 'q', mutex: 'm' }, unlock: 'm', run: 500 },
        thread3: { loop: -1, run: 100, signal: 'q', sleep: 5000 },
      },
      global: { duration: 2 },
    }),
  );
  const run = await simulate(null, {
    ...{ ...readLoad(file), machine: { cpus: 2 }, duration: '1s' },
  });
  expect(run.group('thread0').share).toBeCloseTo((2 * 0.2) / 2, 1);
  expect(run.group('thread1').cpuTime / 1e6).toBeCloseTo(80, 0);
  expect(run.group('thread2').latency.count).toBeGreaterThan(150);
});

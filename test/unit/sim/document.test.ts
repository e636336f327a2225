import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';
import { expect, it } from 'vitest';
import { readLoad, simulate } from '../../../sim/index.js';
import { machineOf, type MachineDescription } from '../../../sim/machine/machine.js';
import { project, typeErrors } from '../user-project.js';
import { scratch } from '../../util/scratch.js';

const root = join(import.meta.dirname, '../../..');
const dir = scratch('sim-docs');

const page = readFileSync(join(root, 'docs/sim.md'), 'utf8');
const blocks = (tag: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${tag}\\n([^]*?)^\`\`\``, 'gm'))].map((m) => m[1]!);

it('the test of docs/sim.md type-checks and holds', async () => {
  const [snippet, ...others] = blocks('ts');
  expect(others).toEqual([]);
  const { folder, write } = project(dir, 'page');
  symlinkSync(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'));
  write('page.test.ts', snippet!);
  expect(await typeErrors(folder, ['page.test.ts'])).toBe('');
  const body = /async \(\) => \{\n([^]*)\n\}\);/.exec(snippet!)![1]!;
  const script = ts.transpile(`async function test() {\n${body}\n}`, {
    target: ts.ScriptTarget.ES2022,
  });
  const example = (file: string, options: Parameters<typeof simulate>[1]): unknown =>
    simulate(join(root, 'examples', file), options);
  const run = new Function('simulate', 'expect', `${script}; return test();`) as (
    ...given: unknown[]
  ) => Promise<void>;
  await run(example, expect);
}, 60_000);

it('the machine and the load of docs/sim.md can be', async () => {
  const [machine, load] = blocks('json');
  expect(machineOf(JSON.parse(machine!) as MachineDescription).cpus).toBe(64);
  const file = join(dir, 'load.json');
  writeFileSync(file, load!);
  const run = await simulate(null, { ...readLoad(file), duration: '300ms', machine: { cpus: 4 } });
  expect(run.group('writer').cpuTime).toBeGreaterThan(0);
  expect(run.group('reader').latency.count).toBeGreaterThan(50);
});

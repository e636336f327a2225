// docs/concepts: what is said there of programs is tried.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTool } from '../../codegen/toolchain/clang.js';
import { simulate, type SimulateOptions } from '../../sim/index.js';
import { scratch } from '../util/scratch.js';

const root = join(import.meta.dirname, '../..');
const dir = scratch('concepts');

it('the TypeScript and the C of c-and-rust.md decide alike', async () => {
  const page = readFileSync(join(root, 'docs/concepts/c-and-rust.md'), 'utf8');
  const snippet = (language: string): string =>
    new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(page)![1]!;
  const ours = join(dir, 'woken.ts');
  writeFileSync(ours, snippet('ts'));
  const source = join(dir, 'theirs.bpf.c');
  writeFileSync(source, snippet('c'));
  const theirs = join(dir, 'theirs.bpf.o');
  // What people who build scx do.
  const flags = ['-target', 'bpf', '-mcpu=v3', '-D__TARGET_ARCH_x86', '-O2', '-g', '-Wall'];
  const quiet = ['-Wno-incompatible-pointer-types', '-Wno-missing-declarations'];
  execFileSync(findTool('clang')!, [
    ...[...flags, ...quiet, '-I', join(root, 'test/guide')],
    ...['-c', source, '-o', theirs],
  ]);

  const options: SimulateOptions = {
    ...{ machine: { cpus: 2 }, duration: '2s', config: { slice_ns: 3_000_000 } },
    // How long a callback takes differs, and what it does must not.
    costs: { instruction: 0 },
    tasks: [
      { name: 'hog', count: 5, run: 'forever' },
      { name: 'web', count: 4, loop: [{ run: ['100us', '2ms'] }, { sleep: '7ms' }] },
    ],
  };
  const a = await simulate(ours, options);
  const b = await simulate(theirs, options);
  expect(a.group('web').latency.count).toBeGreaterThan(300);
  expect(b.exit).toMatchObject({ error: false, kindName: 'SCX_EXIT_UNREG' });
  expect(b.events).toBe(a.events);
  expect(b.hash).toBe(a.hash);
}, 60_000);

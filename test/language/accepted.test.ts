import { execaSync } from 'execa';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFile } from '../../codegen/index.js';
import { findTool } from '../../codegen/toolchain/clang.js';
import { builtObject } from '../util/built-object.js';

const accepted = join(import.meta.dirname, 'accepted');
const programs = readdirSync(accepted).filter((f) => f.endsWith('.ts') && !f.endsWith('.skel.ts'));
const simple = join(import.meta.dirname, '..', '..', 'examples', 'simple.ts');
const out = mkdtempSync(join(tmpdir(), 'scxts-accepted-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const clangs = [16, 17, 18, 19].map((v) => `/usr/bin/clang-${v}`).filter((p) => existsSync(p));
const chosen = findTool('clang');
const others = clangs.filter(
  (p) => chosen === undefined || realpathSync(p) !== realpathSync(chosen),
);

// The verifiers of real kernels have their say in test/vm.
describe.each(programs)('%s', (program) => {
  it('compiles without a warning with every clang here', async () => {
    expect(clangs.length).toBeGreaterThan(0);
    // Kept for test/vm/scheduler.test.ts, which loads it.
    const object = await builtObject(join(accepted, program));
    for (const made of ['bpf.c', 'bpf.o', 'skel.ts'])
      expect(existsSync(object.replace(/bpf\.o$/, made))).toBe(true);
    for (const clang of others) {
      process.env['CLANG'] = clang;
      const built = await buildFile(join(accepted, program), { outDir: out });
      expect(built.diagnostics, clang).toEqual([]);
      expect(built.files.map((f) => f.path.slice(f.path.indexOf('.') + 1))).toEqual([
        'bpf.c',
        'bpf.o',
        'skel.ts',
      ]);
    }
    delete process.env['CLANG'];
  });
});

describe('the generated files', () => {
  it('speak TypeScript in the line information', async () => {
    const built = await buildFile(simple, { outDir: out });
    const objdump = ['llvm-objdump-19', 'llvm-objdump-16', 'llvm-objdump']
      .map((n) => `/usr/bin/${n}`)
      .find((p) => existsSync(p));
    if (!objdump) throw new Error('llvm-objdump is missing: install llvm-19');
    const { stdout } = execaSync(objdump, ['-S', built.objectPath]);
    expect(stdout).toContain('vtime = vtime_now - SCX_SLICE_DFL');
    expect(statSync(built.objectPath).size).toBeLessThan(40 * 1024);
  });

  it('need no vmlinux.h and no scxts header', async () => {
    await buildFile(simple, { outDir: out });
    const includes = readFileSync(join(out, 'simple.bpf.c'), 'utf8').match(/^#include .*$/gm);
    expect(includes).toEqual([
      '#include <bpf/bpf_helpers.h>',
      '#include <bpf/bpf_core_read.h>',
      '#include <bpf/bpf_tracing.h>',
    ]);
  });

  it('hold a large function that is called from several places once', async () => {
    await buildFile(join(accepted, 'large-functions.ts'), { outDir: out });
    const c = readFileSync(join(out, 'large-functions.bpf.c'), 'utf8');
    expect(c).toMatch(/static __noinline u64 score\(/);
  });

  it('make the call that a callback without result returns', async () => {
    await buildFile(join(accepted, 'stranger-terse.ts'), { outDir: out });
    const c = readFileSync(join(out, 'stranger-terse.bpf.c'), 'utf8').replace(/^#line.*\n/gm, '');
    expect(c).toMatch(/terse_enqueue[^}]*\tscxts_dsq_insert\(p, 2, /);
  });

  it('keep the tracking of idle CPUs on where they ask for one', async () => {
    await buildFile(join(accepted, 'stranger-statistics.ts'), { outDir: out });
    const c = readFileSync(join(out, 'stranger-statistics.bpf.c'), 'utf8');
    expect(c).toMatch(/\.flags = SCX_OPS_KEEP_BUILTIN_IDLE___v,/);
  });

  it('are not written at all when there is an error', async () => {
    const bad = join(out, 'bad.ts');
    writeFileSync(
      bad,
      "import { scheduler } from 'scxts';\nexport default scheduler({ name: 'bad', enqueue(p) { throw p; } });\n",
    );
    const before = readdirSync(out).sort();
    const built = await buildFile(bad, { outDir: out });
    expect(built.ok).toBe(false);
    expect(readdirSync(out).sort()).toEqual(before);
  });

  it('say what is wrong when clang is missing or too old', async () => {
    const old = join(out, 'clang-14');
    writeFileSync(old, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    process.env['CLANG'] = old;
    const tooOld = await buildFile(simple, { outDir: out });
    process.env['CLANG'] = join(out, 'nothing-here');
    const missing = await buildFile(simple, { outDir: out });
    delete process.env['CLANG'];
    expect(tooOld.diagnostics.map((d) => d.code)).toEqual(['SCX5002']);
    expect(missing.diagnostics.map((d) => d.code)).toEqual(['SCX5001']);
  });
});

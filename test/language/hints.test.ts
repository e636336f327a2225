import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../codegen/index.js';
import { body } from './programs.js';
import { program } from '../util/program.js';

const dir = mkdtempSync(join(tmpdir(), 'scxts-hints-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('scxts check', () => {
  it.each([
    ['a C name', body('«bpf_map_lookup_elem»(m, 1);'), 'use m.get(key)'],
    ['no import', body('«scx_bpf_now»();'), "import { scx_bpf_now } from 'scxts';"],
    [
      'an older name',
      `import { «scx_bpf_consume» } from 'scxts';`,
      'use the newest name, scx_bpf_dsq_move_to_local(dsq_id, 0)',
    ],
    [
      'a misspelt one',
      `import { «dsq_insert» } from 'scxts';`,
      "did you mean 'scx_bpf_dsq_insert'?",
    ],
    [
      'a type of the kernel',
      `import { «cgroup» } from 'scxts';`,
      "import type { cgroup } from 'scxts/vmlinux';",
    ],
    [
      'a call that may give null',
      body('«m.get(1)».a = 1;'),
      'name and test it first: const found = m.get(1); if (!found) return;',
    ],
    [
      'a bigint',
      body('const wide = 5n; g = «wide» + g;').replace('g = «wide» + g', '«g» = wide'),
      'write it as a number, or u64(...) around a literal above 2^53',
    ],
    [
      'a bigint beside a number',
      body('g = «g & 1n»;'),
      'write it as a number, or u64(...) around a literal above 2^53',
    ],
    [
      'a map that is asked like one of JavaScript',
      body('if (m.«has»(1)) g = 1;'),
      'a lookup says so: if (m.get(key)) { ... }',
    ],
    [
      'a loop over a map',
      body('for (const e of «m») g = 1;'),
      'm.forEach((key, value) => { ... })',
    ],
    [
      'text that is compared',
      body("if («p.comm === 'sh'») g = 1;"),
      "compare text with streq(p.comm, 'text')",
    ],
    [
      'a reference for a number',
      body('const n = array; const r = counts.get(1); if (r) «g» = r;')
        .replace('const n = array; ', '')
        .replace('let g', 'const counts = array<u64>(2);\nlet g'),
      'a lookup of a number gives a reference: test it, then use .value',
    ],
    [
      'a number that may be missing',
      body('«g» = m.get(1)?.a;'),
      'give it a value where there is none: x ?? 0, or test it first',
    ],
    [
      'a release that is not needed',
      body('using c = «m.get(1)»;'),
      'it needs no release: bind it with const',
    ],
    [
      'a storage that is set',
      body('tctx.«set»(p, 1);'),
      'create the value, then write to it: tctx.create(p)',
    ],
    [
      'rounding',
      body('g = «Math.floor»(g / 2);'),
      'integers divide without a fraction: write a / b',
    ],
    ['no conversion', body('scx_bpf_create_dsq(g, «g»);'), 'convert it: s32(g)'],
    ['a wide value', body('«small» = g;'), 'convert it: u8(...)'],
    [
      "what JavaScript's maps have",
      body('const c = m.«has»(1);'),
      'a lookup says so: if (m.get(key)) { ... }',
    ],
    [
      'names compared as strings',
      body("if («p.comm === 'sh'») return;"),
      "compare text with streq(p.comm, 'text')",
    ],
    [
      'an iterator that scxts does not have',
      `import { scheduler, iter } from 'scxts';\nexport const t = iter(«'socket'», () => {});`,
      "there are iter('task', ...) and iter('cgroup', ...)",
    ],
    [
      'the end of a section',
      `import { «bpf_preempt_enable» } from 'scxts';`,
      'the section of `using off = bpf_preempt_disable();` ends at the end of the block',
    ],
    ['no test for null', body('const c = m.get(1); «c».a = 1;'), 'test it first: if (!c) return;'],
  ])('says what to do about %s, in one line', (name, marked, hint) => {
    const file = join(dir, `${name.replace(/\W+/g, '_')}.ts`);
    writeFileSync(file, marked.replace(/[«»]/g, ''));
    const said = checkFile(file).diagnostics.find((d) => d.span?.start === marked.indexOf('«'));
    expect(said).toMatchObject({ hint });
    expect(said!.message).not.toMatch(/\n/);
  });

  it('says each thing once and more than one in a run', () => {
    const file = join(dir, 'several.ts');
    writeFileSync(file, body('small = 256; g = g / 0; throw 1;'));
    expect(
      checkFile(file)
        .diagnostics.map((d) => d.code)
        .sort(),
    ).toEqual(['SCX1004', 'SCX2008', 'SCX2014']);
  });

  it('moves the floor with --min-kernel', () => {
    const file = join(dir, 'floor.ts');
    writeFileSync(file, body('const c = scx_bpf_locked_rq(); if (c) g = u64(c.nr_running);'));
    expect(checkFile(file).diagnostics.map((d) => d.code)).toEqual(['SCX4001']);
    expect(checkFile(file, { minKernel: '6.18' }).diagnostics).toEqual([]);
  });

  it('moves the kinds of programs that may call a function with it', () => {
    const file = join(dir, 'kinds.ts');
    writeFileSync(
      file,
      "import { scheduler, tp_btf, scx_bpf_task_set_slice } from 'scxts';\n" +
        "export const t = tp_btf('sched_switch', (a, p) => { scx_bpf_task_set_slice(p, 1); });\n" +
        "export default scheduler({ name: 't' });",
    );
    expect(checkFile(file).diagnostics[0]).toMatchObject({
      code: 'SCX4002',
      hint: expect.stringContaining('tracepoint and perf_event programs (with --min-kernel 6.19)'),
    });
    expect(checkFile(file, { minKernel: '6.19' }).diagnostics).toEqual([]);
  });

  it('knows what an exists() test shows, early returns included', () => {
    const file = join(dir, 'exists.ts');
    writeFileSync(
      file,
      body(
        'if (!exists(scx_bpf_locked_rq)) return; const c = scx_bpf_locked_rq(); if (c) g = u64(c.nr_running);',
      ),
    );
    expect(checkFile(file).diagnostics).toEqual([]);
  });

  it('explains files that are no schedulers', () => {
    const code = (file: string): string | undefined => checkFile(file).diagnostics[0]?.code;
    writeFileSync(join(dir, 'empty.ts'), '');
    writeFileSync(join(dir, 'not.c'), 'int x;');
    expect(code(join(dir, 'missing.ts'))).toBe('SCX0001');
    expect(code(join(dir, 'not.c'))).toBe('SCX0002');
    expect(code(join(dir, 'empty.ts'))).toBe('SCX0003');
  });
});

describe('what beginners write', () => {
  it.each([
    ['const n = p.nice;', 'p.static_prio'],
    ['const n = p.priority;', 'p.scx.weight'],
    ['for (const c of p.children) { const n = c; }', 'each.task'],
    ['setTimeout(() => {}, 5);', 'timer('],
    ['if (process.pid === p.pid) return;', 'userspace half'],
    ["console.log('x');", 'bpf_printk'],
    ["if (p.comm.includes('fire')) return;", 'streq(text'],
    ['const a: FixedArray<u32, 4> = [0, 0, 0, 0]; a.push(1);', 'queue<T>(MAX)'],
    ['scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL);', 'enq_flags'],
    ['scx_bpf_kick_cpu(1);', '0 for none'],
  ])('%s', (body, remedy) => {
    const { diagnostics } = program().enqueue(body).check();
    expect(diagnostics.map((d) => d.hint).join('\n')).toContain(remedy);
  });

  it('a map as an object', () => {
    const { diagnostics } = program('const seen = hash<s32, u64>(16);')
      .enqueue('seen[p.pid] = 1; delete seen[3];')
      .check();
    expect(diagnostics.map((d) => d.hint).filter((h) => h?.includes('m.set(key'))).toHaveLength(2);
  });

  it('select_cpu() that returns a text', () => {
    const { diagnostics } = program().ops("select_cpu() { return 'cpu'; }").check();
    const named = program().ops("select_cpu(p, prev) { return 'cpu'; }").check().diagnostics;
    expect([...diagnostics, ...named].map((d) => d.hint).join('\n')).toContain('return prev_cpu;');
  });

  it('init() that returns nothing', () => {
    const { diagnostics } = program().ops('init() { scx_bpf_create_dsq(1, -1); }').check();
    expect(diagnostics.map((d) => d.hint).join('\n')).toContain('return 0;');
  });
});

import { execa, execaSync } from 'execa';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFile, checkFile } from '../../codegen/index.js';

const root = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'scxts-components-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let projects = 0;
/** Writes files into a folder of their own; gives the path of one of them. */
function project(files: Record<string, string>): (name: string) => string {
  const folder = join(dir, `p${projects++}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return (name) => join(folder, name);
}

const METER = `import { component, config, counter, type u64, type u32 } from 'scxts';
let seen: u64 = 0;
export const on = config(true, 'count');
export const nr = counter('tasks seen');
export const meter = component({
  name: 'meter',
  userspace: './meter-userspace.js',
  ops: { running(p) { if (on) { seen += 1; nr.inc(); } } },
  api: { busy(p, limit: u32): boolean { return seen > limit; } },
});
`;
const METER_USERSPACE = `import { userspaceHalf, type LoadedComponent, type OpenComponent, type SkeletonTypes } from 'scxts/runtime';
interface Needs extends SkeletonTypes { config: { on: boolean }; globals: { seen: bigint }; counters: 'nr'; maps: object; progs: object }
export default userspaceHalf({
  open: (c: OpenComponent<Needs>) => ({ enable: (on: boolean) => { c.config.on = on; } }),
  load: (c: LoadedComponent<Needs>) => ({ get seen() { return c.globals.seen; }, total: () => c.counters.nr.total() }),
});
`;
const scheduler = (imports: string, members: string, name = 's'): string =>
  `import { scheduler, scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, type u64 } from 'scxts';
${imports}
export default scheduler({ name: '${name}', ${members} });
`;
const QUEUE = 'enqueue(p, f) { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f); }';
const component = (name: string, text: string, before = ''): string =>
  `import { component, scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, type u64 } from 'scxts';
${before}
export const ${name} = component({ name: '${name}', ${text} });
`;

/** What is wrong, in one line each. */
const problems = (file: string): string[] =>
  checkFile(file).diagnostics.map((d) => `${d.code}: ${d.message}`);

describe('state under the name of the component', () => {
  const at = project({
    'package.json': '{"type":"module"}',
    'meter.ts': METER,
    'meter-userspace.ts': METER_USERSPACE,
    'one.ts': scheduler(
      "import { meter } from './meter.js';\nlet seen: u64 = 0;",
      `use: [meter], ${QUEUE}, running() { seen += 1; }`,
      'one',
    ),
    'two.ts': scheduler(
      "import { meter } from './meter.js';",
      'use: [meter], enqueue(p, f) { if (meter.busy(p, 3)) scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f); }',
      'two',
    ),
  });

  it('keeps apart what the scheduler and the component call the same, in two schedulers', async () => {
    const built = await buildFile(at('one.ts'));
    expect(built.diagnostics).toEqual([]);
    const c = readFileSync(at('one.bpf.c'), 'utf8');
    expect(c).toMatch(/^u64 seen;/m);
    expect(c).toMatch(/^u64 meter_seen;/m);
    expect((await buildFile(at('two.ts'))).diagnostics).toEqual([]);
  });

  it('exposes the userspace half typed, and refuses one that needs what is not there', async () => {
    await buildFile(at('one.ts'));
    const user = (text: string): string => {
      const file = at('use.ts');
      writeFileSync(file, `import { One } from './one.skel.js';\n${text}\n`);
      writeFileSync(
        at('tsconfig.json'),
        JSON.stringify({
          extends: join(root, 'tsconfig.json'),
          compilerOptions: {
            noEmit: true,
            skipLibCheck: true,
            typeRoots: [join(root, 'node_modules/@types')],
            rootDir: '/',
          },
          include: [file],
          exclude: [],
        }),
      );
      const { stdout } = execaSync(
        join(root, 'node_modules/.bin/tsc'),
        ['-p', at('tsconfig.json')],
        {
          reject: false,
        },
      );
      return stdout;
    };
    mkdirSync(at('node_modules'), { recursive: true });
    symlinkSync(root, at('node_modules/scxts'));
    expect(
      user(`const open = One.open();
open.components.meter.enable(false);
const one = open.load();
const seen: bigint = one.components.meter.seen + one.components.meter.total();
one.counters.meter_nr.total() + one.globals.meter_seen + one.globals.seen + seen;`),
    ).toBe('');
    expect(user('One.open().components.meter.enable(3);')).toMatch(/TS2345/);
    expect(user('One.open().components.meters;')).toMatch(/TS2551|TS2339/);
    writeFileSync(
      at('meter-userspace.ts'),
      METER_USERSPACE.replace("counters: 'nr'", "counters: 'nr' | 'other'"),
    );
    expect(user('One.open();')).toMatch(/TS1360[^]*other/);
    writeFileSync(at('meter-userspace.ts'), METER_USERSPACE);
  }, 60_000);
});

describe('state in several files', () => {
  it('belongs to the component if only it imports them', async () => {
    const at = project({
      'lib/part.ts':
        'import { type u64 } from "scxts";\nlet hidden: u64 = 0;\nexport function next(): u64 { hidden += 1; return hidden; }\n',
      'lib/a.ts': component(
        'a',
        'ops: { running() { next(); } }',
        "import { next } from './part.js';",
      ),
      's.ts': scheduler("import { a } from './lib/a.js';", `use: [a], ${QUEUE}`),
    });
    expect((await buildFile(at('s.ts'))).diagnostics).toEqual([]);
    expect(readFileSync(at('s.bpf.c'), 'utf8')).toMatch(/^u64 a_hidden;/m);
  });
});

describe('composition errors name both sides', () => {
  const two = (a: string, b: string, members = ''): string[] => {
    const at = project({
      'a.ts': component('a', a),
      'b.ts': component('b', b),
      's.ts': scheduler(
        "import { a } from './a.js';\nimport { b } from './b.js';",
        `use: [a, b], ${members}`,
      ),
    });
    return problems(at('s.ts'));
  };
  const insert = 'scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);';

  it.each([
    [
      'a decision of two components',
      () =>
        two('ops: { select_cpu(p, prev) { return prev; } }', 'ops: { select_cpu() { return 0; } }'),
      "SCX3013: both 'a' and 'b' define select_cpu()",
    ],
    [
      'a decision of a component and the scheduler',
      () =>
        two(
          'ops: { select_cpu(p, prev) { return prev; } }',
          'ops: {}',
          'select_cpu() { return 0; }',
        ),
      "SCX3013: both 'a' and 's' define select_cpu()",
    ],
    [
      'inserting a task twice',
      () => two(`ops: { enqueue(p) { ${insert} } }`, `ops: { enqueue(p) { ${insert} } }`),
      "SCX3101: both 'a' and 'b' insert the task in enqueue()",
    ],
    [
      'different values of a member',
      () => two('ops: { timeout_ms: 1000 }', 'ops: { timeout_ms: 2000 }'),
      "SCX3105: both 'a' and 'b' set timeout_ms, to different values",
    ],
  ])('%s', (_name, found, message) => {
    expect(found()).toEqual([message]);
  });

  it('takes the same value of a member twice, and adds flags up', () => {
    expect(
      two('ops: { timeout_ms: 1000, flags: 2 }', 'ops: { timeout_ms: 1000, flags: 4 }', QUEUE),
    ).toEqual([]);
  });

  it('takes two that look at enqueue() while one inserts', () => {
    expect(two('ops: { enqueue(p) {} }', `ops: { enqueue(p) { ${insert} } }`)).toEqual([]);
  });

  it('two components of one name', () => {
    const at = project({
      'x/a.ts': component('a', 'ops: {}'),
      'y/a.ts': component('a', 'ops: {}'),
      's.ts': scheduler(
        "import { a } from './x/a.js';\nimport { a as b } from './y/a.js';",
        `use: [a, b], ${QUEUE}`,
      ),
    });
    expect(problems(at('s.ts')).join()).toMatch(
      /SCX3103: .*x\/a\.ts and .*y\/a\.ts both define a component 'a'/,
    );
  });

  it('state that collides', () => {
    const at = project({
      'a.ts': component('a', 'ops: { running() { load += 1; } }', 'let load: u64 = 0;'),
      's.ts': scheduler(
        "import { a } from './a.js';\nlet a_load: u64 = 0;",
        `use: [a], ${QUEUE}, running() { a_load += 1; }`,
      ),
    });
    expect(problems(at('s.ts'))).toEqual([
      "SCX3104: component 'a' and the scheduler both define 'a_load'",
    ]);
  });

  it('a component that is called but not used', () => {
    const at = project({
      'a.ts': component('a', 'api: { one(p) { return 1; } }'),
      's.ts': scheduler("import { a } from './a.js';", 'enqueue(p, f) { a.one(p); }'),
    });
    expect(problems(at('s.ts'))).toEqual(["SCX3102: 'a.one' is called, but 's' does not use 'a'"]);
  });

  it('a mistake in an api function that nothing calls', () => {
    const at = project({
      'a.ts': component('a', 'api: { one(p) { return p.pid == 1; } }'),
      's.ts': scheduler("import { a } from './a.js';", `use: [a], ${QUEUE}`),
    });
    expect(problems(at('s.ts')).map((p) => p.slice(0, 7))).toEqual(['SCX1007']);
  });

  it('two components in one file, or one in the scheduler', () => {
    const at = project({
      'a.ts': `${component('a', 'ops: {}')}export const b = component({ name: 'b' });\n`,
      's.ts': scheduler("import { a } from './a.js';", `use: [a], ${QUEUE}`),
      't.ts': `import { component, scheduler } from 'scxts';\nconst a = component({ name: 'a' });\nexport default scheduler({ name: 't', use: [a] });\n`,
    });
    expect(problems(at('s.ts'))).toEqual([
      "SCX3107: component 'b' is in the same file as component 'a'",
    ]);
    expect(problems(at('t.ts'))).toEqual([
      "SCX3107: component 'a' is in the same file as the scheduler",
    ]);
  });

  it('a userspace half that is not there', () => {
    const at = project({
      'a.ts': component('a', "userspace: './nowhere.js'"),
      's.ts': scheduler("import { a } from './a.js';", `use: [a], ${QUEUE}`),
    });
    expect(problems(at('s.ts'))).toEqual([
      "SCX3106: the userspace half './nowhere.js' of component 'a' cannot be imported",
    ]);
  });

  it('a member that component() does not have', () => {
    const at = project({
      'a.ts': component('a', 'running() {}').replace('name:', '// @ts-expect-error\n name:'),
      's.ts': scheduler("import { a } from './a.js';", `use: [a], ${QUEUE}`),
    });
    expect(problems(at('s.ts')).join()).toMatch(/running|SCX3009/);
  });
});

describe('a component from another npm package', () => {
  it('is packed, installed from the tarball offline and built with both halves', async () => {
    const at = project({
      'package/package.json': JSON.stringify({
        name: 'scx-meter',
        version: '1.2.3',
        type: 'module',
        files: ['*.ts', '*.js'],
        exports: {
          '.': { types: './meter.bpf.ts', default: './meter.bpf.ts' },
          './userspace': { types: './meter-userspace.d.ts', default: './meter-userspace.js' },
        },
      }),
      'package/meter.bpf.ts': METER,
      'package/meter-userspace.js':
        "import { userspaceHalf } from 'scxts/runtime';\nexport default userspaceHalf({ open: (c) => ({ enable: (on) => { c.config.on = on; } }), load: (c) => ({ state: c }) });\n",
      'package/meter-userspace.d.ts':
        'declare const half: { open: (c: any) => { enable(on: boolean): void }; load: (c: any, o: any) => { state: any } };\nexport default half;\n',
      'app/package.json': JSON.stringify({ name: 'app', private: true, type: 'module' }),
      'app/sched.ts': scheduler("import { meter } from 'scx-meter';", `use: [meter], ${QUEUE}`),
    });
    const npm = (args: string[], cwd: string): Promise<unknown> =>
      execa(
        'npm',
        [...args, '--offline', '--no-audit', '--no-fund', '--cache', join(dir, 'cache')],
        {
          cwd,
        },
      );
    await npm(['pack', '--pack-destination', at('.')], at('package'));
    rmSync(at('package'), { recursive: true });
    await npm(['install', at('scx-meter-1.2.3.tgz')], at('app'));
    const built = await buildFile(at('app/sched.ts'));
    expect(built.diagnostics).toEqual([]);
    const skeleton = readFileSync(at('app/sched.skel.ts'), 'utf8');
    expect(skeleton).toContain("import meter_half from 'scx-meter/userspace';");
    expect(readFileSync(at('app/sched.bpf.c'), 'utf8')).toContain(
      'scxts_component_meter[] = "scx-meter/userspace"',
    );
    // Both halves meet at run time: config of the component before load.
    writeFileSync(
      at('app/main.ts'),
      `import { S } from './sched.skel.js';
const open = S.open();
open.components.meter.enable(false);
console.log(JSON.stringify([open.config.meter_on, Object.keys(open.components)]));
open[Symbol.dispose]();
`,
    );
    const { stdout } = await execa('node', [
      join(root, 'dist/cli/bin.js'),
      'run',
      at('app/main.ts'),
    ]);
    expect(JSON.parse(stdout)).toEqual([false, ['meter']]);
  }, 60_000);

  it('says so when the package does not export the half', () => {
    const at = project({
      'node_modules/scx-meter/package.json': JSON.stringify({
        name: 'scx-meter',
        type: 'module',
        exports: { '.': './meter.ts' },
      }),
      'node_modules/scx-meter/meter.ts': METER,
      'node_modules/scx-meter/meter-userspace.js': '',
      's.ts': scheduler("import { meter } from 'scx-meter';", `use: [meter], ${QUEUE}`),
    });
    const [problem] = checkFile(at('s.ts')).diagnostics;
    expect(problem?.code).toBe('SCX3106');
    expect(problem?.hint).toMatch(/'scx-meter' must have it among the "exports"/);
  });
});

it('makes simple aware of last-level caches in fewer than ten lines', () => {
  const example = (name: string): string => join(root, 'examples', `${name}.ts`);
  const { stdout } = execaSync('diff', [example('simple'), example('simple-balanced')], {
    reject: false,
  });
  const added = stdout.split('\n').filter((line) => line.startsWith('> '));
  expect(added.join('\n')).toContain('use: [loadBalancer]');
  expect(added.length).toBeLessThan(10);
});

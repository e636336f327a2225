// The extension of VS Code, as it is packed: what it contributes, what its commands start, and its plugin in a real tsserver.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildFile, checkFile, formatDiagnostic } from '../../codegen/index.js';
import { scratch } from '../util/scratch.js';
import { project } from './user-project.js';

const root = join(import.meta.dirname, '../..');
const dir = scratch('vscode');
const extension = join(dir, 'extension');

interface Manifest {
  main: string;
  contributes: {
    commands: { command: string; title: string }[];
    menus: { commandPalette: { command: string }[] };
    configuration: { properties: Record<string, { default: unknown }> };
    problemPatterns: Record<string, string | number>[];
    problemMatchers: {
      name: string;
      background?: { beginsPattern: string; endsPattern: string };
    }[];
    snippets: { path: string }[];
    typescriptServerPlugins: { name: string }[];
  };
}
let manifest: Manifest;
const require = createRequire(import.meta.url);

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tsserver/vscode/pack.mjs'), dir]);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(dir, 'scxts.vsix'))))) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), bytes);
  }
  manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as Manifest;
});

/** As much of the editor as the extension asks for; notes what it was told. */
function editor(file: string | undefined, settings: Record<string, unknown> = {}) {
  const registered = new Map<string, () => Promise<void>>();
  const started: { line: string; cwd: string; matcher: string }[] = [];
  const messages: string[] = [];
  const document = file && {
    uri: { fsPath: file },
    isUntitled: false,
    save: () => Promise.resolve(),
  };
  const module = {
    window: {
      activeTextEditor: document && { document },
      showErrorMessage: (text: string) => messages.push(text),
    },
    workspace: {
      getWorkspaceFolder: () => ({ uri: { fsPath: dir } }),
      getConfiguration: () => ({ get: (key: string, or: unknown) => settings[key] ?? or }),
      asRelativePath: (uri: { fsPath: string }) => uri.fsPath.slice(dir.length + 1),
    },
    commands: {
      registerCommand: (id: string, run: () => Promise<void>) => registered.set(id, run),
    },
    tasks: {
      executeTask: (task: {
        execution: { line: string; options: { cwd: string } };
        matcher: string;
      }) =>
        started.push({
          ...{ line: task.execution.line, cwd: task.execution.options.cwd, matcher: task.matcher },
        }),
    },
    ShellExecution: class {
      constructor(
        readonly line: string,
        readonly options: { cwd: string },
      ) {}
    },
    Task: class {
      constructor(
        _definition: unknown,
        _folder: unknown,
        readonly name: string,
        _source: string,
        readonly execution: unknown,
        readonly matcher: string,
      ) {}
    },
  };
  const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  loader._load = (name, ...rest) => (name === 'vscode' ? module : load(name, ...rest));
  try {
    const main = join(extension, manifest.main);
    Reflect.deleteProperty(require.cache, main);
    (require(main) as { activate(context: unknown): void }).activate({ subscriptions: [] });
  } finally {
    loader._load = load;
  }
  return { registered, started, messages };
}

describe('the extension of VS Code', () => {
  it('has the commands that it promises', () => {
    const { registered } = editor(undefined);
    const promised = manifest.contributes.commands.map((c) => c.command).sort();
    expect([...registered.keys()].sort()).toEqual(promised);
    expect(manifest.contributes.menus.commandPalette.map((c) => c.command).sort()).toEqual(
      promised,
    );
  });

  it("starts scxts in the workspace's folder, whatever the file is called", async () => {
    const words = (line: string): string[] =>
      execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
        .trim()
        .split('\n');
    const { registered, started } = editor(join(dir, "it's a $scheduler.ts"), {
      'vm.kernel': '6.18',
    });
    for (const run of registered.values()) await run();
    const file = "it's a $scheduler.ts";
    expect(started.map(({ line }) => words(line))).toEqual([
      ['npx', 'scxts', 'check', file],
      ['npx', 'scxts', 'build', file],
      ['npx', 'scxts', 'sim', file],
      ['npx', 'scxts', 'vm', '--kernel', '6.18', '--', 'scxts', 'load', file, '--duration', '10'],
    ]);
    expect(new Set(started.map(({ cwd, matcher }) => `${cwd} ${matcher}`))).toEqual(
      new Set([`${dir} $scxts`]),
    );
  });

  it('says what to do where no file is open', async () => {
    const { registered, started, messages } = editor(undefined);
    await registered.get('scxts.check')!();
    expect(started).toEqual([]);
    expect(messages).toEqual(['scxts: open a scheduler of the workspace, and save it']);
  });

  it('finds the errors of scxts in what it prints', () => {
    const { write } = project(dir, 'errors');
    const file = write(
      'wrong.ts',
      "import { scheduler } from 'scxts';\nexport default scheduler({\n  name: 'wrong',\n  enqueue(p) {\n    throw 1;\n  },\n  dispatch() {\n    const a: string = 1;\n  },\n});\n",
    );
    const { diagnostics, read } = checkFile(file);
    const [pattern] = manifest.contributes.problemPatterns;
    const lines = diagnostics.flatMap((d) => formatDiagnostic(d, read).split('\n'));
    const found = lines
      .map((line) => new RegExp(pattern!['regexp'] as string).exec(line))
      .filter((match) => match !== null);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(found.length).toBe(diagnostics.length);
    const part = (name: string): string => found[0]![pattern![name] as number]!;
    const first = diagnostics[0]!;
    expect(part('severity')).toBe('error');
    expect(part('code')).toBe(first.code);
    expect(part('message')).toBe(first.message);
    expect(part('file')).toContain('wrong.ts');
    expect(Number(part('line'))).toBeGreaterThan(4);

    const watch = manifest.contributes.problemMatchers.find((m) => m.name === 'scxts-watch')!;
    for (const end of ['wrong.ts: errors, 12 ms', 'my file.ts: no errors, 3 ms'])
      expect(end).toMatch(new RegExp(watch.background!.endsPattern));
    expect(lines.some((line) => new RegExp(watch.background!.endsPattern).test(line))).toBe(false);
  });

  it('has snippets of programs that build', async () => {
    const file = join(extension, manifest.contributes.snippets[0]!.path);
    const snippets = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { body: string[] }>;
    const text = (name: string): string =>
      snippets[name]!.body.join('\n').replace(/\$\{\d+:([^}]*)\}/g, '$1');
    const whole = text('scxts scheduler')
      .replace(
        'scheduler,',
        'scheduler, config, counter, taskStorage, scx_bpf_select_cpu_dfl, SCX_DSQ_LOCAL, type u64,',
      )
      .replace(
        'export default',
        [...['counter', 'config', 'task storage'].map((name) => text(`scxts ${name}`)), '$&'].join(
          '\n',
        ),
      )
      .replace("name: 'mine',", `$&\n${text('scxts select_cpu')}`);
    const { write } = project(dir, 'snippets');
    const { diagnostics } = await buildFile(write('mine.ts', whole));
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(Object.keys(snippets).sort()).toEqual(
      ['scheduler', 'select_cpu', 'counter', 'config', 'task storage', 'simulation']
        .map((name) => `scxts ${name}`)
        .sort(),
    );
  });

  it("gives the editor's own TypeScript the plugin of the project", async () => {
    const { editorDiagnostics } = (await import(join(root, 'test/package/editor.mjs'))) as {
      editorDiagnostics(
        folder: string,
        file: string,
        text: string,
        options: string[],
      ): Promise<{ code: number }[]>;
    };
    const { folder, write } = project(dir, 'plugin');
    symlinkSync(join(root, 'node_modules/typescript'), join(folder, 'node_modules/typescript'));
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', types: [] },
      }),
    );
    const text =
      "import { scheduler } from 'scxts';\nexport default scheduler({ name: 'a', enqueue(p) { throw 1; } });\n";
    write('a.ts', text);
    // As VS Code starts it for an extension that contributes a plugin.
    const [{ name }] = manifest.contributes.typescriptServerPlugins as [{ name: string }];
    const options = ['--globalPlugins', name, '--pluginProbeLocations', extension];
    const found = await editorDiagnostics(folder, 'a.ts', text, options);
    expect(found.map((d) => d.code)).toContain(1004);
  }, 90_000);
});

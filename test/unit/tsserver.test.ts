import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const tsserver = join(
  createRequire(import.meta.url).resolve('typescript/package.json'),
  '../lib/tsserver.js',
);

interface Found {
  text: string;
  code?: number;
  source?: string;
  start: { line: number; offset: number };
  end: { line: number; offset: number };
}
interface Message {
  type: string;
  event?: string;
  body?: { file?: string; diagnostics?: Found[]; triggerFile?: string };
}

/** tsserver as an editor drives it: requests on stdin, events on stdout. */
class Server {
  private readonly child: ChildProcessWithoutNullStreams;
  private seq = 0;
  private readonly found = new Map<string, Found[]>();
  private readonly waiting: (() => void)[] = [];

  constructor(cwd: string) {
    this.child = spawn(
      process.execPath,
      [tsserver, '--disableAutomaticTypingAcquisition', '--allowLocalPluginLoads'],
      {
        cwd,
      },
    );
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const message = JSON.parse(line) as Message;
      if (message.event !== 'semanticDiag' || !message.body?.file) return;
      this.found.set(message.body.file, message.body.diagnostics ?? []);
      this.waiting.splice(0).forEach((wake) => wake());
    });
  }

  send(command: string, args: unknown): void {
    this.child.stdin.write(
      JSON.stringify({ seq: ++this.seq, type: 'request', command, arguments: args }) + '\n',
    );
  }

  /** What the server says of a file once it says something that fits. */
  async diagnostics(file: string, fits: (found: Found[]) => boolean): Promise<Found[]> {
    for (const end = Date.now() + 40_000; Date.now() < end;) {
      this.found.delete(file);
      this.send('geterr', { files: [file], delay: 0 });
      await new Promise<void>((wake) => {
        this.waiting.push(wake);
        setTimeout(wake, 2000);
      });
      const found = this.found.get(file);
      if (found && fits(found)) return found;
      await new Promise((wake) => setTimeout(wake, 200));
    }
    return this.found.get(file) ?? [];
  }

  stop(): void {
    this.child.kill();
  }
}

const dir = mkdtempSync(join(tmpdir(), 'scxts-tsserver-'));
const put = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const program = (body: string): string => `import { scheduler, bpf_task_from_pid } from 'scxts';
export default scheduler({
  name: 'edited',
  enqueue(p, enq_flags) {
    ${body}
  },
});
`;
let server: Server;

beforeAll(() => {
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(root, join(dir, 'node_modules', 'scxts'));
  put(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        strict: true,
        target: 'es2022',
        lib: ['es2022', 'esnext.disposable'],
        module: 'nodenext',
        types: [],
        plugins: [{ name: 'scxts/tsserver' }],
      },
    }),
  );
  server = new Server(dir);
});
afterAll(() => {
  server.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('the plugin of tsserver', () => {
  it("shows scxts's diagnostics, of what is in the editor", async () => {
    const file = put('edited.ts', program('const task = bpf_task_from_pid(1);'));
    server.send('open', { file });
    const [found] = await server.diagnostics(file, (d) => d.some((x) => x.source === 'scxts'));
    expect(found).toMatchObject({
      code: 3001,
      source: 'scxts',
      start: { line: 5, offset: 18 },
      end: { line: 5, offset: 38 },
    });
    expect(found?.text).toContain('must be released\nbind it: using');

    // An edit that is not saved.
    const line = '    const task = bpf_task_from_pid(1);';
    const fixed = '    using task = bpf_task_from_pid(1);';
    server.send('change', {
      file,
      line: 5,
      offset: 1,
      endLine: 5,
      endOffset: line.length + 1,
      insertString: fixed,
    });
    expect(await server.diagnostics(file, (d) => d.length === 0)).toEqual([]);
  }, 60_000);

  it('leaves other files to TypeScript, and modules without a scheduler their ways', async () => {
    const other = put('other.ts', 'export class A {}\nexport const x: number = "a";\n');
    const library = put(
      'library.ts',
      "import { counter } from 'scxts';\nexport const nr = counter('n');\nexport function f(): void { throw 1; }\n",
    );
    server.send('open', { file: other });
    server.send('open', { file: library });
    expect((await server.diagnostics(other, (d) => d.length > 0)).map((d) => d.code)).toEqual([
      2322,
    ]);
    const found = await server.diagnostics(library, (d) => d.length > 0);
    expect(found.map((d) => d.code)).toEqual([1004]);
  }, 60_000);
});

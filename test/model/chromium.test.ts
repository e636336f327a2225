import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { simulateObject } from '../../sim/index.js';
import { objectOf } from '../../sim/node/object.js';
import { exampleObject, root } from '../util/built-object.js';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
const browser = BROWSERS.find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

const OPTIONS = { kernel: '7.3', duration: '300ms', seed: 3, machine: { cpus: 8, threads: 2 } };
const EXAMPLES = ['simple', 'nest', 'flatcg', 'eas'];

/** What the page does: the model from its sources, kernels and objects from the server; the hashes go back there. */
const PAGE = `<!doctype html><script type="module">
const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const answer = (text) => fetch('/answer', { method: 'POST', body: text });
try {
  const { readKernelsWith } = await import('/sim/kernels/read.js');
  const { simulateObject } = await import('/sim/run/run.js');
  readKernelsWith((name) => bytes('/sim/kernels/btf/' + name + '.btf'));
  const hashes = {};
  for (const name of ${JSON.stringify(EXAMPLES)}) {
    const object = { name, bytes: await bytes('/object/' + name) };
    hashes[name] = (await simulateObject(object, ${JSON.stringify(OPTIONS)})).hash;
  }
  await answer(JSON.stringify(hashes));
} catch (error) {
  await answer(JSON.stringify({ error: String(error.stack ?? error) }));
}
</script>`;

/** Sources as a browser takes them. */
function moduleOf(path: string): string | undefined {
  const file = join(root, path.replace(/\.js$/, '.ts'));
  if (!existsSync(file)) return undefined;
  const compilerOptions = {
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText;
}

async function serve(objects: Map<string, Uint8Array>, answer: (text: string) => void) {
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    const give = (type: string, body: string | Uint8Array): void =>
      void response.writeHead(200, { 'content-type': type }).end(body);
    if (request.method === 'POST') {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => (give('text/plain', ''), answer(text)));
      return;
    }
    if (path === '/') return give('text/html', PAGE);
    const object = objects.get(path.replace('/object/', ''));
    if (object) return give('application/octet-stream', object);
    const module = extname(path) === '.js' ? moduleOf(path) : undefined;
    if (module !== undefined) return give('text/javascript', module);
    if (/^\/sim\/kernels\/btf\/[\d.]+\.btf$/.test(path))
      return give('application/octet-stream', readFileSync(join(root, path)));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

it('a run has the same hash in a browser', async ({ skip }) => {
  if (!browser) return skip(`needs ${BROWSERS[0]}: apt-get install ${BROWSERS[0]}`);
  const objects = new Map<string, Uint8Array>();
  const here: Record<string, string> = {};
  for (const name of EXAMPLES) {
    const { bytes } = await objectOf(await exampleObject(name));
    objects.set(name, bytes);
    here[name] = (await simulateObject({ name, bytes }, OPTIONS)).hash;
  }
  let answered!: (text: string) => void;
  const answer = new Promise<string>((resolve) => (answered = resolve));
  const server = await serve(objects, answered);
  const profile = mkdtempSync(join(tmpdir(), 'scxts-chromium-'));
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    browser,
    [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-extensions'],
      ...[`--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`],
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    expect(JSON.parse(await answer)).toEqual(here);
  } finally {
    child.kill('SIGTERM');
    await ended;
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}, 120_000);

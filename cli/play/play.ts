import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { systemRefusal } from '../../codegen/files/system-error.js';
import { KERNELS } from '../../codegen/kernel/versions.js';
import { packageRoot } from '../../codegen/root.js';
import { writeWhole } from '../../native/runtime/write-whole.js';
import { bundleOf } from '../view/bundle.js';
import { jsonAnswer, LocalServer, type Answer } from '../view/local-server.js';
import { pageOf } from '../view/page-text.js';
import { PlayCompiler } from './compiler.js';

const SCHEDULER = /export\s+default\s+(scheduler|cidScheduler)\b/;
const script = (body: string): Answer => ({ type: 'text/javascript', body });

/** Schedulers of scxts's own examples: file names. */
function examples(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^[\w-]+\.ts$/.test(name) && !name.endsWith('.skel.ts'))
    .filter((name) => SCHEDULER.test(readFileSync(join(folder, name), 'utf8')))
    .sort();
}

/** Browsers ask for one otherwise. */
const NO_ICON = '<link rel="icon" href="data:,">';

interface Request {
  name: string;
  text: string;
  at?: number;
}

/** The page, and what it asks for: programs are compiled here and run in the browser. `file`: what is opened, and saved. */
export async function startPlay(file: string | undefined, port: number): Promise<LocalServer> {
  const folder = join(packageRoot(), 'examples');
  const own = file === undefined ? undefined : resolve(file);
  if (own !== undefined && !existsSync(own))
    throw Object.assign(new Error(`there is no file '${file!}'`), {
      hint: 'name a scheduler (FILE.ts), or none: the examples are in the menu of the page',
    });
  const names = examples(folder);
  const compiler = new PlayCompiler();
  const pathOf = (name: string): string => {
    if (own !== undefined && name === basename(own)) return own;
    if (names.includes(name)) return join(folder, name);
    // Something new: where the user's file is, or beside the examples; nothing is written.
    if (/^[\w-]+\.ts$/.test(name)) return join(own ? dirname(own) : folder, name);
    throw new Error(`'${name}' is no name of a scheduler's file`);
  };
  const read = async (body: () => Promise<string>): Promise<Request & { path: string }> => {
    const request = JSON.parse(await body()) as Request;
    if (typeof request.text !== 'string') throw new Error('the request has no text');
    return { ...request, path: pathOf(String(request.name)) };
  };
  return LocalServer.start(port, async (path, body) => {
    if (path === '') {
      const { script: code, style } = await bundleOf('play');
      return {
        type: 'text/html; charset=utf-8',
        body: pageOf('scxts play', style, code, '', NO_ICON),
      };
    }
    if (path === 'worker.js') return script((await bundleOf('model')).script);
    if (path === 'editor-worker.js') return script((await bundleOf('editor')).script);
    if (path === 'start') {
      const first = own ? basename(own) : 'simple.ts';
      return jsonAnswer({ names: own ? [first, ...names] : names, first, kernels: KERNELS });
    }
    const btf = /^btf\/(\d+\.\d+)$/.exec(path)?.[1];
    if (btf !== undefined && (KERNELS as readonly string[]).includes(btf))
      return {
        type: 'application/octet-stream',
        body: readFileSync(join(packageRoot(), 'sim', 'kernels', 'btf', `${btf}.btf`)),
      };
    if (path.startsWith('source/')) {
      const source = pathOf(path.slice('source/'.length));
      return { type: 'text/plain; charset=utf-8', body: readFileSync(source, 'utf8') };
    }
    if (path === 'page') return jsonAnswer(await bundleOf('trace'));
    if (path === 'compile') {
      const { path: source, text } = await read(body);
      return jsonAnswer(await compiler.compile(source, text));
    }
    if (path === 'hover') {
      const { path: source, text, at = 0 } = await read(body);
      return jsonAnswer({ markdown: compiler.hover(source, text, at) });
    }
    if (path === 'complete') {
      const { path: source, text, at = 0 } = await read(body);
      return jsonAnswer({ entries: compiler.complete(source, text, at) });
    }
    if (path === 'save') {
      const { path: source, text } = await read(body);
      if (source !== own)
        return jsonAnswer(
          { error: 'only the file that scxts play was started with is saved' },
          400,
        );
      try {
        writeWhole(source, text);
      } catch (error) {
        const refusal = systemRefusal(error);
        throw refusal ? new Error(`${refusal.message}: ${refusal.hint}`) : error;
      }
      return jsonAnswer({ saved: source });
    }
    return undefined;
  });
}

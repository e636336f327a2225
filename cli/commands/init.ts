import type { Command } from 'commander';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { failureText } from '../load/failure.js';
import { complain } from '../terminal.js';

interface Options {
  component?: boolean;
  name?: string;
}

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write the files of a new scheduler, or of a component for schedulers')
    .argument('[dir]', 'where to; made if it is not there', '.')
    .option(
      '--component',
      'a component: a half in the kernel and one in user space, as an npm package',
    )
    .option('--name <name>', 'its name (default: that of the folder)')
    .action(async (dir: string, options: Options) => {
      try {
        for (const path of await init(dir, options)) process.stdout.write(`${path}\n`);
        const cd = relative('', resolve(dir));
        process.stdout.write(`next: ${cd ? `cd ${cd} && ` : ''}npm install && npm run vm\n`);
      } catch (error) {
        complain(failureText(error));
        process.exitCode = 1;
      }
    });
}

/** A C identifier of a name such as `my-scheduler`. */
function identifier(name: string): string {
  const id = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  if (/^[A-Za-z]\w{0,62}$/.test(id)) return id;
  throw new Error(
    `'${name}' gives no name: it must start with a letter\n  hint: scxts init DIR --name my_scheduler`,
  );
}

/** Every template below a folder, by the path that it gets. */
function templates(folder: string, at = ''): [from: string, to: string][] {
  return readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name);
    if (entry.isDirectory()) return templates(folder, path);
    // npm leaves .gitignore out of packages.
    const to = path.replace(/\.hbs$/, '').replace(/(^|\/)gitignore$/, '$1.gitignore');
    return [[join(folder, path), to] as [string, string]];
  });
}

/** A folder that may not be there yet, without links: npm resolves relative paths from where it really is. */
function realFolder(folder: string): string {
  return existsSync(folder)
    ? realpathSync(folder)
    : join(realFolder(dirname(folder)), basename(folder));
}

async function init(dir: string, options: Options): Promise<string[]> {
  const { makeFolder } = await import('../../native/runtime/make-folder.js');
  const { writeWhole } = await import('../../native/runtime/write-whole.js');
  const { packageRoot } = await import('../../codegen/root.js');
  const { default: Handlebars } = await import('handlebars');
  const folder = resolve(dir);
  const name = identifier(options.name ?? basename(folder));
  const { originOf } = await import('../init/origin.js');
  const origin = originOf('scxts', packageRoot(), realFolder(folder));
  const view = {
    name,
    file: name.replace(/_/g, '-'),
    package: name.replace(/_/g, '-').toLowerCase(),
    range: `^${origin.version}`,
    // As JSON, since a path may have any character in it.
    origin: JSON.stringify(origin.spec),
    allow: JSON.stringify(origin.allow),
  };
  const files = templates(
    join(packageRoot(), 'templates', 'init', options.component ? 'component' : 'scheduler'),
  ).map(([from, to]) => ({
    path: join(folder, to.replace('NAME', view.file)),
    text: Handlebars.compile(readFileSync(from, 'utf8'), { noEscape: true, strict: true })(view),
  }));
  const there = files.filter((f) => existsSync(f.path));
  if (there.length > 0)
    throw new Error(
      `${relative('', there[0]!.path)} is there already; nothing was written\n  hint: name another folder`,
    );
  const written: string[] = [];
  try {
    for (const { path, text } of files) {
      makeFolder(dirname(path));
      writeWhole(path, text);
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw error;
  }
  return written.map((path) => relative('', path));
}

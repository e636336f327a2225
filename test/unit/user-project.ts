import { execa } from 'execa';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A folder in `dir` that has scxts and Node's types installed. */
export function project(
  dir: string,
  name: string,
): { folder: string; write: (file: string, text: string) => string } {
  const folder = join(dir, name);
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'scxts'));
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  const write = (file: string, text: string): string => {
    writeFileSync(join(folder, file), text);
    return join(folder, file);
  };
  write('package.json', '{"type":"module"}');
  return { folder, write };
}

/** What tsc says of these files of a project, strictly. */
export async function typeErrors(folder: string, include: string[]): Promise<string> {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: true, rootDir: '/' },
      include,
      exclude: [],
    }),
  );
  const { stdout } = await execa(join(root, 'node_modules/.bin/tsc'), ['-p', folder], {
    reject: false,
  });
  return stdout;
}

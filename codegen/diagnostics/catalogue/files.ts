import { define } from '../diagnostic.js';

export const fileNotFound = define('SCX0001', {
  title: 'File not found',
  why: 'The path given to `scxts check`, `build` or `load` is not a file.',
  wrong: 'scxts build shedulers/simple.ts',
  right: 'scxts build schedulers/simple.ts',
  message: (file: string) => `there is no file '${file}'`,
  hint: () => 'give the path of a scheduler, for example: scxts build examples/simple.ts',
});

export const notTypeScript = define('SCX0002', {
  title: 'Not a TypeScript file',
  why: 'scxts compiles TypeScript modules (`.ts`, `.mts`); declaration files hold no code.',
  wrong: 'scxts build simple.c',
  right: 'scxts build simple.ts',
  message: (file: string) => `'${file}' is not a TypeScript source file`,
  hint: () => 'a scheduler is a .ts file whose default export is scheduler({...})',
});

export const emptyFile = define('SCX0003', {
  title: 'Empty file',
  why: 'There is nothing to compile.',
  wrong: '',
  right: "export default scheduler({ name: 'simple' });",
  message: (file: string) => `'${file}' is empty`,
  hint: () =>
    "start with: import { scheduler } from 'scxts';\nexport default scheduler({ name: 'simple' });",
});

export const noDefaultExport = define('SCX0004', {
  title: 'No scheduler',
  why: 'A file that is built or loaded must have a scheduler as its default export.',
  wrong: "const s = scheduler({ name: 'simple' });",
  right: "export default scheduler({ name: 'simple' });",
  message: () => 'this file has no default export',
  hint: () =>
    'export default scheduler({ name: ..., ... }), or build the file that imports this one',
});

export const outputNotWritten = define('SCX0006', {
  title: 'The output cannot be written',
  why: 'What is built is written beside its source, or to `--out-dir`: whole, or not at all.',
  wrong: 'scxts build /usr/share/schedulers/simple.ts',
  right: 'scxts build /usr/share/schedulers/simple.ts --out-dir build',
  message: (what: string, _remedy: string) => what,
  hint: (_what: string, remedy: string) => `${remedy}; --out-dir names another folder`,
});

export const defaultNotScheduler = define('SCX0005', {
  title: 'Default export is not a scheduler',
  why: 'scxts looks for a call of `scheduler` right there, so that it can read its callbacks.',
  wrong: 'export default 42;',
  right: "export default scheduler({ name: 'simple' });",
  message: () => 'the default export is not a scheduler({...}) call',
  hint: () => 'write export default scheduler({...}) with an object literal',
});

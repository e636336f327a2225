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

export const tooDeep = define('SCX0007', {
  title: 'Nested too deeply',
  why: 'Expressions, blocks and types may be some hundred levels deep. A sum of n terms is n levels deep, an `else if` is one, and so is a `?:` in another.',
  wrong: 'total = a0 + a1 + a2 + /* ... */ a9999;',
  right: 'for (const a of all) total += a;',
  message: () => 'this is nested too deeply to be compiled',
  hint: () => 'name parts of it with const, move parts into functions, or use a loop over an array',
});

const READ_HINTS: [RegExp, string][] = [
  [/folder/, 'give the path of a file in it'],
  [/backslash/, 'give the file, or the folder that it is in, another name'],
  [/./, 'see that the file may be read by who runs scxts'],
];

export const cannotRead = define('SCX0008', {
  title: 'File cannot be read',
  why: 'The path is that of a folder, or the system does not let scxts read what is there.',
  wrong: 'scxts check schedulers/',
  right: 'scxts check schedulers/simple.ts',
  message: (file: string, reason: string) => `'${file}' cannot be read: ${reason}`,
  hint: (_file: string, reason: string) => READ_HINTS.find(([of]) => of.test(reason))?.[1],
});

export const notUtf8 = define('SCX0009', {
  title: 'File is not UTF-8',
  why: 'TypeScript sources are UTF-8. Bytes that are none would be replaced, and a text or a name would be another one.',
  wrong: "// saved as ISO-8859-1\nbpf_printk('Größe');",
  right: "// saved as UTF-8\nbpf_printk('Größe');",
  message: (byte: string) => `the byte ${byte} is not UTF-8`,
  hint: () => 'save the file as UTF-8, for example: iconv -f latin1 -t utf8 old.ts > new.ts',
});

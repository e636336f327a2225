// `node native/fuzz/js/skeleton.mjs [SECONDS] [SEED]`: programs with names, texts and file names of every kind, whose generated C and skeleton must be
// made without a fault of the compiler, and whose skeleton must parse, with the author's names in it. Needs a built checkout.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ts } from 'ts-morph';
import { checkProgram } from '../../../dist/codegen/check-program.js';
import { emitModule } from '../../../dist/codegen/emit/c/module.js';
import { emitSkeleton } from '../../../dist/codegen/emit/skeleton/skeleton.js';
import { createProject } from '../../../dist/codegen/index.js';
import { fuzz } from './coverage.mjs';

const [seconds = 600, seed = 1] = process.argv.slice(2).map(Number);
const dir = mkdtempSync(join(tmpdir(), 'scxts-skeletons-'));
const project = createProject();

const NAMES = [
  'a',
  'b_1',
  'max',
  'exit',
  'main',
  'auto',
  'log',
  'state',
  'stats',
  'int',
  'u64',
  'register',
  'union',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  'open',
  'load',
  'name',
  'config',
  'globals',
  'ops',
  'maps',
  'license',
  'LICENSE',
  'NULL',
  '_Bool',
  'bpf_timer',
  'errno',
  'typeof',
  'Größe',
  'x$',
  '_',
  '__x',
  'Kind',
  'defineSkeleton',
  'URL',
  'SkeletonTypes',
  'x'.repeat(130),
];
const TEXTS = [
  '',
  'plain',
  '*/ x /*',
  "it's",
  'say "x"',
  '\\',
  '\\n',
  '`${1}`',
  '%s %d',
  '\n',
  '\r\n',
  '\u2028',
  '\x1b[2J',
  '<b>',
  '??/',
  '*\\/',
  '漢字',
  '\0',
  '# include',
  'x'.repeat(300),
];
const TYPES = ['u64', 's64', 'u32', 's32', 'u16', 's16', 'u8', 's8', 'boolean'];
const FILES = [
  's',
  'a-b',
  'a b',
  'a#b',
  'a?b',
  'a%20b',
  "a'b",
  'a"b',
  'a\\b',
  'a\nb',
  'a$b',
  'ü',
  '1',
  'index',
  'skel',
];

/** A program, and what its author called things. */
function program(choices) {
  const config = [];
  const globals = [];
  const counters = [];
  const maps = [];
  const lines = [];
  for (let i = choices.below(8); i > 0; i--) {
    const name = choices.of(NAMES);
    const type = choices.of(TYPES);
    const text = JSON.stringify(choices.of(TEXTS));
    switch (choices.below(6)) {
      case 0:
        config.push(name);
        lines.push(
          `export const ${name} = config<${type}>(${type === 'boolean' ? 'true' : '1'}, ${text});`,
        );
        break;
      case 1:
        counters.push(name);
        lines.push(`export const ${name} = counter(${text});`);
        break;
      case 2:
        globals.push(name);
        lines.push(`let ${name}: ${type} = ${type === 'boolean' ? 'false' : '0'};`);
        break;
      case 3:
        maps.push(name);
        lines.push(`const ${name} = hash<u32, ${type === 'boolean' ? 'u8' : type}>(16);`);
        break;
      case 4:
        lines.push(`export enum ${name} { ${choices.of(NAMES)} = ${choices.byte()}, ${text} }`);
        break;
      default:
        lines.push(
          `export const ${name} = { ${text}: ${choices.byte()}, ${choices.of(NAMES)}: -1 } as const;`,
        );
    }
  }
  const name = choices.below(4)
    ? choices.of(['s', 'tour', 'x_1'])
    : choices.of([...NAMES, ...TEXTS]);
  const text = `import { scheduler, config, counter, hash, type u64, type s64, type u32, type s32, type u16, type s16, type u8, type s8 } from 'scxts';
${lines.join('\n')}
export default scheduler({ name: ${JSON.stringify(name)}, init() { return 0; } });\n`;
  return { text, file: choices.of(FILES), parts: { config, counters, globals, maps } };
}

/** Names of the members of a part of the types that the skeleton declares. */
function declared(source, part) {
  let out;
  const visit = (node) => {
    if (ts.isPropertySignature(node) && node.name.getText(source) === part && !out) {
      if (ts.isTypeLiteralNode(node.type)) out = node.type.members.map((m) => m.name.text);
      else if (part === 'counters') {
        const types = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type];
        out = types.flatMap((t) => (ts.isLiteralTypeNode(t) ? [t.literal.text] : []));
      } else out = [];
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return out ?? [];
}

let accepted = 0;
const done = await fuzz({
  seconds,
  seed,
  modules: /dist\/codegen\/(emit|frontend\/(names|c-names|declarations))/,
  one(choices) {
    const { text, file, parts } = program(choices);
    const path = join(dir, `${file}.ts`);
    // The project keeps what it once read of a file.
    project.createSourceFile(path, text, { overwrite: true });
    const { module, diagnostics } = checkProgram(path, { project });
    if (!module || diagnostics.some((d) => d.severity === 'error')) return;
    accepted++;
    const stem = basename(path).replace(/\.ts$/, '');
    emitModule(module, { directory: dir, ownName: `${stem}.bpf.c`, version: '0' });
    const skeleton = emitSkeleton(module, {
      object: `${stem}.bpf.o`,
      source: basename(path),
      version: '0',
      directory: dir,
    });
    const { diagnostics: wrong } = ts.transpileModule(skeleton, {
      reportDiagnostics: true,
      fileName: 'x.skel.ts',
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const said = wrong.map((d) => ts.flattenDiagnosticMessageText(d.messageText, '\n'));
    if (said.length > 0)
      throw new Error(`the skeleton does not parse: ${said.join('; ')}\n${text}\n${skeleton}`);
    if (/[\0-\x08\x0b-\x1f\x7f]/.test(skeleton))
      throw new Error(`the skeleton has control characters\n${text}\n${skeleton}`);
    const source = ts.createSourceFile('x.ts', skeleton, ts.ScriptTarget.ES2022, true);
    for (const [part, names] of Object.entries(parts)) {
      const there = declared(source, part);
      const lost = names.filter((n) => !there.includes(n));
      if (lost.length > 0)
        throw new Error(
          `the skeleton has no ${part} ${lost.join(', ')}: it has ${there.join(', ')}\n${text}\n${skeleton}`,
        );
    }
    const object = new Function(
      `${ts
        .transpileModule(skeleton, {
          compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
        })
        .outputText.match(/object: (new (?:globalThis\.)?URL\([^]*?\)),\n/)?.[0]
        .replace(/^object: /, 'return ')
        .replace(/import\.meta\.url/, '"file:///d/x.js"')
        .replace(/,\n$/, ';')}`,
    )();
    if (decodeURIComponent(object.pathname) !== `/d/${stem}.bpf.o`)
      throw new Error(`the skeleton finds ${object}, not ${stem}.bpf.o`);
  },
});
rmSync(dir, { recursive: true });
console.log(`skeleton: ${JSON.stringify({ seconds, seed, ...done, accepted })}`);

// The reference of every public name, from the declarations that editors read.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Node, Project, type ClassDeclaration, type Node as Declaration } from 'ts-morph';
import { REPOSITORY, root, type Page } from './files.js';

interface Module {
  name: string;
  entry: string;
  about: string;
}

/** Modules of the library: lib/NAME.bpf.ts is scxts/lib/NAME. */
const LIBRARY = readdirSync(join(root, 'lib'))
  .filter((file) => file.endsWith('.bpf.ts'))
  .map((file) => file.replace('.bpf.ts', ''));
const COMPONENTS = ['cpufreq', 'energy', 'load_balancer', 'qos', 'userland'];
export const MODULES: readonly Module[] = [
  {
    name: 'scxts',
    entry: 'dsl/index.d.ts',
    about: "The language of the kernel's half: [the language](../language.md) tells about it.",
  },
  {
    name: 'scxts/runtime',
    entry: 'dist/native/runtime/index.d.ts',
    about: 'The userspace half: [the userspace half](../runtime.md) tells about it.',
  },
  {
    name: 'scxts/sim',
    entry: 'dist/sim/index.d.ts',
    about: 'The model kernel in tests: [the model kernel](../sim.md) tells about it.',
  },
  ...LIBRARY.map((name) => ({
    name: `scxts/lib/${name}`,
    entry: `lib/${name}.bpf.ts`,
    about: "A module of [the library](../lib.md) for the kernel's half.",
  })),
  ...COMPONENTS.flatMap((name) => [
    {
      name: `scxts/components/${name}`,
      entry: `components/${name}/index.bpf.ts`,
      about: "The kernel's half of a [component](../components.md).",
    },
    {
      name: `scxts/components/${name}/userspace`,
      entry: `dist/components/${name}/index.d.ts`,
      about: 'The userspace half of a [component](../components.md).',
    },
  ]),
];

/** What a name of a module is. */
export interface Entry {
  name: string;
  kind: string;
  description: string;
  signature: string;
  /** Where it is declared, in the repository. */
  file: string;
  line: number;
  /** The first Linux that has it. */
  since?: string;
  /** Where the kernel has it. */
  kernel?: string;
}

const documented = (declaration: Declaration): string => {
  const owner = Node.isVariableDeclaration(declaration)
    ? declaration.getVariableStatement()
    : declaration;
  if (!owner || !Node.isJSDocable(owner)) return '';
  return owner
    .getJsDocs()
    .map((doc) => doc.getInnerText())
    .join('\n')
    .trim();
};

/** Without bodies, and without what is private. */
function classText(of: ClassDeclaration): string {
  const heads = of
    .getMembers()
    .filter((member) => !/^(private|protected|#)/.test(member.getText()))
    .map((member) => `  ${member.getFullText().trim()}`);
  const base = of.getExtends();
  return `class ${of.getName() ?? ''}${base ? ` extends ${base.getText()}` : ''} {\n${heads.join('\n')}\n}`;
}

function signatureOf(declaration: Declaration): string {
  if (Node.isClassDeclaration(declaration)) return classText(declaration);
  if (Node.isVariableDeclaration(declaration)) {
    const text = declaration.getText();
    return `const ${text.length > 600 ? `${declaration.getName()}: ${declaration.getType().getText(declaration)}` : text}`;
  }
  const body = Node.isFunctionDeclaration(declaration) ? declaration.getBody() : undefined;
  const end = body ? body.getStart() - declaration.getStart() : undefined;
  const text = declaration.getText().slice(0, end).trim();
  return `${text.replace(/^export (declare )?/, '')}${body ? ';' : ''}`;
}

/** dist/X.d.ts is made of X.ts. */
const sourceOf = (path: string): string =>
  relative(root, path).replace(/^dist\/(.*)\.d\.ts$/, '$1.ts');

export function entriesOf(modules: readonly Module[] = MODULES): Map<string, Entry[]> {
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      module: 199,
      moduleResolution: 99,
      target: 9,
      strict: true,
      skipLibCheck: true,
    },
  });
  const found = new Map<string, Entry[]>();
  for (const { name, entry } of modules) {
    const file = project.addSourceFileAtPath(join(root, entry));
    const entries = [...file.getExportedDeclarations()].map(([key, declarations]): Entry => {
      const first = declarations[0]!;
      const description = declarations.map(documented).find((text) => text !== '') ?? '';
      const since = /Linux (\d+\.\d+)\+/.exec(description.replace(/\([^)]*\)/g, ''))?.[1];
      const kernel = /\b(?:kernel|include|uapi)\/[\w/.-]+\.[ch]\b/.exec(description)?.[0];
      return {
        ...{ name: key, kind: first.getKindName().replace('Declaration', ''), description },
        signature: declarations.map(signatureOf).join('\n'),
        ...{
          file: sourceOf(first.getSourceFile().getFilePath()),
          line: first.getStartLineNumber(),
        },
        ...(since && { since }),
        ...(kernel && { kernel }),
      };
    });
    found.set(name, entries);
  }
  return found;
}

const inTable = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').replace(/</g, '&lt;');
/** Text of a comment as Markdown: what looks like a tag or a template is not. */
const inPage = (text: string): string =>
  text.replace(/`[^`]*`|<|\{\{/g, (found) =>
    found === '<' ? '&lt;' : found === '{{' ? '&#123;&#123;' : found,
  );

function pageOf({ name, about }: Module, entries: readonly Entry[]): string {
  const parts = [`# ${name}`, about];
  const order = [...entries].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const constants = order.filter((e) => e.kind === 'Variable' && !e.signature.includes('\n'));
  const others = order.filter((e) => !constants.includes(e));
  for (const e of others) {
    const facts = [
      ...(e.since ? [`since Linux ${e.since}`] : []),
      ...(e.kernel ? [`in the kernel: ${e.kernel}`] : []),
      `[${e.file}:${e.line}](${REPOSITORY}/${e.file}#L${e.line})`,
    ];
    parts.push(
      `## ${e.name}`,
      inPage(e.description),
      `\`\`\`ts\n${e.signature}\n\`\`\``,
      facts.join(' · '),
    );
  }
  if (constants.length > 0) {
    const rows = constants.map(
      (e) => `| \`${inTable(e.signature.replace(/^const /, ''))}\` | ${inTable(e.description)} |`,
    );
    parts.push('## Constants', ['| | |', '|---|---|', ...rows].join('\n'));
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

export function apiPages(): Page[] {
  const all = entriesOf();
  const pages = MODULES.map((module) => ({
    path: `api/${module.name.replace(/\//g, '-')}.md`,
    title: module.name,
    text: pageOf(module, all.get(module.name)!),
  }));
  const rows = MODULES.map(
    (m, i) =>
      `| [${m.name}](${pages[i]!.path.replace('api/', '')}) | ${all.get(m.name)!.length} | ${m.about} |`,
  );
  const text = `# Reference\n\nEvery name that a module exports, from its declarations. The structs of the kernel, \`scxts/vmlinux\`, are in [dsl/vmlinux.d.ts](${REPOSITORY}/dsl/vmlinux.d.ts).\n\n| Module | Names | |\n|---|---|---|\n${rows.join('\n')}\n`;
  return [...pages, { path: 'api/index.md', title: 'Reference', text }];
}

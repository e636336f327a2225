import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from 'ts-morph';

const dsl = join(import.meta.dirname, '..', '..', 'dsl');
const EXPORT =
  /^export (?:declare )?(?:const|let|function|type|interface|class|enum) ([A-Za-z_$][\w$]*)/gm;
const KERNEL_TYPES = 'vmlinux.d.ts';

function exportsOf(file: string): string[] {
  const text = readFileSync(join(dsl, file), 'utf8');
  return [...text.matchAll(EXPORT)].map(([, name]) => name!);
}

/** The module that exports each name of the language; the language's own go before types of the kernel. */
function readModules(): Map<string, string> {
  const index = readFileSync(join(dsl, 'index.d.ts'), 'utf8');
  const files = [...index.matchAll(/from '\.\/(.*)\.js'/g)].map(([, path]) => `${path}.d.ts`);
  return new Map([
    ...exportsOf(KERNEL_TYPES).map((name) => [name, 'scxts/vmlinux'] as const),
    ...files.flatMap(exportsOf).map((name) => [name, 'scxts'] as const),
  ]);
}
let modules: Map<string, string> | undefined;

/** Names that a file declares or imports at its top. */
function declared(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const e of name.elements) if (ts.isBindingElement(e)) bind(e.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement))
      for (const d of statement.declarationList.declarations) bind(d.name);
    else if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings && ts.isNamedImports(bindings))
        for (const e of bindings.elements) names.add(e.name.text);
    } else {
      const { name } = statement as { name?: ts.Node };
      if (name && ts.isIdentifier(name)) names.add(name.text);
    }
  }
  return names;
}

/** Names that stand for something, rather than name a member. */
function used(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node) ||
        (ts.isPropertySignature(parent) && parent.name === node) ||
        (ts.isMethodDeclaration(parent) && parent.name === node) ||
        (ts.isBindingElement(parent) && parent.propertyName === node);
      if (!isMember) names.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** The names of a text that nests too deeply for TypeScript's parser: all words that nothing declares. */
function words(text: string): { own: Set<string>; used: Set<string> } {
  const declares = /\b(?:const|let|function|interface|type) ([A-Za-z_$][\w$]*)/g;
  return {
    own: new Set([...text.matchAll(declares)].map(([, name]) => name!)),
    used: new Set(text.match(/[A-Za-z_$][\w$]*/g)),
  };
}

function namesIn(text: string): { own: Set<string>; used: Set<string> } {
  try {
    const file = ts.createSourceFile('program.ts', text, ts.ScriptTarget.ES2022, true);
    return { own: declared(file), used: used(file) };
  } catch {
    return words(text);
  }
}

/** One line that imports what `text` uses of the language and neither declares nor imports itself; else nothing. */
export function importsFor(text: string): string {
  modules ??= readModules();
  const { own, used } = namesIn(text);
  const wanted = new Map<string, string[]>();
  for (const name of [...used].sort()) {
    const module = own.has(name) ? undefined : modules.get(name);
    if (!module) continue;
    const names = wanted.get(module) ?? [];
    wanted.set(module, [...names, name]);
  }
  const lines = [...wanted].map(([module, names]) => {
    const kind = module === 'scxts' ? 'import' : 'import type';
    return `${kind} { ${names.join(', ')} } from '${module}';`;
  });
  return lines.length > 0 ? `${lines.join(' ')}\n` : '';
}

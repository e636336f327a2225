import { ts, type Project } from 'ts-morph';

/** What ts-morph parses files with; no part of its API. */
interface Registry {
  createOrUpdateSourceFile(
    fileName: string,
    settings: ts.CompilerOptions,
    text: ts.IScriptSnapshot,
    kind: ts.ScriptKind | undefined,
  ): ts.SourceFile;
}

/** Of TypeScript, but not in its declarations. */
type CreateSourceFile = (
  fileName: string,
  text: ts.IScriptSnapshot,
  options: ts.CreateSourceFileOptions,
  version: string,
  setParentNodes: boolean,
  kind: ts.ScriptKind | undefined,
) => ts.SourceFile;

/** Declarations of TypeScript's own library, and of the language; those of kernel types have tags that the compiler reads. */
function isPlain(fileName: string, dslDir: string): boolean {
  if (!fileName.endsWith('.d.ts')) return false;
  const isLanguage = fileName.startsWith(`${dslDir}/`) && !fileName.endsWith('/vmlinux.d.ts');
  return isLanguage || /\/typescript\/lib\/lib\.[\w.]+$/.test(fileName);
}

/**
 * Comments of declarations are not parsed where the compiler looks at none: they are most of the text that is read for a small program.
 * Without this a check is right too, and takes longer.
 */
export function skipCommentsOfDeclarations(project: Project, dslDir: string): void {
  const { compilerFactory } = (
    project as unknown as { _context: { compilerFactory?: { documentRegistry?: Registry } } }
  )._context;
  const registry = compilerFactory?.documentRegistry;
  if (typeof registry?.createOrUpdateSourceFile !== 'function') return;
  const parse = registry.createOrUpdateSourceFile.bind(registry);
  const create = ts.createLanguageServiceSourceFile as CreateSourceFile;
  registry.createOrUpdateSourceFile = (fileName, settings, text, kind) => {
    if (!isPlain(fileName, dslDir)) return parse(fileName, settings, text, kind);
    const options = {
      languageVersion: settings.target ?? ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    };
    return create(fileName, text, options, '0', true, kind);
  };
}

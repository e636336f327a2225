import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Project, ts } from 'ts-morph';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { emptyFile, fileNotFound, notTypeScript } from '../diagnostics/catalogue/files.js';
import type { Span } from '../ir/span.js';
import { packageRoot } from '../root.js';
import { explain, type Module } from './typescript-hints.js';

export interface LoadedProgram {
  program: ts.Program;
  checker: ts.TypeChecker;
  entry: ts.SourceFile;
  /** Folder of the language's declarations: a symbol declared there is the language's. */
  dslDir: string;
}

/** A project that the files of programs are added to. It may serve many of them, one after the other. */
export function createProject(): Project {
  const dslDir = join(packageRoot(), 'dsl');
  return new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      moduleDetection: ts.ModuleDetectionKind.Force,
      allowImportingTsExtensions: true,
      // The smallest library that has what the language uses: a full one doubles start-up time.
      lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
      types: [],
      skipLibCheck: true,
      noFallthroughCasesInSwitch: false,
      allowUnreachableCode: true,
      paths: {
        scxts: [join(dslDir, 'index.d.ts')],
        'scxts/vmlinux': [join(dslDir, 'vmlinux.d.ts')],
        'scxts/components/*': [join(packageRoot(), 'components', '*', 'index.bpf.ts')],
      },
    },
  });
}

/** Loads a DSL file and all it imports. Reads the file system, runs nothing of the program. */
export function loadProgram(
  file: string,
  project: Project = createProject(),
): LoadedProgram | Diagnostic {
  const path = resolve(file);
  const known = project.getSourceFile(path);
  if (!known) {
    if (!existsSync(path) || !statSync(path).isFile()) return fileNotFound(undefined, file);
    if (!/\.[mc]?ts$/.test(path) || path.endsWith('.d.ts')) return notTypeScript(undefined, file);
    project.addSourceFileAtPath(path);
  }
  const program = project.getProgram().compilerObject;
  const entry = program.getSourceFile(path);
  if (!entry) return fileNotFound(undefined, file);
  if (entry.statements.length === 0) return emptyFile(spanOf(entry, entry), file);
  const dslDir = join(packageRoot(), 'dsl');
  return { program, checker: program.getTypeChecker(), entry, dslDir };
}

export function spanOf(node: ts.Node, file: ts.SourceFile = node.getSourceFile()): Span {
  const start = node.getStart(file);
  return {
    file: file.fileName,
    start,
    end: node.getEnd(),
    line: file.getLineAndCharacterOfPosition(start).line + 1,
  };
}

/** The entry file and every DSL file that it imports, imported files first. */
export function dslFiles(loaded: LoadedProgram): ts.SourceFile[] {
  const { program, checker, entry, dslDir } = loaded;
  const order: ts.SourceFile[] = [];
  const seen = new Set<ts.SourceFile>();
  const visit = (file: ts.SourceFile): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const statement of file.statements) {
      const from =
        ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
          ? statement.moduleSpecifier
          : undefined;
      if (!from) continue;
      const target = checker.getSymbolAtLocation(from)?.valueDeclaration?.getSourceFile();
      if (!target || target.isDeclarationFile || target.fileName.startsWith(dslDir)) continue;
      if (program.isSourceFileDefaultLibrary(target)) continue;
      visit(target);
    }
    order.push(file);
  };
  visit(entry);
  return order;
}

/** What TypeScript itself has to say of the program's files. */
export function typescriptDiagnostics(loaded: LoadedProgram, files: ts.SourceFile[]): Diagnostic[] {
  const out: Diagnostic[] = [];
  const names = new Map<Module, Set<string>>();
  const exported = (module: Module): ReadonlySet<string> => {
    const known = names.get(module) ?? exportsOf(loaded, module);
    names.set(module, known);
    return known;
  };
  for (const file of files) {
    const found = [
      ...loaded.program.getSyntacticDiagnostics(file),
      ...loaded.program.getSemanticDiagnostics(file),
    ];
    for (const d of found) out.push(fromTypeScript(d, exported));
  }
  return out;
}

/** What an import from one of the language's modules finds. */
function exportsOf({ program, checker, dslDir }: LoadedProgram, module: Module): Set<string> {
  const file = program.getSourceFile(join(dslDir, `${module}.d.ts`));
  const symbol = file && checker.getSymbolAtLocation(file);
  return new Set(symbol ? checker.getExportsOfModule(symbol).map((s) => s.name) : []);
}

function fromTypeScript(
  d: ts.Diagnostic,
  exported: (module: Module) => ReadonlySet<string>,
): Diagnostic {
  const span =
    d.file && d.start !== undefined
      ? {
          file: d.file.fileName,
          start: d.start,
          end: d.start + (d.length ?? 1),
          line: d.file.getLineAndCharacterOfPosition(d.start).line + 1,
        }
      : undefined;
  return {
    code: `TS${d.code}`,
    ...explain(d, exported),
    severity: 'error',
    ...(span ? { span } : {}),
  };
}

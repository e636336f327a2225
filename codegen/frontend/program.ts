import { join, resolve } from 'node:path';
import { Project, ts } from 'ts-morph';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { emptyFile, fileNotFound, tooDeep } from '../diagnostics/catalogue/files.js';
import type { Span } from '../ir/span.js';
import { packageRoot } from '../root.js';
import { deepNode, isOverflow, tooDeepInText } from './nesting.js';
import { skipCommentsOfDeclarations } from './fast-declarations.js';
import { encodingError, refusal } from './sources.js';
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
  const project = new Project({
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
        'scxts/lib/*': [join(packageRoot(), 'lib', '*.bpf.ts')],
        'scxts/components/*': [join(packageRoot(), 'components', '*', 'index.bpf.ts')],
      },
    },
  });
  skipCommentsOfDeclarations(project, dslDir);
  return project;
}

/** Loads a DSL file and all it imports. Reads the file system, runs nothing of the program. */
export function loadProgram(
  file: string,
  project: Project = createProject(),
): LoadedProgram | Diagnostic {
  const path = resolve(file);
  if (!project.getSourceFile(path)) {
    const refused = refusal(path, file);
    if (refused) return refused;
  }
  const program = parse(path, project);
  if (!program) return tooDeepInText(path);
  const entry = program.getSourceFile(path);
  if (!entry) return fileNotFound(undefined, file);
  if (entry.statements.length === 0) return emptyFile(spanOf(entry, entry), file);
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile) continue;
    const wrong = encodingError(source) ?? nestingError(source);
    if (wrong) return wrong;
  }
  const dslDir = join(packageRoot(), 'dsl');
  return { program, checker: program.getTypeChecker(), entry, dslDir };
}

/** The program of a file; undefined where TypeScript's parser recurses too deeply. */
function parse(path: string, project: Project): ts.Program | undefined {
  try {
    if (!project.getSourceFile(path)) project.addSourceFileAtPath(path);
    return project.getProgram().compilerObject;
  } catch (error) {
    if (isOverflow(error)) return undefined;
    throw error;
  }
}

function nestingError(source: ts.SourceFile): Diagnostic | undefined {
  const deep = deepNode(source);
  return deep && tooDeep(spanOf(deep, source));
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

import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Project } from 'ts-morph';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { SourceReader } from './diagnostics/frame.js';
import { emitModule } from './emit/c/module.js';
import { emitSkeleton } from './emit/skeleton/skeleton.js';
import { checkProgram } from './check-program.js';
import { outputNotWritten } from './diagnostics/catalogue/files.js';
import { Staging } from './files/staging.js';
import { systemRefusal } from './files/system-error.js';
import { isOverflow, tooDeepInText } from './frontend/nesting.js';
import type { ModuleIr } from './ir/module.js';
import { printModule } from './ir/print.js';
import { prepareForBpf } from './passes/index.js';
import { estimatePaths, type PathEstimate } from './passes/joins.js';
import { packageRoot } from './root.js';
import { compileC, strip, takeStackUsage } from './toolchain/clang.js';
import { checkStackUsage, stackRefusedByClang } from './toolchain/stack.js';

export { diagnosticToJson, formatDiagnostic } from './diagnostics/frame.js';
export type { Diagnostic } from './diagnostics/diagnostic.js';
export { CheckSession } from './service/session.js';
export { createProject } from './frontend/program.js';

export interface CompileOptions {
  /** Oldest kernel the program must load on, `MAJOR.MINOR`. */
  minKernel?: string;
  /** Where files are kept from one program to the next, for who compiles many; a new one by default. */
  project?: Project;
}

export interface CheckResult {
  diagnostics: Diagnostic[];
  read: SourceReader;
}

export interface WrittenFile {
  path: string;
  bytes: number;
}

export interface BuildResult extends CheckResult {
  /** False if there is any error; nothing has been written then. */
  ok: boolean;
  files: WrittenFile[];
  objectPath: string;
  /** The program in the compiler's terms, as C was printed from it; none where there is an error. */
  module?: ModuleIr;
  milliseconds: { frontend: number; clang: number; total: number };
}

export function version(): string {
  return (
    JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  ).version;
}

function reader(sources: Map<string, string>): SourceReader {
  return (file) => sources.get(file);
}

/** Type-checks a program and checks it against the rules of the kernel. Writes nothing. */
export function checkFile(file: string, options: CompileOptions = {}): CheckResult {
  const { diagnostics, sources } = checkProgram(file, options);
  return { diagnostics, read: reader(sources) };
}

/** The same, with what a verifier has to follow in each of its programs; none if there is an error. */
export function checkWithStats(
  file: string,
  options: CompileOptions = {},
): CheckResult & { stats?: PathEstimate[] } {
  const { module, diagnostics, sources } = checkProgram(file, options);
  const result = { diagnostics, read: reader(sources) };
  const failed = !module || diagnostics.some((d) => d.severity === 'error');
  return failed ? result : { ...result, stats: estimatePaths(module) };
}

/** A program in the compiler's terms as text, after all passes; none if there is an error. */
export function irOf(file: string, options: CompileOptions = {}): CheckResult & { text?: string } {
  const { module, diagnostics, sources } = checkProgram(file, options);
  const result = { diagnostics, read: reader(sources) };
  if (!module || diagnostics.some((d) => d.severity === 'error')) return result;
  try {
    prepareForBpf(module);
    return { ...result, text: printModule(module) };
  } catch (error) {
    if (!isOverflow(error)) throw error;
    return { ...result, diagnostics: [...diagnostics, tooDeepInText(resolve(file))] };
  }
}

/** Compiles a program to `NAME.bpf.c`, `NAME.bpf.o` and `NAME.skel.ts`; all of them or none. */
export async function buildFile(
  file: string,
  options: CompileOptions & { outDir?: string } = {},
): Promise<BuildResult> {
  const started = performance.now();
  const { module, diagnostics: found, sources } = checkProgram(file, options);
  const read = reader(sources);
  const frontend = performance.now() - started;
  const stem = basename(file).replace(/\.[mc]?ts$/, '');
  const directory = resolve(options.outDir ?? dirname(file));
  const objectPath = join(directory, `${stem}.bpf.o`);
  const fail = (more: Diagnostic[], clang = 0): BuildResult => ({
    ok: false,
    files: [],
    objectPath,
    diagnostics: [...found, ...more],
    read,
    milliseconds: { frontend, clang, total: performance.now() - started },
  });
  if (!module || found.some((d) => d.severity === 'error')) return fail([]);

  const cName = `${stem}.bpf.c`;
  const oName = `${stem}.bpf.o`;
  const skelName = `${stem}.skel.ts`;
  try {
    using staging = new Staging(directory);
    const cPending = staging.at(cName);
    const oPending = staging.at(oName);
    writeFileSync(cPending, emitModule(module, { directory, ownName: cName, version: version() }));
    const compiled = await compileC(cPending, oPending, directory);
    const usage = takeStackUsage(oPending);
    const deep = compiled.refused
      ? stackRefusedByClang(module, compiled.refused)
      : checkStackUsage(module, usage);
    if (deep.length > 0) return fail(deep, compiled.clangMs);
    if (compiled.diagnostics.length > 0) {
      if (process.env['SCXTS_KEEP_C']) renameSync(cPending, join(directory, `${cName}.rejected`));
      return fail(compiled.diagnostics, compiled.clangMs);
    }
    await strip(oPending);
    writeFileSync(
      staging.at(skelName),
      emitSkeleton(module, {
        object: oName,
        source: basename(file),
        version: version(),
        directory,
      }),
    );
    const files = staging.place([cName, oName, skelName]);
    return {
      ok: true,
      files: files.map((path) => ({ path, bytes: statSync(path).size })),
      objectPath,
      module,
      diagnostics: found,
      read,
      milliseconds: { frontend, clang: compiled.clangMs, total: performance.now() - started },
    };
  } catch (error) {
    if (isOverflow(error)) return fail([tooDeepInText(resolve(file))]);
    const refusal = systemRefusal(error);
    if (!refusal) throw error;
    return fail([outputNotWritten(undefined, refusal.message, refusal.hint)]);
  }
}

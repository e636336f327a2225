import { readFileSync } from 'node:fs';
import type { Project } from 'ts-morph';
import { notCompiled } from '../diagnostics/catalogue/syntax.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ModuleIr } from '../ir/module.js';
import { OLDEST_KERNEL } from '../kernel/versions.js';
import { Frontend } from './context.js';
import { populateArenas } from './declarations/arenas.js';
import { placeCollections } from './declarations/collections.js';
import { makeConversions } from './conversions.js';
import { exportedConstants } from './declarations/exported-constants.js';
import { componentIr } from './declarations/components.js';
import { declareModule, defaultScheduler } from './declarations/modules.js';
import { compilePending } from './declarations/later.js';
import { compileScheduler, keepNames } from './declarations/scheduler.js';
import { componentOwners } from './declarations/ownership.js';
import { nameState } from './declarations/state-names.js';
import { keepIdleTracking } from './idle-tracking.js';
import { takeFailures } from './make.js';
import { compileUnused } from './unused.js';
import { dslFiles, loadProgram, typescriptDiagnostics } from './program.js';

export interface FrontendResult {
  module?: ModuleIr;
  diagnostics: Diagnostic[];
  /** Source text by file, for code frames. */
  sources: Map<string, string>;
}

export interface LowerOptions {
  minKernel?: string;
  /** Where files are kept from one run to the next; a new one by default. */
  project?: Project;
}

/** TypeScript source to typed IR. Never throws for anything in the program. */
export function lowerProgram(file: string, options: LowerOptions = {}): FrontendResult {
  const loaded = loadProgram(file, options.project);
  if ('code' in loaded) return { diagnostics: [loaded], sources: textBehind(loaded) };
  const files = dslFiles(loaded);
  const sources = new Map(files.map((f) => [f.fileName, f.text]));
  const fromTypeScript = typescriptDiagnostics(loaded, files);
  takeFailures();
  const fe = new Frontend(loaded, options.minKernel ?? OLDEST_KERNEL);
  const owners = componentOwners(fe, files);
  const call = defaultScheduler(fe);
  if (call) keepNames(fe, call);
  for (const f of files) declareModule(fe, f, owners.get(f));
  if (call) compileScheduler(fe, call);
  compilePending(fe);
  compileUnused(fe, files);
  nameState(fe, files);
  keepIdleTracking(fe);
  placeCollections(fe);
  populateArenas(fe);
  const components = fe.components.map((c) => componentIr(fe, c));
  const exported = exportedConstants(fe);
  const own = withoutCascades(fe.bag.all, fromTypeScript);
  const diagnostics = [...fromTypeScript.filter((t) => !saidBetter(t, own)), ...own];
  const [lost] = takeFailures();
  const failed = (): boolean => diagnostics.some((d) => d.severity === 'error');
  if (lost && !failed()) diagnostics.push(notCompiled(lost));
  if (!fe.scheduler || failed()) return { diagnostics, sources };
  const module: ModuleIr = {
    source: loaded.entry.fileName,
    minKernel: fe.minKernel,
    scheduler: fe.scheduler,
    components,
    structs: fe.structOrder,
    macros: fe.macros,
    exported,
    globals: fe.globals,
    counters: fe.counters,
    maps: fe.maps,
    collections: fe.collections,
    kernelVariables: fe.kernelVariables,
    allocated: [...fe.allocated],
    functions: fe.functions,
    timers: fe.timers,
    timerFields: [...fe.timerFields.values()],
    programs: fe.programs,
  };
  makeConversions(module);
  return { diagnostics, sources, module };
}

/** The text that a diagnostic points into, where the file could not be loaded. */
function textBehind({ span }: Diagnostic): Map<string, string> {
  return new Map(span ? [[span.file, readFileSync(span.file, 'utf8')]] : []);
}

/** TypeScript codes that only say in other words what scxts says better at the same place. */
const SAID_BETTER = new Set(['TS2540', 'TS2307', 'TS2591']);

function saidBetter(t: Diagnostic, own: Diagnostic[]): boolean {
  return (
    SAID_BETTER.has(t.code) &&
    own.some((d) => d.span?.file === t.span?.file && d.span?.start === t.span?.start)
  );
}

/** Drops what follows from an error that TypeScript has reported at the same place. */
function withoutCascades(own: Diagnostic[], typescript: Diagnostic[]): Diagnostic[] {
  return own.filter((d) => {
    if (!d.span) return true;
    const { span } = d;
    return !typescript.some(
      (t) =>
        t.span &&
        !SAID_BETTER.has(t.code) &&
        t.span.file === span.file &&
        // What follows from a wrong type is said of the declaration's other parts.
        (t.span.line === span.line || (t.span.start < span.end && span.start < t.span.end)),
    );
  });
}

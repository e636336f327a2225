import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildFile,
  createProject,
  formatDiagnostic,
  type BuildResult,
} from '../../../codegen/index.js';
import { Machine } from '../../../codegen/ir/interpreter/machine.js';
import { openObject, type SyscallProgram } from '../../../native/runtime/index.js';
import { importsFor } from '../../util/imports.js';
import type { Difference } from '../compare.js';
import { Random } from '../random.js';
import { VALUES, expectedOf, meaningProgram, sourceOf, type MeaningProgram } from './programs.js';

export interface Compared {
  /** Programs that all three ran. */
  ran: number;
  differences: Difference[];
  /** How many scxts refused, with a reason that such a program may be refused for, by code. */
  refused: Map<string, number>;
}

/** Reasons to refuse a program of the generator: references to what is overwritten, objects that are kept, signs that mix, constants that are out of range or never what they are compared with. */
const REASONS = new Set(['SCX2033', 'SCX2034', 'SCX2006', 'TS2367', 'SCX2011']);

/** Programs of one object: clang and the start of the frontend are then a small part of it. */
const TOGETHER = 100;

/** Runs random programs in JavaScript, in the interpreter of the IR and on the host's kernel, and gives where these differ. */
export async function compareMeaning(
  options: { seed: number; count: number; together?: number },
  say: (text: string) => void = () => undefined,
): Promise<Compared> {
  const dir = mkdtempSync(join(tmpdir(), 'scxts-meaning-'));
  const project = createProject();
  const result: Compared = { ran: 0, differences: [], refused: new Map() };
  const started = performance.now();
  try {
    for (let seed = options.seed, left = options.count; left > 0; seed++) {
      const count = Math.min(options.together ?? TOGETHER, left);
      left -= count;
      const r = new Random(seed);
      const programs = Array.from({ length: count }, () => meaningProgram(r));
      const known = result.differences.length;
      await together(seed, programs, join(dir, `meaning${seed}.ts`), project, result);
      result.differences.slice(known).forEach((d) => say(shown(d)));
      const seconds = (performance.now() - started) / 1000;
      say(
        `seed ${seed}: ${result.ran} ran, ${result.differences.length} differ, refused ${[...result.refused].map(([c, n]) => `${c} ${n}`).join(', ') || 'none'}, ${(result.ran / seconds).toFixed(1)} a second`,
      );
    }
    return result;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function shown({ seed, program, expected, happened }: Difference): string {
  return `\n### seed ${seed}\n${program}\nexpected: ${expected}\nhappened: ${happened}`;
}

async function together(
  seed: number,
  given: readonly MeaningProgram[],
  file: string,
  project: ReturnType<typeof createProject>,
  result: Compared,
): Promise<void> {
  let programs = [...given];
  const fault = (program: string, expected: string, happened: string): void =>
    void result.differences.push({ seed, program, expected, happened });
  while (programs.length > 0) {
    const source = sourceOf(programs);
    const text = importsFor(source) + source;
    writeFileSync(file, text);
    const built = await buildFile(file, { project });
    project.getSourceFile(file)?.forget();
    if (built.diagnostics.length > 0) {
      const out = refusedIn(built, text, programs, result, fault);
      if (out.size === 0) return;
      programs = programs.filter((_, n) => !out.has(n));
      continue;
    }
    const rejected = runAll(built, programs, result, fault);
    if (rejected === undefined) return;
    programs = programs.filter((_, n) => n !== rejected);
  }
}

type Fault = (program: string, expected: string, happened: string) => void;

/** Programs that have a diagnostic, by position. One without a place in a program ends the object. */
function refusedIn(
  built: BuildResult,
  text: string,
  programs: readonly MeaningProgram[],
  result: Compared,
  fault: Fault,
): Set<number> {
  const out = new Set<number>();
  const lines = text.split('\n');
  let at = -1;
  const owner = lines.map((line) => {
    const begins = /^\/\/ (?:program (\d+)|end)$/.exec(line);
    if (begins) at = Number(begins[1] ?? -1);
    return at;
  });
  for (const d of built.diagnostics) {
    const n = d.span ? (owner[d.span.line - 1] ?? -1) : -1;
    const what = formatDiagnostic(d, built.read);
    if (n < 0) {
      fault(`${text.slice(0, 200)}...`, 'it is built', what);
      return new Set();
    }
    if (out.has(n)) continue;
    out.add(n);
    if (REASONS.has(d.code)) result.refused.set(d.code, (result.refused.get(d.code) ?? 0) + 1);
    else fault(programs[n]?.body ?? '', 'it is built', what);
  }
  return out;
}

/** Runs the programs of an object in all three; gives the one that the kernel does not take, if it says which. */
function runAll(
  built: BuildResult,
  programs: readonly MeaningProgram[],
  result: Compared,
  fault: Fault,
): number | undefined {
  let loaded;
  try {
    loaded = openObject(built.objectPath).loadWithoutScheduler();
  } catch (error) {
    const { message } = error as Error;
    const which = /'run(\d+)'/.exec(message)?.[1];
    fault(programs[Number(which)]?.body ?? '', 'it is loaded', message.slice(0, 1500));
    return which === undefined ? undefined : Number(which);
  }
  const machine = new Machine(built.module!);
  const expected = expectedOf(programs);
  const progs = loaded.progs as Record<string, SyscallProgram>;
  programs.forEach((_, n) => progs[`run${n}`]!.run());
  const { out } = loaded.globals as { out: bigint[] };
  programs.forEach((program, n) => {
    const part = (all: ArrayLike<bigint>): string =>
      Array.from({ length: VALUES }, (_, i) => all[n * VALUES + i]).join(' ');
    const wanted = expected[n]!.join(' ');
    let asIr: string;
    try {
      machine.run(`run${n}`);
      asIr = part(machine.numbersOf('out'));
    } catch (error) {
      asIr = String(error);
    }
    const happened = part(out);
    result.ran++;
    if (happened !== wanted || asIr !== wanted)
      fault(program.body, wanted, `${happened}\nin the IR: ${asIr}`);
  });
  loaded[Symbol.dispose]();
  return undefined;
}

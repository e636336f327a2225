import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFile, createProject, formatDiagnostic } from '../../codegen/index.js';
import { openObject, type SyscallProgram } from '../../native/runtime/index.js';
import { importsFor } from '../util/imports.js';
import { objectPrograms, VALUES } from './objects.js';
import { Random } from './random.js';

/** A program that is refused, or that gives on this machine's kernel what JavaScript does not. */
export interface Difference {
  seed: number;
  program: string;
  expected: string;
  happened: string;
}

/** Programs of one object file: enough that clang's start does not matter, few enough to be built within a second or two. */
const TOGETHER = 10;

/** Builds random programs, runs them on the host's kernel and in JavaScript, and gives where the two differ. */
export async function compare(
  options: { seed: number; count: number },
  say: (text: string) => void = () => undefined,
): Promise<Difference[]> {
  const dir = mkdtempSync(join(tmpdir(), 'scxts-compare-'));
  const project = createProject();
  const found: Difference[] = [];
  const started = performance.now();
  let seed = options.seed;
  try {
    for (let done = 0; done < options.count; done += TOGETHER, seed++) {
      const file = join(dir, `objects${seed}.ts`);
      found.push(...(await compareOne(seed, file, project)));
      const minutes = (performance.now() - started) / 60_000;
      if (seed % 10 === 0)
        say(
          `${done + TOGETHER} programs, ${found.length} differences, ${((done + TOGETHER) / minutes).toFixed(0)} a minute`,
        );
    }
    return found;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function compareOne(
  seed: number,
  file: string,
  project: ReturnType<typeof createProject>,
): Promise<Difference[]> {
  const { source, texts, expected } = objectPrograms(new Random(seed), TOGETHER);
  const whole = (happened: string): Difference[] => [
    { seed, program: source, expected: 'it is built and loaded', happened },
  ];
  writeFileSync(file, importsFor(source) + source);
  const built = await buildFile(file, { project });
  project.getSourceFile(file)?.forget();
  if (built.diagnostics.length > 0)
    return whole(built.diagnostics.map((d) => formatDiagnostic(d, built.read)).join('\n'));
  let loaded;
  try {
    loaded = openObject(built.objectPath).loadWithoutScheduler();
  } catch (error) {
    return whole((error as Error).message);
  }
  const progs = loaded.progs as Record<string, SyscallProgram>;
  const differences = texts.flatMap((program, n) => {
    progs[`run${n}`]!.run();
    const { out } = loaded.globals as { out: bigint[] };
    const happened = [...out].slice(n * VALUES, (n + 1) * VALUES).join(' ');
    const wanted = expected[n]!.join(' ');
    return happened === wanted ? [] : [{ seed, program, expected: wanted, happened }];
  });
  loaded[Symbol.dispose]();
  return differences;
}

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { buildFile, createProject, formatDiagnostic } from '../../codegen/index.js';
import { runInVm } from '../../vm/index.js';
import { generate } from './generate.js';

const root = join(import.meta.dirname, '..', '..');
/** Objects that one machine is given, so that a batch ends before its time is up. */
const PER_BOOT = 150;

export interface Options {
  count: number;
  seed: number;
  /** How many times as long the bodies are as by default. */
  size?: number;
  /** Kernels to load on; `host` is this machine's own, which gets programs without sched_ext callbacks. */
  kernels: string[];
  progress?: (text: string) => void;
  /** Keeps programs that fail here. */
  keep?: string;
  /** Leaves objects here, to be loaded by other means. */
  objects?: string;
}

export interface Failure {
  seed: number;
  stage: 'check' | 'compile' | string;
  message: string;
  program: string;
}

export interface Outcome {
  tried: number;
  /** Accepted by check. */
  accepted: number;
  /** For each kernel: how many objects loaded of those tried. */
  loaded: Record<string, { ok: number; tried: number }>;
  failures: Failure[];
}

interface Built {
  seed: number;
  object: string;
  program: string;
}

/** Generates programs, compiles them, and has kernels load what was accepted. */
export async function soundness(options: Options): Promise<Outcome> {
  const say = options.progress ?? (() => undefined);
  const outcome: Outcome = { tried: 0, accepted: 0, loaded: {}, failures: [] };
  const dir = options.objects ?? mkdtempSync(join(tmpdir(), 'scxts-soundness-'));
  mkdirSync(dir, { recursive: true });
  const host = options.kernels.includes('host');
  try {
    for (let at = 0; at < options.count; at += PER_BOOT) {
      const seeds = Array.from(
        { length: Math.min(PER_BOOT, options.count - at) },
        (_, i) => options.seed + at + i,
      );
      const built = await buildAll(seeds, dir, { host, size: options.size }, outcome);
      say(`${outcome.tried} programs, ${outcome.accepted} accepted`);
      for (const kernel of options.kernels) {
        await (kernel === 'host' ? loadHere(built, outcome) : loadIn(kernel, built, outcome));
        const { ok, tried } = outcome.loaded[kernel]!;
        say(`  ${kernel}: ${ok} of ${tried} loaded`);
      }
      for (const { object } of options.objects ? [] : built) rmSync(object, { force: true });
    }
    if (options.keep) {
      mkdirSync(options.keep, { recursive: true });
      for (const f of outcome.failures) {
        writeFileSync(join(options.keep, `r${f.seed}.ts`), f.program);
        writeFileSync(join(options.keep, `r${f.seed}.${f.stage}.txt`), f.message);
      }
    }
    return outcome;
  } finally {
    if (!options.objects) rmSync(dir, { recursive: true, force: true });
  }
}

/** Builds with two at a time: the frontend of one beside clang for the other. */
async function buildAll(
  seeds: number[],
  dir: string,
  { host, size = 1 }: { host: boolean; size?: number | undefined },
  outcome: Outcome,
): Promise<Built[]> {
  const built: Built[] = [];
  const left = [...seeds];
  const project = createProject();
  const worker = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const program = generate(seed, { host, size });
      const file = join(dir, `r${seed}.ts`);
      writeFileSync(file, program);
      outcome.tried++;
      const fail = (stage: string, message: string): void => {
        outcome.failures.push({ seed, stage, message, program });
      };
      try {
        const result = await buildFile(file, { project });
        project.getSourceFile(file)?.forget();
        const text = result.diagnostics.map((d) => formatDiagnostic(d, result.read)).join('\n');
        // Whatever clang has to say comes after the program was accepted.
        const atClang = result.diagnostics.some((d) => d.code.startsWith('SCX5'));
        if (!result.ok || text) {
          fail(atClang ? 'compile' : 'check', text);
          if (atClang) outcome.accepted++;
          continue;
        }
        outcome.accepted++;
        built.push({ seed, object: result.objectPath, program });
      } catch (error) {
        fail('check', String((error as Error).stack));
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return built;
}

function record(kernel: string, built: Built[], lines: string, outcome: Outcome): void {
  const tally = (outcome.loaded[kernel] ??= { ok: 0, tried: 0 });
  const reports = new Map<string, { ok: boolean; error?: string }>();
  for (const line of lines.split('\n')) {
    if (!line.startsWith('{')) continue;
    const report = JSON.parse(line) as { path: string; ok: boolean; error?: string };
    reports.set(basename(report.path), report);
  }
  for (const { seed, object, program } of built) {
    const report = reports.get(basename(object));
    tally.tried++;
    if (report?.ok) tally.ok++;
    else {
      const message = report?.error ?? `the guest said nothing of it: ${lines.slice(-500)}`;
      outcome.failures.push({ seed, stage: kernel, message, program });
    }
  }
}

async function loadIn(kernel: string, built: Built[], outcome: Outcome): Promise<void> {
  const objects = built.map((b) => b.object);
  const result = await runInVm({
    kernel,
    cpus: 1,
    timeoutSec: 900,
    cwd: root,
    files: objects,
    command: ['node', 'test/soundness/guest.mjs', ...objects],
  });
  record(kernel, built, result.stdout + result.stderr, outcome);
}

async function loadHere(built: Built[], outcome: Outcome): Promise<void> {
  const guest = join(root, 'test', 'soundness', 'guest.mjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [guest, '--host', ...built.map((b) => b.object)],
    { maxBuffer: 1 << 28 },
  );
  record('host', built, stdout, outcome);
}

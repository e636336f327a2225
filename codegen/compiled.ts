import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { writeWhole } from '../native/runtime/write-whole.js';
import { bundleFile } from './bundle-file.js';

export type Compiler = typeof import('./index.js');

/** Where machine code and bytecode of scxts itself is kept: a folder of the user's own, since what is in it is run. */
export function compiledFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scxts', 'compiled');
}

/** From Node.js 22.8 on it keeps bytecode by itself. */
const keepsCode = 'enableCompileCache' in module;

/** Runs a CommonJS file with the bytecode that an earlier run of it has left, or leaves it. */
function runCached(file: string): unknown {
  const source = readFileSync(file, 'utf8');
  const { mtimeMs, size } = statSync(file);
  // V8 itself compares its own version and flags, and the length of the source.
  const stamp = `${mtimeMs} ${size} ${process.version} ${process.arch}`
    .padEnd(STAMP)
    .slice(0, STAMP);
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  const path = join(compiledFolder(), `${name}.bytecode`);
  const kept = existsSync(path) ? readFileSync(path) : undefined;
  const isOurs = kept?.subarray(0, STAMP).toString('latin1') === stamp && isWhole(kept);
  const script = new Script(module.wrap(source), {
    filename: file,
    ...(isOurs && { cachedData: kept!.subarray(STAMP + DIGEST) }),
  });
  const made: { exports: unknown } = { exports: {} };
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(made.exports, createRequire(file), made, file, dirname(file));
  if (!isOurs || script.cachedDataRejected) {
    // With what has been compiled lazily until the end of the work.
    process.once('exit', () => keep(path, stamp, script));
  }
  return made.exports;
}
const STAMP = 96;
const DIGEST = 32;

const digest = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** V8 runs damaged bytecode without a look at it. */
function isWhole(kept: Buffer): boolean {
  return kept.subarray(STAMP, STAMP + DIGEST).equals(digest(kept.subarray(STAMP + DIGEST)));
}

function withDigest(stamp: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(stamp, 'latin1'), digest(data), data]);
}

function keep(path: string, stamp: string, script: Script): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeWhole(path, withDigest(stamp, script.createCachedData()));
  } catch {
    // A full or read-only disk costs time at the next start, and nothing else.
  }
}

let loaded: Promise<Compiler> | undefined;

/** The compiler, loaded the fastest way that there is here. */
export function compiler(): Promise<Compiler> {
  return (loaded ??= load());
}

async function load(): Promise<Compiler> {
  const file = bundleFile('dist/bundle/compiler.cjs', 'dist/codegen');
  if (file === undefined) return import('./index.js');
  return (keepsCode ? createRequire(file)(file) : runCached(file)) as Compiler;
}

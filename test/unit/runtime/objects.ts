import { execaSync } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { findTool } from '../../../codegen/toolchain/clang.js';
import {
  openObject,
  ScxtsError,
  type LoadedScheduler,
  type OpenScheduler,
  type SkeletonTypes,
} from '../../../native/runtime/index.js';

/**
 * Under which congestion.c registers, in at most 15 characters. The kernel has one list of them, and test files run at the
 * same time.
 */
export const CONGESTION_NAME = `scxts_${process.pid}`;

/** The runtime takes any libbpf object: these are C, so that every BTF kind and map type is there. */
export function compileObject(name: string, defines: string[] = []): string {
  const dir = mkdtempSync(join(tmpdir(), 'scxts-object-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const clang = findTool('clang');
  if (!clang) throw new Error('these tests need clang');
  const output = join(dir, `${name}.bpf.o`);
  execaSync(clang, [
    ...['-target', 'bpf', '-mcpu=v3', '-O2', '-g', '-Wall', '-Werror', '-c'],
    `-I/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
    `-DNAME="${CONGESTION_NAME}"`,
    ...defines.map((d) => `-D${d}`),
    join(import.meta.dirname, 'objects', `${name}.c`),
    ...['-o', output],
  ]);
  return output;
}

/** For objects without a skeleton: everything is there, nothing is known. */
export interface Loose extends SkeletonTypes {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the C objects have no skeleton
  config: any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  globals: any;
  counters: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  maps: any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  progs: any;
}

export function open(path: string | Uint8Array): OpenScheduler<Loose> {
  return openObject(path) as OpenScheduler<Loose>;
}

export function load(path: string, programs: string[] = []): LoadedScheduler<Loose> {
  const opened = open(path);
  for (const name of programs) opened.progs[name]!.autoload = true;
  return opened.load();
}

/** The code of the ScxtsError that `run` throws; what else it throws as text. */
export function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return error instanceof ScxtsError ? error.code : String(error);
  }
  return undefined;
}

export async function codeOfAsync(run: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await run();
  } catch (error) {
    return error instanceof ScxtsError ? error.code : String(error);
  }
  return undefined;
}

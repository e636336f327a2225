import { execa } from 'execa';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import {
  clangFailed,
  clangMissing,
  clangTooOld,
  libbpfHeadersMissing,
} from '../diagnostics/catalogue/toolchain.js';

const OLDEST = 16;

/** Flags of every build, also shown in the header of the generated C. */
const FLAGS = [
  '-target',
  'bpf',
  '-mcpu=v3',
  '-O2',
  '-g',
  '-Wall',
  '-Werror',
  '-fno-builtin',
  '-fwrapv',
  '-fno-strict-aliasing',
  // One load through either of two pointers: the verifier wants each load to see one kind of pointer.
  '-mllvm',
  '-sink-common-insts=false',
  '-Wno-unknown-warning-option',
  '-fstack-usage',
  // C nests deeper than the program does; how deep that may be is checked before.
  '-fbracket-depth=8192',
  '-c',
];

/** `name` or its newest `name-NN` on PATH. `CLANG` and `LLVM_STRIP` override. */
export function findTool(name: string): string | undefined {
  const override = process.env[name.toUpperCase().replace(/-/g, '_')];
  if (override) return override;
  let best: { version: number; path: string } | undefined;
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    if (!dir || !existsSync(dir)) continue;
    for (const entry of readdirSync(dir)) {
      if (entry === name) return join(dir, entry);
      const version = entry.startsWith(`${name}-`) ? Number(entry.slice(name.length + 1)) : NaN;
      if (version > (best?.version ?? 0)) best = { version, path: join(dir, entry) };
    }
  }
  return best?.path;
}

const versions = new Map<string, number | undefined>();

/** The major version: from the name where it says so, which saves starting it. */
async function majorVersion(clang: string): Promise<number | undefined> {
  const named = /clang-(\d+)$/.exec(basename(clang));
  if (named) return Number(named[1]);
  if (versions.has(clang)) return versions.get(clang);
  const result = await execa(clang, ['--version'], { reject: false });
  const match = /version (\d+)/.exec(result.stdout ?? '');
  versions.set(clang, match ? Number(match[1]) : undefined);
  return versions.get(clang);
}

export interface CompileResult {
  diagnostics: Diagnostic[];
  clangMs: number;
  /** What clang said, where it refused the C. */
  refused?: string;
}

/** Compiles C to a BPF object. `cwd` is where the paths of `#line` start. */
export async function compileC(
  source: string,
  output: string,
  cwd: string,
): Promise<CompileResult> {
  const clang = findTool('clang');
  if (!clang) return { diagnostics: [clangMissing(undefined)], clangMs: 0 };
  const started = performance.now();
  const result = await execa(clang, [...FLAGS, source, '-o', output], {
    cwd,
    reject: false,
    all: true,
  });
  const clangMs = performance.now() - started;
  if (result.exitCode === 0) return { diagnostics: [], clangMs };
  const version = await majorVersion(clang);
  if (version === undefined) return { diagnostics: [clangMissing(undefined)], clangMs };
  if (version < OLDEST)
    return { diagnostics: [clangTooOld(undefined, clang, String(version))], clangMs };
  const text = result.all ?? '';
  if (/bpf\/bpf_\w+\.h' file not found/.test(text))
    return { diagnostics: [libbpfHeadersMissing(undefined)], clangMs };
  return {
    diagnostics: [clangFailed(undefined, text.split('\n').slice(0, 40).join('\n'))],
    clangMs,
    refused: text,
  };
}

/** Takes the file beside an object that says how much stack each function needs. */
export function takeStackUsage(object: string): string {
  const path = object.replace(/\.[^./]*$/, '.su');
  if (!existsSync(path)) return '';
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  return text;
}

/** Drops DWARF, which libbpf does not need; BTF stays. Without llvm-strip the object is only larger. */
export async function strip(object: string): Promise<void> {
  const clang = findTool('clang');
  const beside = clang && join(dirname(clang), basename(clang).replace('clang', 'llvm-strip'));
  const tool = beside && existsSync(beside) ? beside : findTool('llvm-strip');
  if (tool) await execa(tool, ['-g', object], { reject: false });
}

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import {
  buildFile,
  checkFile,
  createProject,
  formatDiagnostic,
  type BuildResult,
  type CheckResult,
  type Diagnostic,
} from '../../codegen/index.js';
import { importsFor } from './imports.js';
import { interpreted } from './interpreted.js';
import { runInModel } from './in-model.js';
import { runOnHost } from './on-host.js';
import { scratch } from './scratch.js';

/** Programs of a test file: one folder, and one project, so that the language's declarations are read once. */
const folder = scratch('programs');
const project = createProject();
let serial = 0;
afterAll(() => project.getSourceFiles().forEach((file) => void file.forget()));

const MARKS = /[«»]/g;

interface Parts {
  name: string;
  globals: string[];
  ops: string[];
  files: Record<string, string>;
  minKernel?: string;
  /** The whole file, instead of parts. */
  whole?: string;
}

/** A file written for the compiler: what was between « and » is where a diagnostic must be. */
interface Written {
  path: string;
  marks: { start: number; end: number }[];
}

/**
 * A program of the language under test. What it uses of `scxts` and `scxts/vmlinux` is imported, `out` of 32 u64 is
 * declared where it is used; «...» marks where `rejects()` wants the diagnostic. Each method gives another program, so that one
 * may be the beginning of several.
 */
export class Program {
  constructor(private readonly parts: Parts) {}

  private with(more: Partial<Parts>): Program {
    return new Program({ ...this.parts, ...more });
  }
  /** Declarations at module level. */
  globals(text: string): Program {
    return this.with({ globals: [...this.parts.globals, text] });
  }
  /** Members of the scheduler, as in its literal: `init() { return 0; }, timeout_ms: 100`. */
  ops(text: string): Program {
    return this.with({ ops: [...this.parts.ops, text] });
  }
  /** The body of `enqueue(p, enq_flags)`. */
  enqueue(body: string): Program {
    return this.ops(`enqueue(p, enq_flags) { ${body} }`);
  }
  /** The body of `dispatch(cpu, prev)`. */
  dispatch(body: string): Program {
    return this.ops(`dispatch(cpu, prev) { ${body} }`);
  }
  /** The body of `init()`, which ends with `return 0;`. */
  init(body: string): Program {
    return this.ops(`init() { ${body}\nreturn 0; }`);
  }
  /** The body of a syscall program `run`, which `runs()` calls; it ends with `return 0;`. */
  syscall(body: string, name = 'run'): Program {
    return this.globals(`export const ${name} = syscall(() => { ${body}\nreturn 0; });`);
  }
  /** Another file beside it. */
  file(path: string, text: string): Program {
    return this.with({ files: { ...this.parts.files, [path]: text } });
  }
  /** The name of the scheduler; `t` if nothing says so. */
  named(name: string): Program {
    return this.with({ name });
  }
  /** The oldest kernel that it is for, `MAJOR.MINOR`. */
  minKernel(version: string): Program {
    return this.with({ minKernel: version });
  }

  /** The text of its file, marks included. */
  source(): string {
    const { name, globals, ops, whole } = this.parts;
    const body =
      whole ??
      [
        ...globals,
        `export default scheduler({ name: '${name}'${ops.map((op) => `, ${op}`).join('')} });\n`,
      ].join('\n');
    const plain = body.replace(MARKS, '');
    const out =
      /(?<![\w$.])out(?![\w$])/.test(plain) && !/\b(?:let|const) out\b/.test(plain)
        ? 'let out: FixedArray<u64, 32> = zeroed();\n'
        : '';
    return importsFor(out + plain) + out + body;
  }

  /** Writes its files. */
  write(): Written {
    const dir = join(folder, String(serial++));
    const put = (path: string, text: string): string => {
      const to = join(dir, path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, text);
      return to;
    };
    for (const [path, text] of Object.entries(this.parts.files)) {
      const plain = text.replace(MARKS, '');
      put(path, importsFor(plain) + plain);
    }
    const marked = this.source();
    const marks: Written['marks'] = [];
    const open: number[] = [];
    let seen = 0;
    for (const { 0: mark, index } of marked.matchAll(MARKS)) {
      const at = index - seen++;
      if (mark === '«') open.push(at);
      else marks.push({ start: open.pop() ?? 0, end: at });
    }
    return { path: put('program.ts', marked.replace(MARKS, '')), marks };
  }

  private options(): { project: typeof project; minKernel?: string } {
    const { minKernel } = this.parts;
    return { project, ...(minKernel ? { minKernel } : {}) };
  }

  /** What `scxts check` says of it. */
  check(): CheckResult {
    return this.checked(this.write());
  }

  private checked({ path }: Written): CheckResult {
    try {
      return checkFile(path, this.options());
    } finally {
      project.getSourceFile(path)?.forget();
    }
  }

  /**
   * Expects an error of this code, at each mark if there are any.
   * @returns the diagnostics of that code, for what else a test wants of them.
   */
  rejects(code: string): Diagnostic[] {
    const written = this.write();
    const { diagnostics } = this.checked(written);
    const found = diagnostics.filter((d) => d.code === code);
    expect(
      diagnostics.map((d) => d.code),
      diagnostics.map((d) => d.message).join('\n'),
    ).toContain(code);
    const spans = found.map(({ span }) => ({ start: span?.start, end: span?.end }));
    for (const mark of written.marks) expect(spans).toContainEqual(mark);
    return found;
  }

  /** Expects scxts to refuse it with an error that says why, at each mark if there are any; whichever it is. */
  isRefused(): Diagnostic[] {
    const written = this.write();
    const errors = this.checked(written).diagnostics.filter((d) => d.severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    for (const { code } of errors) expect(code).toMatch(/^SCX(?!1098|5004)/);
    const spans = errors.map(({ span }) => ({ start: span?.start, end: span?.end }));
    for (const mark of written.marks) expect(spans).toContainEqual(mark);
    return errors;
  }

  /** Expects nothing to be said of it. */
  accepts(): void {
    const { diagnostics, read } = this.check();
    expectNothing(diagnostics, read);
  }

  /** What `scxts build` makes of it, which writes beside it. */
  async build(): Promise<BuildResult> {
    const { path } = this.write();
    try {
      return await buildFile(path, this.options());
    } finally {
      project.getSourceFile(path)?.forget();
    }
  }

  /** Expects it to build without a word. */
  async builds(): Promise<BuildResult> {
    const built = await this.build();
    expectNothing(built.diagnostics, built.read);
    expect(built.ok).toBe(true);
    return built;
  }

  /** Expects `scxts build` to refuse it with this code, and to leave nothing behind. */
  async failsToBuild(code: string): Promise<Diagnostic[]> {
    const built = await this.build();
    expect(built.diagnostics.map((d) => d.code)).toContain(code);
    const beside = readdirSync(dirname(built.objectPath));
    expect(beside.filter((f) => /\.(c|o|su|tmp|skel\.ts)$/.test(f))).toEqual([]);
    return built.diagnostics.filter((d) => d.code === code);
  }

  /**
   * Builds it, has the interpreter of the IR, this machine's kernel and the model kernel run its syscall program `run` once,
   * and expects that in `out` of all.
   */
  async runs(out: (number | bigint)[]): Promise<void> {
    const { objectPath, module } = await this.builds();
    const expected = out.map((n) => BigInt.asUintN(64, BigInt(n)));
    expect(interpreted(module!).slice(0, expected.length), 'as the IR says').toEqual(expected);
    expect(runOnHost(objectPath).slice(0, expected.length)).toEqual(expected);
    const modelled = await runInModel(objectPath);
    expect(modelled.slice(0, expected.length), 'in the model').toEqual(expected);
  }
}

function expectNothing(diagnostics: Diagnostic[], read: CheckResult['read']): void {
  const text = diagnostics.map((d) => formatDiagnostic(d, read)).join('\n');
  expect(text, text).toBe('');
}

const NOTHING: Parts = { name: 't', globals: [], ops: [], files: {} };

/** A program that begins with these declarations. */
export function program(globals?: string): Program {
  return new Program({ ...NOTHING, globals: globals === undefined ? [] : [globals] });
}

/** A program whose whole file is this. */
export function wholeProgram(text: string): Program {
  return new Program({ ...NOTHING, whole: text });
}

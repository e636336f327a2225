import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildFile,
  checkFile,
  createProject,
  formatDiagnostic,
  type CheckResult,
} from '../../codegen/index.js';
import { openObject, type SyscallProgram } from '../../native/runtime/index.js';
import { Random } from '../soundness/random.js';
import { rename } from '../util/rename.js';
import { scratch } from '../util/scratch.js';
import { IMPORTS } from './programs.js';
import { REJECTED } from './rejected-cases.js';

// What a program means does not depend on its names, nor on the function or callback that its statements are in.
const accepted = join(import.meta.dirname, 'accepted');
const dir = scratch('metamorphic');
cpSync(join(accepted, 'lib'), join(dir, 'lib'), { recursive: true });
const project = createProject();
let serial = 0;

const put = (text: string): string => {
  const path = join(dir, `program${serial++}.ts`);
  writeFileSync(path, text);
  return path;
};
const check = (text: string): CheckResult => {
  const path = put(text);
  const result = checkFile(path, { project });
  project.getSourceFile(path)?.forget();
  return result;
};
/** Codes with their lines, which is what renaming leaves as it was. */
const said = ({ diagnostics }: CheckResult): string[] =>
  diagnostics.map((d) => `${d.code} in line ${d.span?.line}`).sort();

const programs = readdirSync(accepted).filter((f) => f.endsWith('.ts') && !f.endsWith('.skel.ts'));

describe('other names', () => {
  it.each(programs)('%s is accepted and built', async (name) => {
    const { text } = rename(readFileSync(join(accepted, name), 'utf8'), new Random(name.length));
    const built = await buildFile(put(text), { outDir: dir, project });
    const errors = built.diagnostics.map((d) => formatDiagnostic(d, built.read)).join('\n');
    expect(errors, errors).toBe('');
  });

  it.each(REJECTED)('%s: the same is said (%s)', (name, _code, marked) => {
    const text = marked.replace(/[«»]/g, '');
    const other = rename(text, new Random(name.length)).text;
    expect(said(check(other)), other).toEqual(said(check(text)));
  });

  it.each(['meanings', 'absences', 'places', 'tables'])('%s computes the same', async (name) => {
    const text = readFileSync(join(accepted, `${name}.ts`), 'utf8');
    const other = rename(text, new Random(7), ['run', 'ran', 'failures', 'failed']).text;
    const built = await buildFile(put(other), { outDir: dir, project });
    expect(built.diagnostics.map((d) => d.message)).toEqual([]);
    const loaded = openObject(built.objectPath).loadWithoutScheduler();
    (loaded.progs as Record<string, SyscallProgram>)['run']!.run();
    const globals = loaded.globals as { ran: number; failures: number };
    expect(globals.ran).toBeGreaterThan(20);
    expect(globals.failures).toBe(0);
    loaded[Symbol.dispose]();
  });
});

/** The statements of a case that is one body of enqueue(p, enq_flags), made with `body()`. */
function statementsOf(marked: string): string | undefined {
  const before = `${IMPORTS}export default scheduler({ name: 't', enqueue(p, enq_flags) { `;
  const after = ' } });\n';
  return marked.startsWith(before) && marked.endsWith(after)
    ? marked.slice(before.length, -after.length).replace(/[«»]/g, '')
    : undefined;
}
/** Codes that speak of the place that statements are in, which is another then. */
const OF_PLACE = new Set(['SCX4022']);
const bodies = REJECTED.flatMap(([name, code, marked]) => {
  const body = statementsOf(marked);
  return body === undefined || OF_PLACE.has(code) ? [] : [[name, code, body] as const];
});

describe('statements elsewhere', () => {
  it('are those of many cases', () => expect(bodies.length).toBeGreaterThan(60));

  it.each(bodies)('%s: %s in a function of its own', (_name, code, body) => {
    const text = `${IMPORTS}function elsewhere(p: task_struct, enq_flags: u64): void { ${body} }
export default scheduler({ name: 't', enqueue(p, enq_flags) { elsewhere(p, enq_flags); } });\n`;
    expect(check(text).diagnostics.map((d) => d.code)).toContain(code);
  });

  it.each(bodies.filter(([, , body]) => !/\breturn\b/.test(body)))(
    '%s: %s in a callback',
    (_name, code, body) => {
      const text = `${IMPORTS}const around = hash<u32, Ctx>(4);
export default scheduler({ name: 't', enqueue(p, enq_flags) { around.forEach((ka, va) => { ${body} return false; }); } });\n`;
      expect(check(text).diagnostics.map((d) => d.code)).toContain(code);
    },
  );
});

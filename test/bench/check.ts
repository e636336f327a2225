// npm run bench:check: what checking a scheduler again after an edit costs (scxts check --watch, the editor), against
// TypeScript's own language service on the same text in the same run. Programs of growing size show the growth.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Project } from 'ts-morph';
import { CheckSession } from '../../dist/codegen/service/session.js';
import { createProject } from '../../dist/codegen/index.js';

const SHORT = process.env['SCXTS_SHORT'] === '1';
const EDITS = SHORT ? 3 : 21;
const root = join(import.meta.dirname, '..', '..');

const HEAD = `import {
  scheduler, hash, taskStorage, counter, scx_bpf_dsq_insert, u32, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, type FixedArray, type u64,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface Ctx { sum: u64; last: u32; list: FixedArray<u64, 8> }
const by_key = hash<u32, Ctx>(64);
const tctx = taskStorage<Ctx>();
export const nr_updates = counter('entries updated');
let total: u64 = 0;
`;

/** Twenty-one lines with loops, tests, maps and arrays. */
const step = (n: number): string => `function step${n}(p: task_struct, x: u64): u64 {
  const c = tctx.get(p);
  if (!c) return x;
  let sum: u64 = x;
  for (let i = 0; i < 8; i++) {
    if (c.list[i] > ${n}) sum += c.list[i] / 3;
    else sum ^= c.sum >> 2;
  }
  const e = by_key.get(u32(sum) & 63);
  if (e) {
    e.sum += sum;
    e.last = u32(sum);
    e.list[e.last & 7] = sum;
  } else {
    by_key.set(${n}, { sum, last: 1, list: [1, 2, 3, 4, 5, 6, 7, 8] });
  }
  nr_updates.inc();
  return sum + p.scx.dsq_vtime;
}

`;

function scheduler(lines: number): string {
  const steps = Math.round((lines - HEAD.split('\n').length - 6) / 21);
  const numbers = Array.from({ length: steps }, (_, i) => i);
  return `${HEAD}${numbers.map(step).join('')}export default scheduler({
  name: 'grown',
  enqueue(p, enq_flags) {
${numbers.map((n) => `    total += step${n}(p, total);`).join('\n')}
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});
`;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}

/** Milliseconds of each re-check after an edit at the end of the file. */
function measure(edit: (text: string) => unknown, text: string): number {
  const times: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const edited = `${text}// edit ${i}\n`;
    const from = performance.now();
    edit(edited);
    times.push(performance.now() - from);
  }
  return median(times);
}

function typescript(file: string, project: Project): (text: string) => unknown {
  project.addSourceFileAtPath(file);
  return (text) => {
    project.getSourceFileOrThrow(file).replaceWithText(text);
    const program = project.getProgram().compilerObject;
    const source = program.getSourceFile(file);
    return [program.getSyntacticDiagnostics(source), program.getSemanticDiagnostics(source)];
  };
}

const directory = mkdtempSync(join(tmpdir(), 'scxts-bench-check-'));
try {
  const files = (SHORT ? [250, 500] : [250, 500, 1000, 2000, 4000]).map((lines) => {
    const file = join(directory, `grown-${lines}.ts`);
    writeFileSync(file, scheduler(lines));
    return file;
  });
  files.unshift(join(root, 'examples', 'nest.ts'));
  console.log(
    'file            lines   first ms   again ms   TypeScript alone ms   ratio   ms per 1,000 lines',
  );
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const session = new CheckSession();
    const from = performance.now();
    const { diagnostics } = session.check(file);
    const first = performance.now() - from;
    if (diagnostics.length > 0) throw new Error(`${file}: ${diagnostics[0]?.message}`);
    const ours = measure((t) => session.check(file, t), text);
    const theirs = measure(typescript(file, createProject()), text);
    const lines = text.split('\n').length;
    const cells = [
      first.toFixed(0).padStart(11),
      ours.toFixed(0).padStart(11),
      theirs.toFixed(0).padStart(22),
    ];
    const ratio = (ours / theirs).toFixed(1).padStart(8);
    console.log(
      `${basename(file).padEnd(14)} ${String(lines).padStart(6)}${cells.join('')}${ratio}${((1000 * ours) / lines).toFixed(0).padStart(21)}`,
    );
  }
} finally {
  rmSync(directory, { recursive: true });
}

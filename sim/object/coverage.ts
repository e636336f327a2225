import type { BlockCount } from '../engine/counters.js';
import type { Coverage, LineHits } from '../engine/types.js';
import type { LineRecord } from './btf-ext.js';
import type { ObjectFile } from './file.js';

/** Lines of what the compiler generates say nothing to the author. */
const isOwn = (line: LineRecord | undefined): line is LineRecord =>
  line !== undefined && line.line > 0 && !line.file.endsWith('.bpf.c');

/** Which lines were reached, and how often: as often as the block that was executed most of those that hold it. */
export function coverageOf(file: ObjectFile, counts: readonly BlockCount[]): Coverage {
  const lines = new Map<string, { file: string; line: number; hits: number }>();
  const note = (line: LineRecord, hits: number): void => {
    const key = `${line.file}:${line.line}`;
    const known = lines.get(key);
    if (!known) lines.set(key, { file: line.file, line: line.line, hits });
    else known.hits = Math.max(known.hits, hits);
  };
  for (const f of file.functions)
    for (const insn of f.insns) if (isOwn(insn?.line)) note(insn.line, 0);
  const calls = new Map<number, number>();
  for (const { function: f, block, rounds, insns } of counts) {
    if (block === 0) calls.set(f, rounds);
    for (const { line } of insns) if (isOwn(line)) note(line, rounds);
  }
  const functions = file.functions.flatMap((f) => {
    const first = f.insns.find((insn) => isOwn(insn?.line))?.line;
    if (!first) return [];
    return [{ name: f.name, file: first.file, line: first.line, hits: calls.get(f.index) ?? 0 }];
  });
  const order = (a: LineHits, b: LineHits): number =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
  return { lines: [...lines.values()].sort(order), functions: functions.sort(order) };
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSpace } from '../../sim/engine/space.js';
import { openInSpace } from '../../sim/object/open.js';
import { program } from '../util/program.js';
import { stillHost } from '../util/in-model.js';

const kinds = program(`
interface Pair { a: u64; b: s32 }
let out: FixedArray<u64, 32> = zeroed();
const few = array<u64>(8);
const many = hash<u32, Pair>(64);
function mixed(n: u64): u64 { return n % 2 === 0 ? n / 2 : n * 3 + 1; }
`).syscall(`
  let n: u64 = 27;
  let rounds: u64 = 0;
  while (n !== 1 && rounds < 50) { n = mixed(n); rounds++; }
  out[0] = n; out[1] = rounds;
  for (const i of range(u32(6))) { many.set(i, { a: u64(i) * 3, b: -1 }); }
  let sum: u64 = 0;
  many.forEach((k, v) => { sum += v.a; });
  out[2] = sum;
  atomicAdd(out[3], 5); atomicXchg(out[4], 9);
  out[5] = u64(s64(-7) / 2); out[6] = u64(s64(-7) >> 1); out[7] = u64(u32(bpf_get_smp_processor_id()));
`);

async function run(
  bytes: Uint8Array,
  engine: 'wasm' | 'interpreter',
): Promise<{ out: bigint[]; instructions: number; lines: object[]; steps: string[] }> {
  const space = await createSpace({ kernel: '7.3', cpus: 2, engine, profile: true });
  const steps: string[] = [];
  space.onStep = (site) => void steps.push(space.sites.at(site).where);
  const loaded = await openInSpace(space, bytes, 'kinds').link({ functions: [] }, stillHost());
  const program = loaded.programs.get('run')!;
  expect(program.call(0)).toBe(0);
  const { address } = loaded.variable('out')!;
  const out = Array.from({ length: 32 }, (_, i) =>
    space.memory.view.getBigUint64(address + i * 8, true),
  );
  const lines = loaded.profile().sort((a, b) => a.line - b.line);
  return { out, instructions: program.lastInstructions(), lines, steps };
}

describe('the translation and the interpreter', () => {
  it('give the same results, count the same instructions, line by line', async () => {
    const bytes = readFileSync((await kinds.builds()).objectPath);
    const [translated, interpreted] = [await run(bytes, 'wasm'), await run(bytes, 'interpreter')];
    expect(translated.out.slice(0, 8)).toEqual([
      566n,
      50n,
      45n,
      5n,
      9n,
      2n ** 64n - 3n,
      2n ** 64n - 4n,
      0n,
    ]);
    expect(interpreted.out).toEqual(translated.out);
    expect(interpreted.instructions).toBe(translated.instructions);
    expect(interpreted.lines).toEqual(translated.lines);
    expect(translated.steps).toEqual([]);
    // One step an instruction, each at a line of the program.
    expect(interpreted.steps).toHaveLength(interpreted.instructions);
    expect(new Set(interpreted.steps.map((s) => s.replace(/:\d+$/, ''))).size).toBeGreaterThan(5);
  });

  for (const engine of ['wasm', 'interpreter'] as const)
    it(`name the line of a write through null: ${engine}`, async () => {
      const object = await program().ops('enable(p) { p.scx.dsq_vtime = 1; }').builds();
      const space = await createSpace({ kernel: '7.3', cpus: 2, engine });
      const bytes = readFileSync(object.objectPath);
      const loaded = await openInSpace(space, bytes, 'bad').link({ functions: [] }, stillHost());
      const { call } = loaded.structOps[0]!.callbacks.get('enable')!;
      expect(() => call(0)).toThrow(
        /program\.ts:\d+:\d+: t_enable writes to \d+ bytes behind null/,
      );
    });
});

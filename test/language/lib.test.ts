import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openObject, type ArenaView, type SyscallProgram } from '../../native/runtime/index.js';
import { wholeProgram, type Program } from '../util/program.js';

/** A program that uses modules of scxts/lib, with `out` and a syscall program `run`. */
function using(imports: string, globals: string, body: string): Program {
  return wholeProgram(`import { scheduler, syscall, zeroed, arena, u64, u32, s32, range } from 'scxts';
import type { FixedArray } from 'scxts';
${imports}
let out: FixedArray<u64, 32> = zeroed();
${globals}
export const run = syscall(() => { ${body}
return 0; });
export default scheduler({ name: 't' });
`);
}

describe('scxts/lib/heap', () => {
  const heap = (body: string): Program =>
    using(
      "import { heapPush, heapPop, heapLeast, type HeapEntry } from 'scxts/lib/heap';",
      'interface Waiting { length: u32; entries: FixedArray<HeapEntry, 16> }\nlet waiting: Waiting = zeroed();',
      body,
    );
  it('gives entries by their keys', () =>
    heap(
      'const keys: u64[] = [5, 3, 9, 1, 7, 4]; for (let i = 0; i < 6; i++) heapPush(waiting, keys[i], u64(i)); for (let i = 0; i < 7; i++) { const e = heapPop(waiting); out[i] = e ? e.key * 10 + e.value : 99; }',
    ).runs([13, 31, 45, 50, 74, 92, 99]));
  it('takes as many as there is room for', () =>
    heap(
      'for (let i: u32 = 0; i < 20; i++) out[0] += heapPush(waiting, u64(20 - i), 0) ? 1 : 0; out[1] = heapLeast(waiting); let last: u64 = 0; for (let i = 0; i < 20; i++) { const e = heapPop(waiting); if (e) { if (e.key < last) out[3] = 1; last = e.key; out[2] += 1; } } out[4] = heapLeast(waiting) === u64(0xffff_ffff_ffff_ffffn) ? 1 : 0;',
    ).runs([16, 5, 16, 0, 1]));
});

describe('scxts/lib/bitmap', () => {
  it('sets, clears and finds bits and ranges', () =>
    using(
      "import { bitmapSet, bitmapClear, bitmapTest, bitmapSetRange, bitmapClearRange, bitmapFindRange, bitmapWeight, bitmapNext, bitmapNextClear, bitmapTestAndSet, bitmapTestAndClear } from 'scxts/lib/bitmap';",
      'let bits: FixedArray<u64, 4> = zeroed();',
      `bitmapSet(bits, 3); bitmapSetRange(bits, 60, 10); bitmapSet(bits, 300);
       out[0] = bitmapWeight(bits); out[1] = bitmapNext(bits, 4); out[2] = bitmapNextClear(bits, 60); out[3] = bitmapFindRange(bits, 0, 57);
       out[4] = bitmapTest(bits, 69) ? 1 : 0; out[5] = bitmapTest(bits, 70) ? 1 : 0; out[6] = bitmapTestAndSet(bits, 70) ? 1 : 0; out[7] = bitmapTestAndSet(bits, 70) ? 1 : 0;
       bitmapClearRange(bits, 62, 4); out[8] = bitmapWeight(bits); out[9] = bitmapNext(bits, 71); out[10] = bitmapFindRange(bits, 0, 200);
       bitmapClear(bits, 3); out[11] = bitmapNext(bits, 0); out[12] = bitmapTestAndClear(bits, 60) ? 1 : 0; out[13] = bitmapTestAndClear(bits, 60) ? 1 : 0;
       bitmapSetRange(bits, 0, 256); out[14] = bitmapWeight(bits); out[15] = bitmapNextClear(bits, 0); out[16] = bitmapFindRange(bits, 0, 1);`,
    ).runs([11, 60, 70, 70, 1, 0, 0, 1, 8, 256, 256, 60, 1, 0, 256, 256, 256]));
});

describe('scxts/lib/average', () => {
  it('halves in its half-life', () =>
    using(
      "import { AVERAGE_ONE, averageTowards, decayAfter, decayed } from 'scxts/lib/average';",
      '',
      'out[0] = decayAfter(0, 1000) === u64(AVERAGE_ONE) ? 1 : 0; out[1] = decayed(1_000_000, decayAfter(1000, 1000)); out[2] = decayed(1_000_000, decayAfter(2000, 1000)); out[3] = averageTowards(0, 800, decayAfter(1000, 1000)); out[4] = averageTowards(800, 0, decayAfter(3000, 1000));',
    ).runs([1, 500_000, 250_000, 400, 100]));
});

interface TreeNode {
  key: bigint;
  left: TreeNode | null;
  right: TreeNode | null;
  red: number;
}

/** Black nodes on the way down, which must be the same on each; keys must be in order, and no red node below a red one. */
function blackHeight(node: TreeNode | null, least: bigint, most: bigint): number {
  if (!node) return 1;
  expect(node.key >= least && node.key <= most).toBe(true);
  if (node.red) expect([node.left?.red ?? 0, node.right?.red ?? 0]).toEqual([0, 0]);
  const left = blackHeight(node.left, least, node.key);
  expect(blackHeight(node.right, node.key, most)).toBe(left);
  return left + (node.red ? 0 : 1);
}

describe('scxts/lib/tree', () => {
  const declared = `const nodes = arena<TreeNode>(1_000);
let tree: Tree = zeroed();
let seed: u32 = 12345;
function random(): u32 { seed = u32(seed * 1_103_515_245 + 12_345); return seed >> 8; }
function inOrder(): u64 {
  let count: u64 = 0;
  let last: u64 = 0;
  let at: TreeNode | null = treeFirst(tree);
  for (let i = 0; i < 2000 && at; i++) {
    if (at.key < last) return 9999;
    last = at.key;
    count += 1;
    at = treeNext(at);
  }
  return count;
}`;
  const imports =
    "import { treeInsert, treeRemove, treeFirst, treeNext, treeFind, type Tree, type TreeNode } from 'scxts/lib/tree';";
  const fill = `nodes.populate();
  for (let i: u32 = 0; i < 300; i++) {
    const n = nodes.get(nodes.alloc());
    if (!n) return 0;
    n.key = u64(random() % 1000);
    treeInsert(tree, n);
  }
  out[0] = inOrder();
  for (let i: u32 = 0; i < 300; i += 2) { const n = nodes.get(i); if (n) treeRemove(tree, n); }
  out[1] = inOrder();`;
  it('keeps nodes in order', () =>
    using(
      imports,
      declared,
      `${fill}
  const first = treeFirst(tree);
  if (first) { out[2] = treeFind(tree, first.key) ? 1 : 0; out[3] = treeFind(tree, 5000) ? 1 : 0; }
  for (let i: u32 = 0; i < 300; i += 2) { const n = nodes.get(i); if (n) { n.key = u64(i); treeInsert(tree, n); } }
  out[4] = inOrder();
  for (let i: u32 = 0; i < 400; i++) { const n = treeFirst(tree); if (n) { treeRemove(tree, n); out[5] += 1; } }
  out[6] = inOrder(); out[7] = tree.root ? 1 : 0;`,
    ).runs([300, 150, 1, 0, 300, 300, 0, 0]));
  it('stays balanced, as user space sees it', async () => {
    const { objectPath } = await using(imports, declared, fill).builds();
    const loaded = openObject(objectPath).loadWithoutScheduler();
    try {
      (loaded.progs as Record<string, SyscallProgram>)['run']!.run();
      const { nodes } = loaded.maps as unknown as { nodes: ArenaView<TreeNode> };
      const { tree } = loaded.globals as unknown as { tree: { root: bigint } };
      const root = nodes.entry(tree.root);
      expect(root?.red).toBe(0);
      expect(blackHeight(root, 0n, 1000n)).toBeGreaterThan(4);
    } finally {
      loaded[Symbol.dispose]();
    }
  });
});

it('docs/lib.md has every function of every module', () => {
  const root = join(import.meta.dirname, '..', '..');
  const page = readFileSync(join(root, 'docs', 'lib.md'), 'utf8');
  for (const name of ['heap', 'bitmap', 'average', 'tree', 'vtime']) {
    const text = readFileSync(join(root, 'lib', `${name}.bpf.ts`), 'utf8');
    expect(page).toContain(`scxts/lib/${name}`);
    for (const [, fn] of text.matchAll(/^export function (\w+)/gm))
      expect(page).toContain(`\`${fn}`);
  }
});

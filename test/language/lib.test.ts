import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openObject, type ArenaView, type SyscallProgram } from '../../native/runtime/index.js';
import { simulate } from '../../sim/index.js';
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

describe('scxts/lib/bandwidth', () => {
  const LIMITED = `import { scheduler, scx_bpf_create_dsq, scx_bpf_dsq_insert, scx_bpf_dsq_move_to_local, scx_bpf_select_cpu_dfl, SCX_DSQ_LOCAL, SCX_SLICE_DFL, SCX_OPS_ENQ_LAST } from 'scxts';
import { bandwidthHold, bandwidthInit, bandwidthKeep, bandwidthRunning, bandwidthSet, bandwidthStart, bandwidthThrottled, bandwidthTick, bandwidthUsed } from 'scxts/lib/bandwidth';
const SHARED = 0;
export default scheduler({
  name: 'limited', flags: SCX_OPS_ENQ_LAST,
  init() { const error = scx_bpf_create_dsq(SHARED, -1); return error ? error : bandwidthStart(SHARED); },
  cgroup_init: (cgrp, args) => bandwidthInit(cgrp, args),
  cgroup_set_bandwidth(cgrp, period_us, quota_us, burst_us) { bandwidthSet(cgrp, period_us, quota_us, burst_us); },
  select_cpu(p, prev_cpu, wake_flags) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    if (is_idle && !bandwidthThrottled(p)) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, enq_flags) { if (!bandwidthHold(p, enq_flags)) scx_bpf_dsq_insert(p, SHARED, SCX_SLICE_DFL, enq_flags); },
  dispatch(cpu, prev) { if (!scx_bpf_dsq_move_to_local(SHARED, 0)) bandwidthKeep(prev); },
  running(p) { bandwidthRunning(p); },
  tick(p) { bandwidthTick(p); },
  stopping(p) { bandwidthUsed(p); },
});
`;
  it('holds a group and what is below it to cpu.max, and no one else', async () => {
    const { objectPath } = await wholeProgram(LIMITED).builds();
    const run = await simulate(objectPath, {
      kernel: '7.3',
      machine: { cpus: 4 },
      duration: '2s',
      cgroups: [{ path: '/box', max: ['20ms', '100ms'] }, { path: '/box/in' }, { path: '/free' }],
      tasks: [
        { name: 'inner', count: 3, cgroup: '/box/in', run: 'forever' },
        { name: 'outer', count: 2, cgroup: '/box', run: 'forever' },
        { name: 'free', cgroup: '/free', run: 'forever' },
      ],
    });
    // 20 periods of 20 ms; a task is stopped at the tick behind the end of what there was.
    const box = run.group('inner').cpuTime + run.group('outer').cpuTime;
    expect(box / 1e6).toBeGreaterThan(370);
    expect(box / 1e6).toBeLessThan(450);
    expect(run.group('inner').cpuTime).toBeGreaterThan(50e6);
    expect(run.group('outer').cpuTime).toBeGreaterThan(50e6);
    expect(run.group('free').cpuTime / 1e6).toBeGreaterThan(1950);
  });
  it('honours a limit that changes', async () => {
    const { objectPath } = await wholeProgram(LIMITED).builds();
    const run = await simulate(objectPath, {
      kernel: '7.3',
      machine: { cpus: 2 },
      duration: '2s',
      cgroups: [{ path: '/box', max: ['10ms', '100ms'] }],
      events: [{ at: '1s', cgroup: '/box', max: ['max', '100ms'] }],
      tasks: [{ name: 'boxed', cgroup: '/box', run: 'forever' }],
    });
    expect(run.group('boxed').cpuTime / 1e6).toBeGreaterThan(1080);
    expect(run.group('boxed').cpuTime / 1e6).toBeLessThan(1150);
  });
});

describe('scxts/lib/task', () => {
  it('gives each task an entry and takes it back', async () => {
    const { objectPath } =
      await wholeProgram(`import { scheduler, arena, taskStorage, scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, u64, s32 } from 'scxts';
import type { ArenaPtr } from 'scxts';
import { taskEntry, taskEntryFree, taskEntryMake, type TaskSlot } from 'scxts/lib/task';
interface Data { runs: u64; pid: s32; waker: ArenaPtr<Data> | null }
const slots = taskStorage<TaskSlot>();
const entries = arena<Data>(64);
export default scheduler({
  name: 'entries',
  init_task(p) {
    const index = taskEntryMake(slots, entries, p);
    if (index < 0) return index;
    const data = taskEntry(slots, entries, p);
    if (data) { data.runs = 0; data.pid = p.pid; data.waker = null; }
    return 0;
  },
  running(p) { const d = taskEntry(slots, entries, p); if (d) d.runs += 1; },
  exit_task(p) { taskEntryFree(slots, entries, p); },
  enqueue(p, f) { scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f); },
});
`).builds();
    const run = await simulate(objectPath, {
      kernel: '7.3',
      machine: { cpus: 2 },
      duration: '1s',
      tasks: [
        { name: 'parent', loop: [{ fork: 'child' }, { run: '100us' }, { sleep: '1ms' }] },
        { name: 'child', start: 'never', run: '50us' },
      ],
    });
    // More tasks than were there at once, and than would fit if none were given back.
    expect(run.group('child').tasks).toBeGreaterThan(300);
    expect(run.exit?.kind).not.toBe('error');
  });
});

describe('scxts/lib/topology', () => {
  it('tells how near CPUs are, as user space filled it in', async () => {
    const { objectPath } = await using(
      "import { configArray } from 'scxts';\nimport { nearness, type CpuPlace } from 'scxts/lib/topology';",
      'export const places = configArray<CpuPlace>(8);',
      'for (let cpu: u32 = 0; cpu < 8; cpu++) out[cpu] = nearness(places, 0, cpu);',
    ).builds();
    const open = openObject(objectPath);
    // Two nodes; in the first two caches, in the first of these two cores of two threads.
    const rows = [0, 0, 1, 1, 2, 3, 4, 5].map((core, cpu) => ({
      core,
      llc: cpu < 4 ? 0 : cpu < 6 ? 1 : 2,
      node: cpu < 6 ? 0 : 1,
      capacity: 1024,
    }));
    (open.config as Record<string, unknown>)['places'] = rows;
    const loaded = open.loadWithoutScheduler();
    try {
      (loaded.progs as Record<string, SyscallProgram>)['run']!.run();
      const { out } = loaded.globals as unknown as { out: bigint[] };
      expect([...out].slice(0, 8).map(Number)).toEqual([0, 1, 2, 2, 3, 3, 4, 4]);
    } finally {
      loaded[Symbol.dispose]();
    }
  });
});

it('docs/lib.md has every function of every module', () => {
  const root = join(import.meta.dirname, '..', '..');
  const page = readFileSync(join(root, 'docs', 'lib.md'), 'utf8');
  for (const name of [
    'heap',
    'bitmap',
    'average',
    'tree',
    'vtime',
    'task',
    'bandwidth',
    'topology',
  ]) {
    const text = readFileSync(join(root, 'lib', `${name}.bpf.ts`), 'utf8');
    expect(page).toContain(`scxts/lib/${name}`);
    for (const [, fn] of text.matchAll(/^export function (\w+)/gm))
      expect(page).toContain(`\`${fn}`);
  }
});

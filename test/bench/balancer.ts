// npm run bench:balancer: what a balancing pass costs, reading included, over the maps that simple-balanced
// shares with user space. The maps are the kernel's (root; any kernel with BPF will do), their contents are
// made up: tasks of random weight and duty, spread unevenly, 5 % of them bound to two domains.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Balancer } from '../../dist/components/load_balancer/balancer.js';
import { BUCKETS, BucketReader, TaskRecords } from '../../dist/components/load_balancer/records.js';
import { openObject, type ArrayMap } from '../../dist/native/runtime/index.js';

const HALF_LIFE = 1e9;
const RUNS = process.env['SCXTS_SHORT'] === '1' ? 8 : 21;
/** Passes after which the compiler has what it needs. */
const COLD = 6;
/** Words of 32 bits in a TaskRecord, an Allowed and a Bucket of components/load_balancer/state.bpf.ts. */
const RECORD = 16;
const MASK = 32;
const BUCKET = 16;
const ONE = 2 ** 30;
/** Weights of nice 5, 0, -5 and 19. */
const WEIGHTS = [33, 100, 305, 2];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** xorshift32: the same machine in every run. */
function random(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

const root = join(import.meta.dirname, '..', '..');
const object = join(root, 'examples', 'simple-balanced.bpf.o');
execFileSync(process.execPath, [
  join(root, 'dist/cli/bin.js'),
  'build',
  object.replace('.bpf.o', '.ts'),
]);

interface Maps {
  tasks: ArrayMap<unknown>;
  allowed: ArrayMap<unknown>;
  buckets: ArrayMap<unknown>;
}

/** The object's own maps, sized as for `tasks` and `domains`; no program is loaded. */
function load(tasks: number, domains: number): { maps: Maps; close: () => void } {
  const opened = openObject(object);
  for (const program of Object.values(opened.progs as Record<string, { autoload: boolean }>))
    program.autoload = false;
  const maps = opened.maps as Record<string, { maxEntries: number }>;
  const sizes = {
    tasks,
    allowed: tasks,
    free_slots: tasks,
    buckets: domains * BUCKETS,
    bucket_locks: domains * BUCKETS,
    domain_cpus: domains,
    clocks: domains,
    domain_node: domains,
  };
  for (const [name, size] of Object.entries(sizes))
    maps[`load_balancer_${name}`]!.maxEntries = size;
  const loaded = opened.loadWithoutScheduler();
  const of = (name: string): ArrayMap<unknown> =>
    (loaded.maps as Record<string, ArrayMap<unknown>>)[`load_balancer_${name}`]!;
  return {
    maps: { tasks: of('tasks'), allowed: of('allowed'), buckets: of('buckets') },
    close: () => loaded[Symbol.dispose](),
  };
}

function words(map: ArrayMap<unknown>, each: number): Uint32Array {
  return new Uint32Array(map.buffer(), 0, map.length * each);
}

function bucketOf(weight: number): number {
  const power = Math.floor(Math.log2(weight));
  return power * 4 + (power < 2 ? 0 : (weight >> (power - 2)) & 3);
}

/** Writes the machine's state into the maps; gives the time at which all of it is up to date. */
function fill(maps: Maps, count: number, domains: number): number {
  const pick = random(count * 31 + domains);
  const at = BigInt(Math.floor(1e12));
  const tasks = words(maps.tasks, RECORD);
  const times = new BigUint64Array(tasks.buffer, 0, tasks.length / 2);
  const allowed = words(maps.allowed, MASK);
  const buckets = words(maps.buckets, BUCKET);
  const sums = new BigUint64Array(buckets.buffer, 0, buckets.length / 2);
  allowed.fill(0);
  sums.fill(0n);
  const pull = Array.from({ length: domains }, () => 0.5 + pick());
  for (let t = 0; t < count; t++) {
    let domain = Math.floor(pick() * domains);
    if (pick() > pull[domain]! / 1.5) domain = Math.floor(pick() * domains);
    const weight = WEIGHTS[Math.floor(pick() * WEIGHTS.length)]!;
    const duty = Math.floor(pick() * ONE);
    const restricted = pick() < 0.05;
    if (restricted)
      for (const d of [domain, (domain + 1) % domains])
        allowed[t * MASK + (d >> 5)]! |= 1 << (d & 31);
    times[(t * RECORD) / 2] = at;
    times[(t * RECORD) / 2 + 1] = 0n;
    tasks.set([1, t + 1, domain, weight, duty, 0, restricted ? 3 : 1], t * RECORD + 4);
    const b = ((domain * BUCKETS + bucketOf(weight)) * BUCKET) / 2;
    sums[b + 3]! += BigInt(duty);
    sums[b + 4]! += BigInt(duty * weight);
  }
  for (let b = 0; b < domains * BUCKETS; b++) sums[(b * BUCKET) / 2] = at;
  return Number(at);
}

interface Row {
  tasks: number;
  domains: number;
  readMs: number;
  totalMs: number;
  bestMs: number;
  firstMs: number;
  allocatedMb: number;
  moves: number;
  before: number;
  after: number;
}

function measure(count: number, domains: number): Row {
  const { maps, close } = load(count, domains);
  const machine = {
    count: domains,
    nodes: Math.max(1, domains / 8),
    node: Uint32Array.from({ length: domains }, (_, d) => Math.floor(d / 8)),
    capacity: new Float64Array(domains).fill(8),
    ofCpu: Uint32Array.from({ length: domains * 8 }, (_, cpu) => Math.floor(cpu / 8)),
  };
  const records = TaskRecords.of(maps.tasks, maps.allowed, () => count);
  const buckets = BucketReader.of(maps.buckets);
  const passes = Array.from({ length: RUNS }, (_, run) => {
    const now = fill(maps, count, domains);
    const balancer = new Balancer(machine, {
      now: () => now,
      readDomain: (d, when) => buckets.read(d, when, HALF_LIFE),
      readTasks: (when, heaviest) => records.read(when, HALF_LIFE, heaviest),
      order: (slot, generation, domain) => records.order(slot, generation, domain),
      cancel: (slot) => records.cancel(slot),
    });
    // A forced collection throws compiled code away: only where memory is measured.
    const isLast = run === RUNS - 1;
    if (isLast) collect();
    const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = used();
    const stats = balancer.pass();
    return { stats, allocated: used() - before };
  });
  close();
  const warm = passes
    .slice(COLD, -1)
    .map((p) => p.stats)
    .sort((a, b) => a.totalMs - b.totalMs);
  const stats = warm[warm.length >> 1]!;
  return {
    tasks: count,
    domains,
    readMs: stats.readMs,
    totalMs: stats.totalMs,
    bestMs: warm[0]!.totalMs,
    firstMs: passes[0]!.stats.totalMs,
    allocatedMb: passes.at(-1)!.allocated / 2 ** 20,
    moves: stats.moves.length,
    before: stats.worst,
    after: stats.worstAfter,
  };
}

console.log(
  '| Tasks | Domains | Read | Pass, median | fastest | first | Memory | Moves | Imbalance before, after |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
const last = new Map<number, number>();
const growth: string[] = [];
for (const count of [1000, 10_000, 100_000])
  for (const domains of [8, 64, 512]) {
    const r = measure(count, domains);
    const ms = (x: number): string => `${x.toFixed(1)} ms`;
    const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
    console.log(
      `| ${r.tasks} | ${r.domains} | ${ms(r.readMs)} | ${ms(r.totalMs)} | ${ms(r.bestMs)} | ${ms(r.firstMs)} | ${r.allocatedMb.toFixed(1)} MB | ${r.moves} | ${percent(r.before)}, ${percent(r.after)} |`,
    );
    const smaller = last.get(domains);
    if (smaller)
      growth.push(
        `${count} tasks, ${domains} domains: ${(r.totalMs / smaller).toFixed(1)} times the time for 10 times the tasks`,
      );
    last.set(domains, r.totalMs);
  }
console.log(growth.join('\n'));

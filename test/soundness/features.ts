import { INTS, type Struct } from './model.js';
import type { Random } from './random.js';
import type { Body } from './statements.js';

/** A part of the language with declarations of its own, and statements that use them. */
interface Feature {
  imports: string;
  declare: (r: Random) => string[];
  /** Where its statements may stand. Functions may be called from anywhere: they have none of them. */
  where?: (b: Body) => boolean;
  statements: ((b: Body) => void)[];
}

const awake = (b: Body): boolean => !b.context.sleepable;
const PAIR: Struct = {
  name: 'Pair',
  bytes: 16,
  fields: [
    { name: 'n', shape: { kind: 'int', int: 'u64' } },
    { name: 'small', shape: { kind: 'int', int: 's16' } },
    { name: 'more', shape: { kind: 'array', of: { kind: 'int', int: 'u8' }, length: 4 } },
  ],
};

/** `if (name) { ... }` with the fields of a Pair in scope. */
function held(b: Body, name: string): string[] {
  const inside = b.nested({}, (inner) =>
    inner.names.places.push({ name, shape: { kind: 'struct', struct: PAIR }, writable: true }),
  );
  return [`if (${name}) {`, ...inside, '}'];
}

function under(b: Body, lock: string, body: (inner: Body) => void): void {
  const inner = b.nested({ state: { locked: true }, size: 1 }, (i) => {
    i.emit(`using held = ${lock}.hold();`);
    body(i);
  });
  b.emit('{', ...inner, '}');
}

export const FEATURES: Readonly<Record<string, Feature>> = {
  tree: {
    imports: 'alloc, rbTree, spinLock',
    declare: (r) => [
      'interface Leaf { key: u64; weight: u32; ran: s16 }',
      'const tree_lock = spinLock();',
      `const tree = rbTree<Leaf>((a, b) => a.key ${r.pick(['<', '>'])} b.key, tree_lock);`,
    ],
    statements: [
      (b) => {
        const n = b.fresh('leaf');
        const fields = [
          `  ${n}.key = ${b.e.to('u64', 1)};`,
          `  ${n}.weight += ${b.e.to('u32', 1)};`,
        ];
        b.emit('{', `const ${n} = alloc<Leaf>();`, `if (${n}) {`, ...fields);
        under(b, 'tree_lock', (i) => i.emit(`tree.add(${n});`));
        b.emit('}', '}');
      },
      (b) => {
        const n = b.fresh('leaf');
        under(b, 'tree_lock', (i) =>
          i.emit(
            `const ${n} = tree.first();`,
            `if (${n}) {`,
            `  total += ${n}.key + ${n}.weight;`,
            `  ${n}.ran -= 3;`,
            `  using out = tree.remove(${n});`,
            ...(b.r.chance(50) ? ['  if (out) total += out.key;'] : []),
            '}',
          ),
        );
      },
      (b) => {
        const n = b.fresh('leaf');
        b.emit('{', `using ${n} = alloc<Leaf>();`, `if (!${n}) ${b.leave()}`);
        b.emit(`${n}.ran = ${b.e.to('s16', 1)};`, `if (${b.e.condition(1)}) ${b.leave()}`, '}');
      },
    ],
  },
  list: {
    imports: 'alloc, list, spinLock, type ListNode',
    declare: () => [
      'interface Item { at: u64; link: ListNode; pid: s32 }',
      'const items_lock = spinLock();',
      'const items = list<Item>(items_lock);',
    ],
    statements: [
      (b) => {
        const n = b.fresh('item');
        b.emit(
          '{',
          `using ${n} = alloc<Item>();`,
          `if (${n}) {`,
          `  ${n}.at = ${b.e.to('u64', 2)};`,
        );
        under(b, 'items_lock', (i) => i.emit(`items.push${b.r.pick(['Back', 'Front'])}(${n});`));
        b.emit('}', '}');
      },
      (b) => {
        const n = b.fresh('item');
        under(b, 'items_lock', (i) =>
          i.emit(
            `using ${n} = items.pop${b.r.pick(['Back', 'Front'])}();`,
            `if (${n}) total ^= ${n}.at;`,
          ),
        );
      },
    ],
  },
  trie: {
    imports: 'lpmTrie',
    declare: () => [
      'interface Prefix { prefixlen: u32; addr: FixedArray<u8, 4> }',
      'const routes = lpmTrie<Prefix, Pair>(64);',
    ],
    where: awake,
    statements: [
      (b) => {
        const n = b.fresh('route');
        b.emit(`const ${n} = routes.get({ prefixlen: 32, addr: [10, 0, 0, ${b.r.below(255)}] });`);
        b.emit(...held(b, n));
      },
      (b) => b.emit(`routes.delete({ prefixlen: ${b.e.to('u32', 1)}, addr: zeroed() });`),
    ],
  },
  mapsOfMaps: {
    imports: 'arrayOfMaps, hashOfMaps',
    declare: () => [
      'const q0 = queue<s32>(64);',
      'const q1 = queue<s32>(64);',
      'const fifos = arrayOfMaps([q0, q1]);',
      'const pairs0 = hash<u32, Pair>(16);',
      'const by_class = hashOfMaps<u32, typeof pairs0>(4, pairs0);',
    ],
    statements: [
      (b) => {
        const f = b.fresh('fifo');
        b.emit(`const ${f} = fifos.get(${b.e.to('u32', 1)});`, `if (${f}) {`);
        b.emit(`  if (${f}.push(${b.e.to('s32', 1)})) total++;`);
        b.emit(`  const ${f}_v = ${f}.pop();`, `  if (${f}_v) total += u64(${f}_v.value);`, '}');
      },
      (b) => {
        const m = b.fresh('class');
        b.emit(`const ${m} = by_class.get(${b.e.to('u32', 1)});`, `if (${m}) {`);
        b.emit(`const ${m}_p = ${m}.get(${b.e.to('u32', 1)});`, ...held(b, `${m}_p`), '}');
      },
    ],
  },
  timers: {
    imports: 'NR_CPUS, type Timer',
    declare: () => [
      'interface CpuTimer { at: u64; compact: Timer; armed: bool }',
      'const cpu_timers = array<CpuTimer>(NR_CPUS);',
    ],
    statements: [
      (b) => {
        const c = b.fresh('ct');
        b.emit(`const ${c} = cpu_timers.get(${b.e.to('u32', 1)});`, `if (${c}) {`);
        b.emit(
          `${c}.compact.init(cpu_timers, (key, value) => { value.armed = false; total += u64(key); });`,
          `${c}.compact.start(${b.e.to('u64', 1)}${b.r.chance(30) ? ', { pin_cpu: true }' : ''});`,
          `${c}.armed = true;`,
          '}',
        );
      },
      (b) => {
        const c = b.fresh('ct');
        b.emit(`const ${c} = cpu_timers.get(${b.e.to('u32', 1)});`);
        b.emit(`if (${c} && ${c}.armed) ${c}.at += u64(${c}.compact.cancel());`);
      },
    ],
  },
  cgroups: {
    imports: 'cgroupStorage, scx_bpf_task_cgroup',
    declare: () => ['const cgs = cgroupStorage<Pair>();'],
    where: (b) => awake(b) && b.names.tasks[0] === 'p' && b.context.allows !== 'general',
    statements: [
      (b) => {
        const c = b.fresh('cg');
        b.emit('{', `using ${c} = scx_bpf_task_cgroup(p);`);
        b.emit(
          `const ${c}_v = cgs.${b.r.pick(['get', 'create'])}(${c});`,
          ...held(b, `${c}_v`),
          '}',
        );
      },
    ],
  },
  arena: {
    imports: 'arena',
    declare: () => ['const heap = arena<Pair>(64);', 'let head: s32 = 0;'],
    statements: [
      (b) => {
        const d = b.fresh('data');
        b.emit(`const ${d} = heap.get(head);`, ...held(b, d));
      },
      (b) => {
        const i = b.fresh('slot');
        b.emit(`const ${i} = heap.alloc();`, `if (${i} >= 0) head = ${i};`);
        if (b.r.chance(30)) b.emit(`heap.free(${i});`);
      },
    ],
  },
  generics: {
    imports: '',
    declare: () => [
      'function clamp<T extends u32 | u64 | s32>(x: T, lo: T, hi: T): T {',
      '  if (x < lo) return lo;',
      '  return x > hi ? hi : x;',
      '}',
      'function twice(x: u64, by: u64 = 2): u64 {',
      '  return x * by;',
      '}',
      'function split({ n, small }: Pair): u64 {',
      '  return small > 3 ? n : n >> 3;',
      '}',
      'let pair: Pair = zeroed();',
    ],
    statements: [
      (b) => {
        const int = b.r.pick(['u32', 'u64', 's32'] as const);
        const [x, y, z] = [b.e.to(int, 1), b.e.to(int, 0), b.e.to(int, 0)];
        b.emit(`total += u64(clamp<${int}>(${x}, ${y}, ${z}));`);
      },
      (b) =>
        b.emit(`total = twice(${b.e.to('u64', 1)}${b.r.chance(50) ? ', 3' : ''}) + split(pair);`),
      (b) => b.emit(`pair.n = ${b.e.to('u64', 1)};`, `atomicAdd(pair.n, ${b.e.to('u64', 1)});`),
    ],
  },
  ptrInMap: {
    imports: 'bpf_cpumask_copy, bpf_cpumask_and, bpf_cpumask_any_distribute, bpf_cpumask_clear_cpu',
    declare: () => [
      'interface Domain { mask: Kptr<bpf_cpumask> | null; n: u64 }',
      'const domains = array<Domain>(8);',
    ],
    statements: [
      (b) => {
        const [d, m] = [b.fresh('dom'), b.fresh('mask')];
        b.emit(`const ${d} = domains.get(${b.e.to('u32', 1)});`, `if (${d}) {`);
        b.emit(`  const ${m} = bpf_cpumask_create();`, `  if (${m}) {`);
        b.emit(`    bpf_cpumask_set_cpu(${b.e.to('u32', 1)}, ${m});`);
        b.emit(`    using old = kptrXchg(${d}.mask, ${m});`, `    if (old) ${d}.n++;`, '  }', '}');
      },
      (b) => {
        if (b.state.rcu) return b.emit('total++;');
        const [d, m] = [b.fresh('dom'), b.fresh('mask')];
        b.emit('{', 'using rcu = bpf_rcu_read_lock();');
        b.emit(`const ${d} = domains.get(${b.e.to('u32', 1)});`, `if (${d}) {`);
        b.emit(`  const ${m} = ${d}.mask;`, `  if (${m}) {`);
        b.emit(
          b.r.pick([
            `bpf_cpumask_clear_cpu(${b.e.to('u32', 1)}, ${m});`,
            `total += bpf_cpumask_any_distribute(${m});`,
            `if (bpf_cpumask_and(${m}, ${m}, ${m})) ${d}.n++;`,
          ]),
          '  }',
          '}',
          '}',
        );
      },
    ],
  },
  tasks: {
    imports: 'atomicCas',
    declare: () => ['let owner: s32 = -1;'],
    where: (b) => awake(b) && !b.state.rcu && b.names.tasks.length > 0,
    statements: [
      (b) => {
        const t = b.fresh('th');
        const p = b.names.tasks[0]!;
        const inside = b.nested({ loop: '', size: 1 }, (inner) => {
          inner.names.ints.push({ name: `${t}.pid`, int: 's32', writable: false });
        });
        b.emit(`for (const ${t} of each.task(${p})) {`, ...inside, '}');
      },
      (b) => b.emit(`if (atomicCas(owner, ${b.e.to('s32', 1)}, -1) === 3) total++;`),
    ],
  },
  labels: {
    imports: '',
    declare: () => [],
    statements: [
      (b) => {
        const int = b.r.pick(INTS);
        const v = b.fresh('w');
        b.emit(`let ${v}: ${int} = 0;`, `if (${b.e.condition(1)}) ${v} = ${b.e.to(int, 2)};`);
        b.emit(`else if (${b.e.condition(2)}) ${v} = ${b.e.to(int, 1)};`);
        b.names.ints.push({ name: v, int, writable: true });
      },
      (b) => {
        const v = b.fresh('o');
        b.emit(
          `const ${v}: Pair = { n: ${b.e.to('u64', 1)}, small: ${b.e.to('s16', 1)}, more: [1, 2, 3, 4] };`,
        );
        b.names.places.push({ name: v, shape: { kind: 'struct', struct: PAIR }, writable: true });
      },
    ],
  },
};

/** Declares some of them; returns their names and what the program imports for them. */
export function declareFeatures(r: Random, out: string[]): { names: string[]; imports: string[] } {
  const names = r.some(Object.keys(FEATURES), 35);
  out.push('interface Pair { n: u64; small: s16; more: FixedArray<u8, 4> }');
  for (const name of names) out.push(...FEATURES[name]!.declare(r));
  return { names, imports: names.flatMap((n) => FEATURES[n]!.imports.split(', ')) };
}

/** A statement of one of the program's features; false where none may stand here. */
export function featureStatement(b: Body): boolean {
  if (b.context.anywhere || b.context.allows === 'tracing' || b.state.callback) return false;
  const fit = b.module.features.filter((name) => FEATURES[name]!.where?.(b) ?? true);
  if (fit.length === 0) return false;
  b.r.pick(FEATURES[b.r.pick(fit)]!.statements)(b);
  return true;
}

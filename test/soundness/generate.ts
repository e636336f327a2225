import { Expressions } from './expressions.js';
import { declareFeatures } from './features.js';
import { importText } from './imports.js';
import {
  INTS,
  bytesOf,
  shapeText,
  type Context,
  type Int,
  type Module,
  type Names,
  type Shape,
  type Struct,
} from './model.js';
import { Random } from './random.js';
import { Body } from './statements.js';

const NONE: Names = { ints: [], bools: [], places: [], tasks: [] };

/** Text of a valid program; the same for the same seed. `size`: how many times as long its bodies are as by default. */
export function generate(seed: number, options: { host?: boolean; size?: number } = {}): string {
  const r = new Random(seed);
  const module: Module = {
    size: options.size ?? 1,
    structs: [],
    maps: [],
    functions: [],
    counters: ['events'],
    timers: [],
    kptrs: r.chance(50) ? ['primary'] : [],
    tables: [],
    dsqs: ['SHARED', 'SHARED + 1'],
    features: [],
    globals: {
      ints: [{ name: 'total', int: 'u64', writable: true }],
      bools: [],
      places: [],
      tasks: [],
    },
  };
  const out: string[] = [
    // Not a constant: whether it is created and emptied is not this program's subject.
    'let SHARED: u64 = 64;',
    'let total: u64 = 0;',
    "export const events = counter('events');",
  ];
  declareStructs(r, module, out);
  declareGlobals(r, module, out);
  declareMaps(r, module, out);
  if (module.kptrs.length > 0) out.push('let primary: Kptr<bpf_cpumask> | null = null;');
  const { names: features, imports } = declareFeatures(r, out);
  module.features = features;
  out.unshift(importText(imports), '');
  declareFunctions(r, module, out);
  declarePrograms(r, module, out, options.host ? 'general' : 'unlocked');
  if (options.host) declareProbes(r, module, out);
  out.push(
    '',
    'export default scheduler({',
    `  name: 'random_${seed}',`,
    ...(options.host ? [] : callbacks(r, module)),
    '});',
    '',
  );
  return out.join('\n');
}

function declareStructs(r: Random, module: Module, out: string[]): void {
  for (let i = 0; i < r.between(1, 4); i++) {
    const fields = Array.from({ length: r.between(2, 5) }, (_, f) => ({
      name: `f${f}`,
      shape: f === 0 ? ({ kind: 'int', int: 'u64' } as Shape) : fieldShape(r, module, 96),
    }));
    const bytes = fields.reduce((sum, f) => sum + bytesOf(f.shape) + 4, 0);
    const struct: Struct = { name: `S${i}`, fields, bytes };
    module.structs.push(struct);
    out.push(
      `interface ${struct.name} {`,
      ...fields.map((f) => `  ${f.name}: ${shapeText(f.shape)};`),
      '}',
    );
  }
}

function fieldShape(r: Random, module: Module, room: number): Shape {
  const small = module.structs.filter((s) => s.bytes <= room);
  const kind = r.below(10);
  if (kind < 6) return { kind: 'int', int: r.pick(INTS) };
  if (kind === 6) return { kind: 'bool' };
  if (kind === 7 && small.length > 0) return { kind: 'struct', struct: r.pick(small) };
  if (room < 32) return { kind: 'int', int: 'u32' };
  const of = fieldShape(r, module, room / 4);
  return {
    kind: 'array',
    of: of.kind === 'bool' ? { kind: 'int', int: 'u16' } : of,
    length: r.pick([2, 3, 4]),
  };
}

function declareGlobals(r: Random, module: Module, out: string[]): void {
  const { globals } = module;
  for (let i = 0; i < r.between(1, 4); i++) {
    const int = r.pick(INTS);
    out.push(`let g${i}: ${int} = ${r.below(100)};`);
    globals.ints.push({ name: `g${i}`, int, writable: true });
  }
  if (r.chance(50)) {
    out.push('let flag: bool = false;');
    globals.bools.push({ name: 'flag', writable: true });
  }
  for (let i = 0; i < r.between(0, 3); i++) {
    const struct = r.pick(module.structs);
    const shape: Shape = r.chance(40)
      ? { kind: 'struct', struct }
      : {
          kind: 'array',
          of: r.chance(50) ? { kind: 'struct', struct } : { kind: 'int', int: r.pick(INTS) },
          length: r.pick([4, 8, 5]),
        };
    out.push(`let a${i}: ${shapeText(shape)} = zeroed();`);
    globals.places.push({ name: `a${i}`, shape, writable: true });
  }
  if (r.chance(60)) {
    out.push(
      "export const knob = config(5, 'a number');",
      "export const verbose = config(false, 'a switch');",
    );
    globals.ints.push({ name: 'knob', int: 'u64', writable: false });
    globals.bools.push({ name: 'verbose', writable: false });
  }
  if (r.chance(50)) {
    out.push('const weights: u32[] = [1, 20, 300, 4000, 50000];');
    module.tables.push({ name: 'weights', length: 5 });
  }
  if (r.chance(30)) {
    out.push('export const per_cpu_table = configArray<u32>(16);');
    module.tables.push({ name: 'per_cpu_table', length: 16 });
  }
}

function declareMaps(r: Random, module: Module, out: string[]): void {
  const kinds = [
    'array',
    'hash',
    'lruHash',
    'percpuArray',
    'percpuHash',
    'lruPercpuHash',
    'percpu',
    'taskStorage',
    'queue',
    'stack',
    'bloomFilter',
    'ringbuf',
    'locked',
  ];
  for (const kind of r.some(kinds, 35)) {
    const name = `m_${kind}`;
    const struct = r.pick(module.structs);
    const value: Int | Struct = r.chance(35)
      ? r.pick(['u32', 'u64', 's32', 's64'] as const)
      : struct;
    const text = typeof value === 'string' ? value : value.name;
    const key: Int | Struct = r.chance(75) ? r.pick(['u32', 's32', 'u64'] as const) : struct;
    const keyText = typeof key === 'string' ? key : key.name;
    const entries = r.pick([1, 16, 1024]);
    switch (kind) {
      case 'array':
      case 'percpuArray':
        out.push(`const ${name} = ${kind}<${text}>(${entries});`);
        module.maps.push({ name, kind, key: 'u32', value, entries });
        break;
      case 'percpu':
      case 'taskStorage':
        out.push(`const ${name} = ${kind}<${text}>();`);
        module.maps.push({ name, kind, value, entries });
        break;
      case 'queue':
      case 'stack':
      case 'bloomFilter':
        out.push(`const ${name} = ${kind}<${text}>(${entries});`);
        module.maps.push({ name, kind, value, entries });
        break;
      case 'ringbuf':
        out.push(`const ${name} = ringbuf<${struct.name}>(4096);`);
        module.maps.push({ name, kind, value: struct, entries });
        break;
      case 'locked': {
        const own: Struct = {
          name: 'Locked',
          bytes: 24,
          fields: [
            { name: 'n', shape: { kind: 'int', int: 'u64' } },
            { name: 'small', shape: { kind: 'int', int: 's16' } },
          ],
        };
        out.push('interface Locked {', '  lock: SpinLock;', '  n: u64;', '  small: s16;', '}');
        out.push(`const ${name} = hash<${keyText}, Locked>(64);`);
        module.maps.push({ name, kind, key, value: own, entries });
        break;
      }
      default:
        out.push(`const ${name} = ${kind}<${keyText}, ${text}>(${entries});`);
        module.maps.push({ name, kind, key, value, entries });
    }
  }
}

function names(base: Partial<Names>): Names {
  return { ...NONE, ...base };
}

function budget(
  r: Random,
  { size }: Module,
  most: number,
): { left: number; serial: number; loops: number } {
  return { left: r.between(3, most) * size, serial: 0, loops: 4 };
}

function declareFunctions(r: Random, module: Module, out: string[]): void {
  for (let i = 0; i < r.between(0, 4); i++) {
    const noinline = r.chance(30);
    const params = Array.from({ length: r.between(1, 3) }, () => r.pick(INTS));
    const struct = !noinline && r.chance(40) ? r.pick(module.structs) : undefined;
    const returns = r.pick(['u32', 'u64', 's32', 's64'] as const);
    const context: Context = {
      name: `fn${i}`,
      allows: 'tracing',
      anywhere: true,
      sleepable: false,
      leave: (e) => `return ${returns}(${e()});`,
    };
    const scope = names({
      ints: params.map((int, n) => ({ name: `x${n}`, int, writable: true })),
      places: struct ? [{ name: 's', shape: { kind: 'struct', struct }, writable: true }] : [],
    });
    const body = new Body(r, module, context, scope, { ...budget(r, module, 8), loops: 2 });
    body.statements(r.between(1, 5) * module.size);
    const list = [
      ...(struct ? [`s: ${struct.name}`] : []),
      ...params.map((int, n) => `x${n}: ${int}`),
    ];
    if (noinline) out.push('/** @noinline */');
    out.push(
      `function fn${i}(${list.join(', ')}): ${returns} {`,
      ...body.lines,
      `  return ${returns}(${body.e.int(2)});`,
      '}',
    );
    module.functions.push({ name: `fn${i}`, params, returns, ...(struct ? { struct } : {}) });
  }
}

function declarePrograms(
  r: Random,
  module: Module,
  out: string[],
  allows: Context['allows'],
): void {
  const write = (context: Context, scope: Names, head: string, tail: string[]): void => {
    const body = new Body(r, module, context, scope, budget(r, module, 12));
    body.statements(r.between(2, 6) * module.size);
    out.push(head, ...body.lines, ...tail);
  };
  if (r.chance(40)) {
    write(
      { name: 'timer', allows, sleepable: false, leave: () => 'return;' },
      names({}),
      'export const tick = timer(() => {',
      ['  tick.start(NSEC_PER_SEC);', '});'],
    );
    module.timers.push('tick');
  }
  if (r.chance(40)) {
    const args: Struct = {
      name: 'Args',
      bytes: 24,
      fields: [
        { name: 'a', shape: { kind: 'int', int: 'u64' } },
        { name: 'b', shape: { kind: 'int', int: 's32' } },
        { name: 'c', shape: { kind: 'int', int: 'u16' } },
      ],
    };
    out.push('interface Args {', '  a: u64;', '  b: s32;', '  c: u16;', '}');
    write(
      { name: 'syscall', allows: 'tracing', sleepable: true, leave: (e) => `return s32(${e()});` },
      names({
        places: [{ name: 'args', shape: { kind: 'struct', struct: args }, writable: true }],
      }),
      'export const call = syscall((args: Args) => {',
      ['  return 0;', '});'],
    );
  }
  if (r.chance(40)) {
    write(
      { name: 'tp_btf', allows: 'tracing', sleepable: false, leave: () => 'return;' },
      names({ tasks: ['prev', 'next'] }),
      "export const on_switch = tp_btf('sched_switch', (preempt, prev, next) => {",
      ['});'],
    );
  }
}

/** What callbacks would hold, as programs that load without sched_ext. */
function declareProbes(r: Random, module: Module, out: string[]): void {
  for (let i = 0; i < r.between(2, 6); i++) {
    const context: Context = {
      name: `probe${i}`,
      allows: 'general',
      sleepable: false,
      leave: () => 'return;',
    };
    const body = new Body(r, module, context, names({ tasks: ['p'] }), budget(r, module, 14));
    body.statements(r.between(2, 7) * module.size);
    out.push(`export const probe${i} = tp_btf('sched_wakeup', (p) => {`, ...body.lines, '});');
  }
}

interface Callback {
  head: string;
  scope: Partial<Names>;
  allows?: Context['allows'];
  sleepable?: boolean;
  returns?: 's32' | 'bool';
}
const task = { tasks: ['p'] };
const int = (name: string, type: Int): Names['ints'][number] => ({
  name,
  int: type,
  writable: false,
});
const CALLBACKS: Callback[] = [
  {
    head: 'select_cpu(p, prev_cpu, wake_flags)',
    scope: { ...task, ints: [int('prev_cpu', 's32'), int('wake_flags', 'u64')] },
    allows: 'select_cpu',
    returns: 's32',
  },
  {
    head: 'enqueue(p, enq_flags)',
    scope: { ...task, ints: [int('enq_flags', 'u64')] },
    allows: 'enqueue',
  },
  { head: 'dequeue(p, deq_flags)', scope: { ...task, ints: [int('deq_flags', 'u64')] } },
  { head: 'dispatch(cpu, prev)', scope: { ints: [int('cpu', 's32')] }, allows: 'dispatch' },
  { head: 'tick(p)', scope: task },
  { head: 'runnable(p, enq_flags)', scope: { ...task, ints: [int('enq_flags', 'u64')] } },
  { head: 'running(p)', scope: task },
  {
    head: 'stopping(p, runnable)',
    scope: { ...task, bools: [{ name: 'runnable', writable: false }] },
  },
  { head: 'quiescent(p, deq_flags)', scope: { ...task, ints: [int('deq_flags', 'u64')] } },
  { head: 'core_sched_before(p, b)', scope: { tasks: ['p', 'b'] }, returns: 'bool' },
  { head: 'set_weight(p, weight)', scope: { ...task, ints: [int('weight', 'u32')] } },
  {
    head: 'update_idle(cpu, idle)',
    scope: { ints: [int('cpu', 's32')], bools: [{ name: 'idle', writable: false }] },
  },
  { head: 'init_task(p, args)', scope: task, sleepable: true, returns: 's32' },
  { head: 'exit_task(p, args)', scope: task },
  { head: 'enable(p)', scope: task },
  {
    head: 'cgroup_set_weight(cgrp, weight)',
    scope: { ints: [int('weight', 'u32')] },
    sleepable: true,
  },
  { head: 'init()', scope: {}, sleepable: true, returns: 's32' },
];

function callbacks(r: Random, module: Module): string[] {
  return r.some(CALLBACKS, 35).flatMap(({ head, scope, allows, sleepable, returns }) => {
    const leave = (e: () => string): string =>
      returns === undefined
        ? 'return;'
        : returns === 'bool'
          ? `return u64(${e()}) > 3;`
          : `return s32(${e()});`;
    const context: Context = {
      name: head,
      allows: allows ?? (sleepable ? 'unlocked' : 'any'),
      sleepable: sleepable ?? false,
      leave,
    };
    const body = new Body(r, module, context, names(scope), budget(r, module, 14));
    body.statements(r.between(2, 7) * module.size);
    const last =
      returns === undefined
        ? []
        : [`  ${leave(() => new Expressions(r, module, body.names).int(1))}`];
    // It is kept, and need not be inserted.
    const keeps = head.startsWith('enqueue') ? ['  total = u64(p.pid);'] : [];
    return [...[`${head} {`, ...keeps, ...body.lines, ...last, '},'].map((l) => `  ${l}`)];
  });
}

import { describe, it } from 'vitest';
import { program } from '../util/program.js';

const LOCK = 'const lock = spinLock();';
const ARENA = 'interface E { a: u64 }\nconst heap = arena<E>(16);';
const LAYERS = 'interface Layer { a: u64; b: u64 }\nconst layers = configArray<Layer>(4);';
const MAP = 'const m = hash<u32, u64>(16);';

describe('checks go by what an operation does, not by what it is called', () => {
  it.each(['array_attrs', 'scxts_div_u64', 'array_at', 'object_get', 'other', 'sizeof_things'])(
    'a map named %s under a lock',
    (name) => {
      program(`${LOCK}\nconst ${name} = hash<u32, u64>(16);`)
        .enqueue(`{ using held = lock.hold(); «${name}.set(1, 2)»; }`)
        .rejects('SCX3027');
    },
  );

  it.each([
    ['a counter', "export const n = counter('n');", 'n.inc()'],
    ['a ring', 'const r = ringbuf<u64>(4096);', 'r.output(1)'],
    ['forEach', MAP, 'm.forEach((k, v) => false)'],
    ['a timer', 'export const t = timer(() => {});', 't.start(1)'],
    ['populate', ARENA, 'heap.populate()'],
    ['an arena', ARENA, 'heap.alloc()'],
  ])('%s under a lock', (_what, globals, call) => {
    program(`${LOCK}\n${globals}`)
      .init(`{ using held = lock.hold(); «${call}»; }`)
      .rejects('SCX3027');
  });

  it('arithmetic and atomics under a lock', () => {
    program(`${LOCK}\nlet g: u64 = 1;`)
      .enqueue('using held = lock.hold(); atomicAdd(g, 1); g = Math.max(g / (g + 1), 3);')
      .accepts();
  });

  it.each([
    ['an atomic', 'function touch(c: Layer): void { atomicAdd(c.a, 1); }', 'layers[p.pid & 3]'],
    ['a step', 'function touch(c: Layer): void { c.a++; }', 'layers[p.pid & 3]'],
    ['a store', 'function touch(c: Layer): void { c.a = 1; }', 'layers[1]'],
    [
      'a callee',
      'function one(c: Layer): void { c.b = 1; } function touch(c: Layer): void { one(c); }',
      'layers[1]',
    ],
  ])('%s into a table of constants', (_what, touch, layer) => {
    program(`${LAYERS}\n${touch}`).enqueue(`touch(«${layer}»);`).rejects('SCX2022');
  });

  it('a copy into an array of a table of constants', () => {
    program(`interface Row { a: FixedArray<u64, 2> }
const rows = configArray<Row>(4);
let from: FixedArray<u64, 2> = zeroed();
function fill(r: Row): void { r.a = from; }`)
      .enqueue('fill(«rows[1]»);')
      .rejects('SCX2022');
  });

  it('a copy into an element of a table of constants, in a callback', () => {
    program(
      `${LAYERS}\n${MAP}\nfunction touch(c: Layer): void { m.forEach((k, v) => { c.a = 1; }); }`,
    )
      .enqueue('touch(«layers[1]»);')
      .rejects('SCX2022');
  });

  it.each([
    ['populate()', ARENA, 'heap.populate()'],
    [
      'a function with populate()',
      `${ARENA}\nfunction fill(): void { heap.populate(); }`,
      'fill()',
    ],
    ['a callback', `${ARENA}\n${MAP}`, 'm.forEach((k, v) => { heap.populate(); })'],
    ['a kernel function in a callback', MAP, 'm.forEach((k, v) => { scx_bpf_create_dsq(1, -1); })'],
  ])('%s with preemption off', (_what, globals, call) => {
    program(globals).init(`{ using off = bpf_preempt_disable(); «${call}»; }`).rejects('SCX4018');
  });

  it.each([
    ['populate()', ARENA, '«heap.populate()»'],
    [
      'populate() in a function',
      `${ARENA}\nfunction fill(): void { «heap.populate()»; }`,
      'fill()',
    ],
    ['populate() in a callback', `${ARENA}\n${MAP}`, 'm.forEach((k, v) => { «heap.populate()»; })'],
  ])('%s in a callback that may not sleep', (_what, globals, call) => {
    program(globals).enqueue(`${call};`).rejects('SCX4003');
  });
});

describe('what a callback does counts for who has it called', () => {
  it.each([
    ['forEach', MAP, 'm.forEach((k, v) => { «p.scx.slice» = 5; });'],
    [
      'a callback in a function',
      `${MAP}\nfunction f(p: task_struct): void { m.forEach((k, v) => { «p.scx.slice» = 5; }); }`,
      'f(p);',
    ],
    ['drain', 'const r = userRingbuf<u64>(4096);', 'r.drain((v) => { «p.scx.slice» = 5; });'],
  ])('a field of a task written outside of the scheduler: %s', (_what, globals, body) => {
    program(`${globals}\nexport const on = tp_btf('sched_wakeup', (p) => { ${body} });`).rejects(
      'SCX4017',
    );
  });

  it('a map with a lock in a kprobe', () => {
    program(`interface C { lock: SpinLock; n: u64 }
const c = hash<u32, C>(16);
${MAP}
export const on = kprobe('do_exit', () => { m.forEach((k, v) => { «c.get(1)»; }); });`).rejects(
      'SCX4012',
    );
  });

  it('a timer that a kprobe starts', () => {
    program(`const t = timer(() => {});
export const on = kprobe('do_exit', () => { «t.start(1)»; });`).rejects('SCX4012');
  });

  it('a map that sleeping programs cannot use', () => {
    program(`const f = bloomFilter<u32>(16);\n${MAP}`)
      .init('m.forEach((k, v) => { «f.has(1)»; });')
      .rejects('SCX4009');
  });

  it('RCU for a walk', async () => {
    const { ok } = await program(`${MAP}\nlet n: u64 = 0;`)
      .init('m.forEach((k, v) => { for (const p of each.task()) n++; });')
      .builds();
    if (!ok) throw new Error('not built');
  });

  it('a section inside of another', () => {
    program(`${MAP}\nlet n: u64 = 0;`)
      .init(
        'using rcu = bpf_rcu_read_lock(); «m.forEach((k, v) => { using again = bpf_rcu_read_lock(); n++; })»;',
      )
      .rejects('SCX4010');
  });

  it('the stack', async () => {
    await program(`${MAP}
function sum(a: FixedArray<u64, 46>, i: u32): u64 { return a[i] + a[45 - i]; }`)
      .init(
        `const a: FixedArray<u64, 46> = zeroed(); a[m.get(1) ? 3 : 4] = 1;
m.forEach((k, v) => { const b: FixedArray<u64, 46> = zeroed(); b[k & 31] = v.value; v.value = sum(b, k & 15); });
m.set(1, sum(a, 3));`,
      )
      .failsToBuild('SCX4021');
  });
});

describe('where kernel functions may be called', () => {
  it('depends on the oldest kernel', () => {
    const dfl = program('interface Arg { pid: s32 }')
      .globals(`export const pick = syscall((a: Arg) => {
  using p = bpf_task_from_pid(a.pid);
  return p ? «scx_bpf_select_cpu_dfl»(p, 0, 0).cpu : -1;
});`);
    dfl.rejects('SCX4002');
    dfl.minKernel('6.16').accepts();
  });

  it('leaves out what no supported kernel needs', async () => {
    const insert = program().enqueue(
      'scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);',
    );
    const { readFileSync } = await import('node:fs');
    const textOf = async (p: typeof insert): Promise<string> => {
      const { files } = await p.builds();
      return readFileSync(files[0]!.path, 'utf8');
    };
    const old = await textOf(insert);
    const newer = await textOf(insert.minKernel('6.16'));
    if (!old.includes('scx_bpf_dispatch___compat'))
      throw new Error('6.12 has no scx_bpf_dsq_insert()');
    if (newer.includes('scx_bpf_dispatch___compat')) throw new Error(newer);
  });
});

describe('calls whose results are not used', () => {
  it('are made', async () => {
    const { readFileSync } = await import('node:fs');
    const { files } = await program()
      .ops(
        'select_cpu(p, prev_cpu, wake_flags) { scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags); return prev_cpu; }',
      )
      .builds();
    const text = readFileSync(files[0]!.path, 'utf8');
    const body = text.slice(text.indexOf('BPF_PROG(t_select_cpu'));
    if (!body.includes('scxts_select_cpu_dfl(')) throw new Error(body);
  });
});

import type { Body } from './statements.js';

type Make = (b: Body) => void;

const cpu = (b: Body): string => `s32(${b.e.int(1)})`;

/** Calls that any program may make. */
const GENERAL: Make[] = [
  taskFromPid,
  taskFromPid,
  rcuKptr,
  rcuKptr,
  swapKptr,
  (b) => {
    const p = b.names.tasks[0];
    if (p === undefined) return b.emit('total++;');
    b.emit(`if (startsWith(${p}.comm, 'kw') || streq(${p}.comm, 'bash')) {`, ...b.nested({}), '}');
  },
  (b) => {
    if (b.module.timers.length === 0) return b.emit('total++;');
    const t = b.r.pick(b.module.timers);
    const ns = b.r.pick(['1000', 'NSEC_PER_MSEC', 'NSEC_PER_SEC']);
    b.emit(b.r.chance(70) ? `${t}.start(${ns});` : `total += u64(${t}.start(500));`);
  },
];
/** And those of sched_ext that any callback may make. */
const ANYWHERE: Make[] = [
  ...GENERAL,
  (b) =>
    b.emit(`scx_bpf_kick_cpu(${cpu(b)}, ${b.r.pick(['0', 'SCX_KICK_IDLE', 'SCX_KICK_PREEMPT'])});`),
  (b) => b.emit(`total += u64(scx_bpf_dsq_nr_queued(${dsq(b)}));`),
  (b) => b.emit(`if (scx_bpf_test_and_clear_cpu_idle(${cpu(b)})) {`, ...b.nested({}), '}'),
  (b) => b.emit(`scx_bpf_cpuperf_set(${cpu(b)}, scx_bpf_cpuperf_cap(0) / 2);`),
  (b) => b.emit(`total += u64(scx_bpf_nr_cpu_ids()) + scx_bpf_now();`),
  idleMask,
  idleMask,
  walk,
  walk,
  cpusOf,
  (b) => {
    const p = b.names.tasks[0];
    b.emit(
      p === undefined
        ? 'total++;'
        : `if (scx_bpf_task_running(${p}) || scx_bpf_task_cpu(${p}) === ${cpu(b)}) {`,
      ...(p === undefined ? [] : [...b.nested({}), '}']),
    );
  },
  (b) => b.emit('if (exists(scx_bpf_dsq_peek)) {', '  total++;', '}'),
  (b) =>
    b.state.rcu
      ? b.emit('total++;')
      : b.emit(
          'if (exists(scx_bpf_cpu_curr)) {',
          '  using rcu = bpf_rcu_read_lock();',
          `  const curr = scx_bpf_cpu_curr(${cpu(b)});`,
          '  if (curr) total += u64(curr.pid);',
          '}',
        ),
];

/** Needs RCU, which scxts holds where the program may sleep. */
function walk(b: Body): void {
  const t = b.fresh('walked');
  const state = { state: { rcu: true }, loop: '', size: 2 } as const;
  const inside = b.nested(state, (inner) => inner.names.tasks.unshift(t));
  const of = b.r.pick([
    `each.scx_dsq(${dsq(b)})`,
    'each.task()',
    'each.task(null, BPF_TASK_ITER_ALL_PROCS)',
  ]);
  if (b.r.chance(75)) return b.emit(`for (const ${t} of ${of}) {`, ...inside, '}');
  const root = b.fresh('cgrp');
  const below = b.nested({ state: { rcu: true }, loop: '', size: 2 });
  b.emit('{', `using ${root} = bpf_cgroup_from_id(1);`, `if (${root}) {`);
  b.emit(
    `  for (const ${t} of each.css(${root}.self)) {`,
    `  total += ${t}.serial_nr;`,
    ...below,
    '}',
    '}',
    '}',
  );
}

/** A pointer of a task, read in the call or before it. */
function cpusOf(b: Body): void {
  const p = b.names.tasks[0];
  if (p === undefined) return b.emit('total++;');
  const m = b.fresh('cpus');
  if (b.r.chance(50)) return b.emit(`total += bpf_cpumask_weight(${p}.cpus_ptr);`);
  b.emit(
    '{',
    `const ${m} = ${p}.cpus_ptr;`,
    `if (bpf_cpumask_test_cpu(${b.e.to('u32', 1)}, ${m})) total++;`,
  );
  b.emit(...b.nested({ state: { rcu: true }, size: 1 }), '}');
}

function dsq(b: Body): string {
  return b.r.pick(b.module.dsqs);
}

function idleMask(b: Body): void {
  const m = b.fresh('idle');
  const get = b.r.pick([
    'scx_bpf_get_idle_cpumask',
    'scx_bpf_get_idle_smtmask',
    'scx_bpf_get_online_cpumask',
  ]);
  const c = b.fresh('cpu');
  const inside = b.nested({ loop: '' }, (inner) => {
    inner.names.ints.push({ name: c, int: 's32', writable: false });
  });
  b.emit('{', `  using ${m} = ${get}();`);
  if (b.r.chance(60)) b.emit(`  for (const ${c} of each.cpu(${m})) {`, ...inside, '  }');
  else
    b.emit(
      `  if (!bpf_cpumask_empty(${m}) && bpf_cpumask_test_cpu(${b.e.to('u32', 1)}, ${m})) ${b.leave()}`,
      `  total += bpf_cpumask_first(${m});`,
    );
  b.emit('}');
}

function taskFromPid(b: Body): void {
  const t = b.fresh('t');
  const inside = b.nested({}, (inner) => inner.names.tasks.unshift(t));
  b.emit('{', `  using ${t} = bpf_task_from_pid(${b.e.to('s32', 1)});`);
  if (b.r.chance(50)) b.emit(`  if (!${t}) ${b.leave()}`, ...inside);
  else b.emit(`  if (${t}) {`, ...inside, '  }');
  b.emit('}');
}

function rcuKptr(b: Body): void {
  if (b.module.kptrs.length === 0 || b.state.rcu) return b.emit('total++;');
  const k = b.r.pick(b.module.kptrs);
  const m = b.fresh('mask');
  const inside = b.nested({ state: { rcu: true } });
  const p = b.names.tasks[0];
  b.emit('{', '  using rcu = bpf_rcu_read_lock();', `  const ${m} = ${k};`);
  const test =
    p === undefined
      ? `bpf_cpumask_test_cpu(${b.e.to('u32', 1)}, ${m})`
      : `bpf_cpumask_intersects(${m}, ${p}.cpus_ptr)`;
  b.emit(`  if (${m} && ${test}) {`, ...inside, '  }', '}');
}

function swapKptr(b: Body): void {
  if (b.module.kptrs.length === 0) return b.emit('total++;');
  const k = b.r.pick(b.module.kptrs);
  const m = b.fresh('fresh');
  b.emit(
    '{',
    `  const ${m} = bpf_cpumask_create();`,
    `  if (${m}) {`,
    `    bpf_cpumask_set_cpu(${b.e.to('u32', 0)}, ${m});`,
    `    using old = kptrXchg(${k}, ${m});`,
    ...(b.r.chance(50) ? ['    if (old) total += bpf_cpumask_weight(old);'] : []),
    '  }',
    '}',
  );
}

const inserting = new WeakSet<Body['budget']>();

/** A task is inserted once in a callback: twice is an error of check. */
function insert(b: Body, text: string): void {
  if (inserting.has(b.budget)) return b.emit('total++;');
  inserting.add(b.budget);
  b.emit(text);
}

const SELECT: Make[] = [
  (b) => {
    const n = b.fresh('cpu');
    b.emit(
      `const { cpu: ${n}, is_idle: ${n}_idle } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);`,
    );
    b.names.ints.push({ name: n, int: 's32', writable: false });
    b.names.bools.push({ name: `${n}_idle`, writable: false });
  },
  (b) =>
    insert(b, `if (${b.e.condition(1)}) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);`),
  (b) => b.emit('if (scx_bpf_pick_idle_cpu(p.cpus_ptr, 0) >= 0) total++;'),
];
const ENQUEUE: Make[] = [
  (b) => insert(b, `scx_bpf_dsq_insert(p, ${dsq(b)}, ${b.e.to('u64', 1)}, enq_flags);`),
  (b) =>
    insert(
      b,
      `scx_bpf_dsq_insert_vtime(p, ${dsq(b)}, SCX_SLICE_DFL, ${b.e.to('u64', 1)}, enq_flags);`,
    ),
  (b) =>
    insert(
      b,
      `scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL_ON | u64(${cpu(b)}), SCX_SLICE_INF, enq_flags);`,
    ),
  (b) =>
    b.emit(
      `p.scx.${b.r.pick(['slice', 'dsq_vtime'])} ${b.r.pick(['=', '+='])} ${b.e.to('u64', 1)};`,
    ),
];
const DISPATCH: Make[] = [
  (b) => b.emit(`if (scx_bpf_dsq_move_to_local(${dsq(b)}, 0)) ${b.leave()}`),
  (b) => b.emit('if (scx_bpf_dispatch_nr_slots() === 0) total++;'),
  (b) => {
    if (b.state.rcu) return b.emit('total++;');
    const it = b.fresh('it');
    const q = b.fresh('q');
    const inside = b.nested({ loop: '', size: 1 }, (inner) => inner.names.tasks.unshift(q));
    b.emit(
      `const ${it} = each.scx_dsq(${dsq(b)});`,
      `for (const ${q} of ${it}) {`,
      ...inside,
      `  if (${b.e.condition(1)}) scx_bpf_dsq_move(${it}, ${q}, ${dsq(b)}, 0);`,
      '}',
    );
  },
];
const GROUPS: Record<string, Make[]> = { select_cpu: SELECT, enqueue: ENQUEUE, dispatch: DISPATCH };

/** A kernel call where the kernel allows it. */
export function kernelStatement(b: Body): void {
  if (b.context.allows === 'tracing') return b.assignment();
  const own = b.state.callback ? undefined : GROUPS[b.context.allows];
  const anywhere = b.context.allows === 'general' ? GENERAL : ANYWHERE;
  const makes = own && b.r.chance(45) ? own : anywhere;
  b.r.pick(makes)(b);
}

import { IMPORTS, body, objects, top } from './programs.js';

/** Name, expected code, source. «...» marks the span that the diagnostic must point at. */
export type Case = [name: string, code: string, source: string];

export const REJECTED: Case[] = [
  ['await', 'SCX1002', top('«async» function f(): Promise<void> {}')],
  ['async arrow functions', 'SCX1002', body('const f = «async» () => 1;')],
  ['generator expressions', 'SCX1003', body('const f = function«*» () { yield 1; };')],
  ['spreading into objects', 'SCX1009', body('const o = { «...p» };')],
  ['generators', 'SCX1003', top('function«*» f() { yield 1; }')],
  ['throw', 'SCX1004', body('«throw 1;»')],
  ['try', 'SCX1004', body('«try { g = 1; } catch { g = 2; }»')],
  ['class', 'SCX1005', top('«class A {}»')],
  ['new', 'SCX1005', body('const x = «new Array(3)»;')],
  ['nested functions', 'SCX1006', body('«function f() {}»')],
  ['function values', 'SCX1006', body('const f = «() => 1»;')],
  ['loose equality', 'SCX1007', body('if (g «==» 1) g = 2;')],
  ['loose inequality', 'SCX1007', body('if (g «!=» 1) g = 2;')],
  ['dynamic property access', 'SCX1008', body("g = «p['scx']».dsq_vtime;")],
  ['modules of Node.js', 'SCX1014', `import { cpus } from «'node:os'»;\n${body('g = 1;')}`],
  ['labels of blocks', 'SCX1021', body('out: { if (g) «break out;» }')],
  ["TypeScript's own collections", 'SCX2003', top('let names: «Map<u32, u32>» = m as never;')],
  [
    'unions of integers',
    'SCX2003',
    top('interface X { a: «u32 | u64» }\nconst x = hash<u32, X>(3);'),
  ],
  [
    'a text that its place cannot hold',
    'SCX2071',
    top(
      "interface X { name: CString<4> }\nconst x = percpu<X>();\nfunction f(): s32 { return copyString(x.this().name, «'four'»); }",
    ).replace('hash,', 'hash, percpu, copyString, type CString,'),
  ],
  [
    'a text that is copied into the kernel',
    'SCX2012',
    body("copyString(«p.comm», 'x');").replace('hash,', 'hash, copyString,'),
  ],
  [
    'a union with a kernel object in it',
    'SCX2072',
    top(
      'interface X { u: Union<«{ mask: Kptr<task_struct>; bits: u64 }»> }\nconst x = hash<u32, X>(3);',
    ).replace('hash,', 'hash, type Union, type Kptr,'),
  ],
  [
    'an aligned integer as a value',
    'SCX2073',
    top('const x = array<«Aligned<u64, 64>»>(3);').replace('hash,', 'hash, type Aligned,'),
  ],
  [
    'an alignment that is none',
    'SCX2073',
    top('const x = array<«Aligned<Ctx, 48>»>(3);').replace('hash,', 'hash, type Aligned,'),
  ],
  [
    'an exchange with a variable',
    'SCX3071',
    top(
      'interface X { mask: Kptr<bpf_cpumask> | null }\nconst x = array<X>(3);\nexport const run = syscall(() => { const c = x.get(0); if (!c) return 0; const v = c.mask; using old = kptrXchg(«v», null); return 0; });',
    )
      .replace('hash,', 'hash, syscall, kptrXchg, type Kptr,')
      .replace('type { task_struct }', 'type { task_struct, bpf_cpumask }'),
  ],
  [
    'kernel structs as elements',
    'SCX3031',
    top('interface X { «masks: FixedArray<bpf_cpumask, 4>;» }\nconst x = array<X>(3);').replace(
      'type { task_struct }',
      'type { task_struct, bpf_cpumask }',
    ),
  ],
  [
    'a list of tasks in a struct',
    'SCX2017',
    top(
      'interface X { lock: SpinLock; waiting: «List<task_struct>» }\nconst x = hash<u32, X>(3);',
    ).replace('hash,', 'hash, type List, type SpinLock,'),
  ],
  [
    'a list in a value without a lock',
    'SCX3030',
    top(
      'interface W { v: u64 }\ninterface X { waiting: List<W> }\nconst x = «hash<u32, X>(3)»;',
    ).replace('hash,', 'hash, type List,'),
  ],
  [
    'a list in a value of a task',
    'SCX3030',
    top(
      'interface W { v: u64 }\ninterface X { lock: SpinLock; waiting: List<W> }\nconst x = «taskStorage<X>()»;',
    ).replace('hash,', 'hash, type List, type SpinLock,'),
  ],
  [
    'a list of a value without its lock held',
    'SCX3074',
    top(
      'interface W { v: u64 }\ninterface X { lock: SpinLock; waiting: List<W> }\nconst x = array<X>(3);\nexport const run = syscall(() => { const c = x.get(0); if (!c) return 0; using w = «c.waiting.popFront()»; return 0; });',
    ).replace('hash,', 'hash, syscall, type List, type SpinLock,'),
  ],
  [
    'a tree of a value without an order',
    'SCX3075',
    top(
      'interface W { v: u64 }\ninterface X { lock: SpinLock; tree: RbTree<W> }\nconst x = array<X>(3);\nexport const run = syscall(() => { const c = x.get(0); const w = alloc<W>(); if (!c || !w) { bpf_obj_drop(w); return 0; } using held = c.lock.hold(); «c.tree.add(w)»; return 0; });',
    ).replace('hash,', 'hash, alloc, syscall, bpf_obj_drop, type RbTree, type SpinLock,'),
  ],
  [
    'a member that C cannot have',
    'SCX2018',
    top('interface X { «long»: u64 }\nconst x = hash<u32, X>(3);'),
  ],
  [
    'the return of what never returns',
    'SCX4015',
    "import { scheduler, fexit } from 'scxts';\nlet n = 0;\nexport const gone = fexit(«'do_exit'», () => { n++; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'asking whether a number is there that a function gave',
    'SCX2020',
    `${IMPORTS}function at(k: u32) { return m.get(k)?.a; }\nexport default scheduler({ name: 't', enqueue() { g = «at(1)» ?? 3; } });`,
  ],
  [
    'handing on a number that may not be there',
    'SCX2020',
    `${IMPORTS}function add(a: u64, b?: u64): u64 { return a + (b ?? 1); }\nexport default scheduler({ name: 't', enqueue() { g = add(1, «m.get(1)?.a»); } });`,
  ],
  [
    'a switch over a number that may not be there',
    'SCX2020',
    body('switch («m.get(1)?.a») { case 0: g = 1; }'),
  ],
  [
    'more elements than an array has',
    'SCX2021',
    body('const t: FixedArray<u32, 2> = [1, 2, «3»]; g = t[0];'),
  ],
  [
    'writing to a table of structs through a name',
    'SCX2012',
    `${IMPORTS.replace('config,', 'config, configArray,')}const layers = configArray<Ctx>(4);\nexport default scheduler({ name: 't', enqueue(p) { const l = layers[p.pid & 3]; l.«a» = 1; } });`,
  ],
  [
    'a table of structs passed to what writes it',
    'SCX2022',
    `${IMPORTS.replace('config,', 'config, configArray,')}const layers = configArray<Ctx>(4);\nfunction touch(c: Ctx): void { c.a = 1; }\nfunction use(c: Ctx): void { touch(c); }\nexport default scheduler({ name: 't', enqueue(p) { use(«layers[p.pid & 3]»); } });`,
  ],
  [
    'locking behind a question mark',
    'SCX1001',
    `${IMPORTS.replace('scheduler,', 'scheduler, type SpinLock,')}interface L { lock: SpinLock; n: u32 }\nconst ls = array<L>(4);\nexport default scheduler({ name: 't', enqueue() { using held = «ls.get(0)?.lock.hold()»; } });`,
  ],
  [
    'a lock in a value of each CPU',
    'SCX3030',
    top('interface L { lock: SpinLock; n: u32 }\nconst x = «percpuArray<L>(1)»;').replace(
      'scheduler,',
      'scheduler, type SpinLock,',
    ),
  ],
  [
    'two timers in a value',
    'SCX3030',
    top('interface T { a: Timer; b: Timer }\nconst x = «array<T>(1)»;').replace(
      'scheduler,',
      'scheduler, type Timer,',
    ),
  ],
  [
    'a kernel object in a queue',
    'SCX3030',
    top('interface K { p: Kptr<task_struct> | null }\nconst x = «queue<K>(4)»;').replace(
      'scheduler,',
      'scheduler, queue, type Kptr,',
    ),
  ],
  [
    'a lock in a struct at module level',
    'SCX3030',
    top('interface L { lock: SpinLock; n: u32 }\nlet «x: L = zeroed()»;').replace(
      'scheduler,',
      'scheduler, zeroed, type SpinLock,',
    ),
  ],
  ['tasks by value', 'SCX3031', top('const x = «hash<u32, task_struct>(8)»;')],
  [
    'a trie without a length in its key',
    'SCX3031',
    top('const x = «lpmTrie<u64, u32>(8)»;').replace('scheduler,', 'scheduler, lpmTrie,'),
  ],
  ['the least of nothing', 'SCX1011', body('g = «Math.min()»;')],
  ['tuples', 'SCX2003', top('function f(x: «[u32, u32]»): void {}')],
  [
    'a watchdog that the kernel does not take',
    'SCX3016',
    `${IMPORTS}export default scheduler({ name: 't', timeout_ms: «60_000» });`,
  ],
  [
    'a kernel object that only RCU keeps, without it',
    'SCX4013',
    "import { scheduler, syscall, exists, scx_bpf_cpu_curr } from 'scxts';\nexport const a = syscall(() => { if (!exists(scx_bpf_cpu_curr)) return 0; const p = «scx_bpf_cpu_curr(0)»; return p ? p.pid : 0; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'sleeping where RCU is held',
    'SCX4014',
    "import { scheduler, bpf_rcu_read_lock, scx_bpf_create_dsq } from 'scxts';\nexport default scheduler({ name: 'x', init() { using rcu = bpf_rcu_read_lock(); return «scx_bpf_create_dsq(0, -1)»; } });",
  ],
  [
    'sleeping in a walk',
    'SCX4013',
    "import { scheduler, each, scx_bpf_create_dsq } from 'scxts';\nexport default scheduler({ name: 'x', init() { «for (const t of each.task()) scx_bpf_create_dsq(8, -1);» return 0; } });",
  ],
  [
    'a function that opens an RCU section, in a walk',
    'SCX4010',
    "import { scheduler, each, bpf_rcu_read_lock } from 'scxts';\nlet n = 0;\nfunction f() { using rcu = bpf_rcu_read_lock(); n++; }\nexport default scheduler({ name: 'x', dispatch(cpu, prev) { for (const t of each.scx_dsq(3)) «f()»; } });",
  ],
  [
    'an iterator outside of its loop',
    'SCX1001',
    "import { scheduler, each, scx_bpf_dsq_move } from 'scxts';\nexport default scheduler({ name: 'x', dispatch(cpu, prev) { const it = each.scx_dsq(3); if (prev) scx_bpf_dsq_move(«it», prev, 3, 0); } });",
  ],
  [
    'calls that a timer must not make',
    'SCX4002',
    top(
      'const t = timer(() => { using p = bpf_task_from_pid(1); if (p) «scx_bpf_dsq_insert»(p, 0, 0, 0); });',
    ).replace('hash,', 'hash, timer,'),
  ],
  [
    'sleeping in a timer',
    'SCX4003',
    top('const t = timer(() => { «scx_bpf_create_dsq»(1, -1); });').replace(
      'hash,',
      'hash, timer,',
    ),
  ],
  ['a pointer kept in a global', 'SCX3029', top('let «last: task_struct | null = null»;')],
  [
    'a pointer kept in a map',
    'SCX3029',
    top('interface Held { n: u64; p: task_struct | null }\nconst held = «hash<u32, Held>(4)»;'),
  ],
  [
    'two kinds of struct in one value',
    'SCX2009',
    body('const c = m.get(1); if (c) { const t = g ? p : «c»; g = t ? 1 : 2; }'),
  ],
  ['an order of pointers', 'SCX2015', body('if («p» > p) g = 1;')],
  [
    'callbacks that are chosen at run time',
    'SCX3012',
    body('«m.forEach(g ? () => {} : () => {})»;'),
  ],
  ['exists() of what is no name', 'SCX4005', body('if («exists(g)») g = 1;')],
  ['too many values in a format', 'SCX4008', body(`«bpf_printk(\`${'${g}'.repeat(13)}\`)»;`)],
  ['spreading', 'SCX1009', body('const f = Math.max(«...[1, 2]»);')],
  ['regular expressions', 'SCX1010', body('const r = «/x/»;')],
  ['console', 'SCX1011', body('g = «Math.sqrt»(2);')],
  ['string building', 'SCX1012', body('const s = «`a${g}`»;')],
  ['as', 'SCX1013', body('g = «small as u64»;')],
  ['non-null assertion', 'SCX1013', body('const c = «m.get(1)!»;')],
  ['module statements', 'SCX1015', top('«g = 1;»')],
  ['recursion', 'SCX1016', top('function f(n: u32): u32 { return n ? «f(n - 1)» : 0; }')],
  ['rest elements', 'SCX1017', body('const { a, «...rest» } = { a: g };')],
  ['a counter as a value', 'SCX1018', body('if («nr») g = 1;')],
  [
    'too many arguments',
    'SCX1019',
    `${IMPORTS}/** @noinline */\nfunction f(a: u64, b: u64, c: u64, d: u64, e: u64, h: u64): u64 { return a + b + c + d + e + h; }\nexport default scheduler({ name: 't', enqueue() { g = f(1, 2, 3, 4, 5, 6); } });`,
  ],
  [
    'falling through where labels depend on the kernel',
    'SCX1020',
    "import { scheduler, SCX_ENQ_WAKEUP, SCX_ENQ_HEAD } from 'scxts';\nlet n = 0;\nexport default scheduler({ name: 'x', enqueue(p, f) { switch (f) { case SCX_ENQ_WAKEUP: «n = 2;» case SCX_ENQ_HEAD: n = 3; } } });",
  ],
  [
    'a struct from a function that is called',
    'SCX1031',
    top(
      '/** @noinline */\n«function f(a: u64): Ctx { const c: Ctx = zeroed(); return c; }»\nexport function h(): void { f(g); }',
    ).replace('hash,', 'hash, zeroed,'),
  ],
  ['typeof', 'SCX1001', body("if («typeof g» === 'number') g = 1;")],
  ['delete', 'SCX1001', body('const o: { a?: u64 } = { a: g }; «delete o.a»;')],
  ['any', 'SCX2001', top('function f(x: «any»): void {}')],
  ['number', 'SCX2002', top('let x: «number» = 0;')],
  ['string', 'SCX2004', top("let x: «string» = '';")],
  ['floating point', 'SCX2005', body('g = g * «0.5»;')],
  ['mixed signs', 'SCX2006', body('if («p.prio < g») g = 1;')],
  ['negative beside unsigned', 'SCX2006', body('if («g > -1») g = 1;')],
  ['an untellable width', 'SCX2007', body('let «x» = 0; x = s64(g); x = g; g = u64(x);')],
  ['constants that do not fit', 'SCX2008', body('small = «256»;')],
  ['too wide a shift', 'SCX2010', body('g = «g << 64»;')],
  ['a constant index out of range', 'SCX2011', body('g = hist[«16»];')],
  ['a write to a kernel field', 'SCX2012', body('p.«prio» = 3;')],
  ['division by zero', 'SCX2014', body('g = «g / 0»;')],
  [
    'an object of constants as a value',
    'SCX2019',
    body('const l = «LIMITS»; g = l.soft;').replace(
      'export default',
      'const LIMITS = { soft: 1, hard: 2 };\nexport default',
    ),
  ],
  ['an object without a type', 'SCX2016', body('const o = «{ a: 1 }»;')],
  [
    'the address of an entry without an arena',
    'SCX3072',
    top(
      'interface N { next: ArenaPtr<N> | null }\nconst ns = array<N>(4);\nfunction f(n: N): void { if («n.next») g = 1; }\nexport const run = syscall(() => { const n = ns.get(0); if (n) f(n); return 0; });',
    ).replace('hash,', 'hash, syscall, type ArenaPtr,'),
  ],
  [
    'a link to what is in no arena',
    'SCX3073',
    top(
      'interface N { v: u64; next: ArenaPtr<N> | null }\nconst ns = arena<N>(4);\nexport const run = syscall(() => { const n = ns.get(0); const own: N = { v: 1, next: null }; if (n) n.next = «own»; return 0; });',
    ).replace('hash,', 'hash, arena, syscall, type ArenaPtr,'),
  ],
  [
    'a plain pointer in an arena',
    'SCX3029',
    top('interface N { v: u64; next: N | null }\nconst ns = «arena<N>(4)»;').replace(
      'hash,',
      'hash, arena,',
    ),
  ],
  [
    'a lock of arenas elsewhere',
    'SCX3030',
    top('interface N { v: u64; lock: ArenaSpinLock }\nconst ns = «array<N>(4)»;').replace(
      'hash,',
      'hash, type ArenaSpinLock,',
    ),
  ],
  [
    'sleeping with the lock of an entry held',
    'SCX4018',
    top(
      'interface N { v: u64; lock: ArenaSpinLock }\nconst ns = arena<N>(4);\nexport const run = syscall(() => { const n = ns.get(0); if (!n) return 0; using held = n.lock.hold(); «ns.populate()»; return 0; });',
    ).replace('hash,', 'hash, arena, syscall, type ArenaSpinLock,'),
  ],
  [
    'different maps in one',
    'SCX3014',
    top(
      'const q1 = hash<u32, u64>(4); const q2 = hash<u32, u32>(4); const qs = arrayOfMaps([q1, «q2»]);',
    ).replace('hash,', 'hash, arrayOfMaps,'),
  ],
  [
    'a pointer read without RCU where it sleeps before its use',
    'SCX4011',
    `${IMPORTS.replace('hash,', 'hash, cgroupStorage,')}const cg = cgroupStorage<Ctx>();
export default scheduler({ name: 't', init_task(p, args) { const c = args.cgroup; scx_bpf_create_dsq(8, -1); return cg.get(«c») ? 0 : -1; } });`,
  ],
  [
    'the same through a function',
    'SCX4011',
    `${IMPORTS.replace('hash,', 'hash, syscall,')}
function look(t: task_struct): u64 { return tctx.get(«t») ? 1 : 0; }
export const ask = syscall((args: { pid: s32 }) => {
  using t = bpf_task_from_pid(args.pid);
  if (!t) return -1;
  const parent = t.real_parent;
  scx_bpf_create_dsq(8, -1);
  return look(parent) ? 1 : 0;
});
export default scheduler({ name: 't' });`,
  ],
  ['a call that acquires and drops it', 'SCX3001', body('«bpf_task_from_pid(1)»;')],
  [
    'use after a release',
    'SCX3020',
    body(
      'const t = bpf_task_from_pid(1); if (!t) return; bpf_task_release(t); g = «t».scx.weight;',
    ),
  ],
  [
    'use after release on one path',
    'SCX3020',
    body(
      'using t = bpf_task_from_pid(1); if (!t) return; if (g) bpf_task_release(t); g = «t».scx.weight;',
    ),
  ],
  [
    'a second release in the next round',
    'SCX3020',
    body(
      'using t = bpf_task_from_pid(1); if (!t) return; for (let i: u32 = 0; i < 3; i++) bpf_task_release(«t»);',
    ),
  ],
  [
    'a release that misses a path',
    'SCX3021',
    body('const «t = bpf_task_from_pid(1)»; if (!t) return; if (g) return; bpf_task_release(t);'),
  ],
  [
    'overwriting what is owned',
    'SCX3022',
    body('let t = bpf_task_from_pid(1); «t = bpf_task_from_pid(2)»; if (t) bpf_task_release(t);'),
  ],
  ['releasing what is not owned', 'SCX3023', body('bpf_task_release(«p»);')],
  [
    'moving what is not owned',
    'SCX3023',
    objects('using h = l.hold(); const first = tree.first(); if (first) tree.add(«first»);'),
  ],
  [
    'a tree without a lock',
    'SCX3024',
    top('const t = «rbTree<Ctx>((a, b) => a.a < b.a)»;').replace('hash,', 'hash, rbTree,'),
  ],
  [
    'a tree under another lock',
    'SCX3025',
    objects('using h = l2.hold(); const f = «tree.first()»;'),
  ],
  ['a tree outside of its lock', 'SCX3026', objects('const f = «tree.first()»;')],
  ['a counter under a lock', 'SCX3027', objects('using h = l.hold(); «nr.inc()»;')],
  [
    'a function that calls under a lock',
    'SCX3027',
    objects('using h = l.hold(); «deep()»;').replace(
      'let small',
      'function deep() { nr.inc(); }\nlet small',
    ),
  ],
  ['another lock under a lock', 'SCX3027', objects('using h = l.hold(); using i = «l2.hold()»;')],
  ['a map under a lock', 'SCX3027', objects('using h = l.hold(); «m.delete(1)»;')],
  [
    'taking out in a loop under a lock',
    'SCX3028',
    objects(
      'using h = l.hold(); for (let i: u32 = 0; i < 3; i++) { const f = tree.first(); if (f) { using «n = tree.remove(f)»; } }',
    ),
  ],
  ['acquiring without using', 'SCX3001', body('const t = «bpf_task_from_pid(1)»;')],
  ['using what needs no release', 'SCX3002', body('using «t» = null; g = 1;')],
  ['maps inside functions', 'SCX3003', body('const x = «hash<u32, u64>(4)»;')],
  ['map sizes that are not constant', 'SCX3004', top('const x = array<u64>(«g»);')],
  ['missing type arguments', 'SCX3005', top('const x = «array(4)»;')],
  ['let-bound maps', 'SCX3006', top('let «x = array<u64>(4)»;')],
  ['atomics on narrow fields', 'SCX3008', body('atomicAdd(«small», 1);')],
  ['scheduler names', 'SCX3010', `${IMPORTS}export default scheduler({ name: «'my scheduler'» });`],
  [
    'what an older kernel runs now, handed to a function',
    'SCX4004',
    "import { scheduler, scx_bpf_cpu_curr, scx_bpf_task_set_slice } from 'scxts';\nexport default scheduler({ name: 'x', tick() { const c = scx_bpf_cpu_curr(0); if (c) scx_bpf_task_set_slice(«c», 1); } });",
  ],
  ['functions newer than the floor', 'SCX4001', body('const c = «scx_bpf_locked_rq»();')],
  ['enum values newer than the floor', 'SCX4001', body('g = «SCX_ENQ_IMMED»;')],
  ['fields newer than the floor', 'SCX4001', body('g = u64(p.scx.«selected_cpu»);')],
  ['dispatch-only functions', 'SCX4002', body('«scx_bpf_dsq_move_to_local»(0, 0);')],
  ['sleeping in enqueue', 'SCX4003', body('«scx_bpf_create_dsq»(0, -1);')],
  [
    'the address of the traced function where none is traced',
    'SCX4002',
    "import { scheduler, tp_btf, bpf_get_func_ip } from 'scxts';\nexport const t = tp_btf('sched_switch', () => { if («bpf_get_func_ip»()) return; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'the cookie of a traced place in an iterator',
    'SCX4002',
    "import { scheduler, iter, bpf_get_attach_cookie } from 'scxts';\nexport const t = iter('task', () => { if («bpf_get_attach_cookie»()) return; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'functions of schedulers in a kprobe',
    'SCX4002',
    "import { scheduler, kprobe, scx_bpf_now } from 'scxts';\nexport const t = kprobe('do_exit', () => { if («scx_bpf_now»()) return; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'what tracing programs may only do from 6.19 on',
    'SCX4002',
    "import { scheduler, tp_btf, scx_bpf_task_set_slice } from 'scxts';\nexport const t = tp_btf('sched_switch', (a, p) => { «scx_bpf_task_set_slice»(p, 1); });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'a timer in a kprobe',
    'SCX4012',
    "import { scheduler, kprobe, timer } from 'scxts';\nconst later = timer(() => {});\nexport const t = kprobe('do_exit', () => { «later.start(1)»; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'a map with locks in a tracepoint, through a function',
    'SCX4012',
    "import { scheduler, tracepoint, array, type SpinLock, type u64 } from 'scxts';\ninterface V { lock: SpinLock; n: u64 }\nconst vs = array<V>(4);\nfunction look(): u64 { return «vs.get(1)»?.n ?? 0; }\nexport const t = tracepoint('sched/sched_switch', () => { if (look()) return; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'a spin lock in a raw tracepoint',
    'SCX4012',
    "import { scheduler, raw_tp, spinLock, type u64 } from 'scxts';\nconst l = spinLock();\nlet g: u64 = 0;\nexport const t = raw_tp('sched_switch', () => { using «held = l.hold()»; g++; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'bloom filters where it may sleep',
    'SCX4009',
    "import { scheduler, bloomFilter, type u32 } from 'scxts';\nconst b = bloomFilter<u32>(8);\nexport default scheduler({ name: 'x', init() { return «b.add(1)»; } });",
  ],
  [
    'RCU read sections in each other',
    'SCX4010',
    "import { scheduler, bpf_rcu_read_lock } from 'scxts';\nexport default scheduler({ name: 'x', running(p) { using rcu = bpf_rcu_read_lock(); { using «again = bpf_rcu_read_lock()»; } } });",
  ],
  [
    'a function that newer kernels lack',
    'SCX4016',
    "import { scheduler, scx_bpf_cpu_rq } from 'scxts';\nlet n = 0;\nexport default scheduler({ name: 'x', tick(p) { const rq = «scx_bpf_cpu_rq»(0); if (rq) n++; } });",
  ],
  [
    'a field that newer kernels lack',
    'SCX4016',
    "import { scheduler, type u64 } from 'scxts';\nlet n: u64 = 0;\nexport default scheduler({ name: 'x', tick(p) { n = p.sched_task_group.«scx_weight»; } });",
  ],
  [
    'a field that is a number on older kernels and a struct on newer',
    'SCX4001',
    "import { scheduler, type u64 } from 'scxts';\nlet n: u64 = 0;\nexport default scheduler({ name: 'x', tick(p) { const m = p.mm; if (m) { const f = m.«flags»; n = f ? 1 : 0; } } });",
  ],
  [
    'tasks written by syscall programs, through a function',
    'SCX4017',
    "import { scheduler, syscall, bpf_task_from_pid, type s32 } from 'scxts';\nimport type { task_struct } from 'scxts/vmlinux';\nfunction reset(p: task_struct) { «p.scx.dsq_vtime» = 0; }\nexport const r = syscall((a: { pid: s32 }) => { using p = bpf_task_from_pid(a.pid); if (p) reset(p); return 0; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'tasks written by tracing programs',
    'SCX4017',
    "import { scheduler, tp_btf } from 'scxts';\nexport const t = tp_btf('sched_wakeup', (p) => { «p.scx.slice» -= 1; });\nexport default scheduler({ name: 'x' });",
  ],
  [
    'sleeping where preemption is off',
    'SCX4018',
    "import { scheduler, bpf_preempt_disable, scx_bpf_create_dsq } from 'scxts';\nexport default scheduler({ name: 'x', init() { using off = bpf_preempt_disable(); return «scx_bpf_create_dsq(0, -1)»; } });",
  ],
  [
    'sleeping where interrupts are off, through a function',
    'SCX4018',
    "import { scheduler, exists, bpf_local_irq_save, scx_bpf_create_dsq } from 'scxts';\nfunction make() { return scx_bpf_create_dsq(0, -1); }\nexport default scheduler({ name: 'x', init() { if (!exists(bpf_local_irq_save)) return 0; using off = bpf_local_irq_save(); return «make()»; } });",
  ],
  [
    'preemption off without an end',
    'SCX3001',
    "import { scheduler, bpf_preempt_disable } from 'scxts';\nexport default scheduler({ name: 'x', tick() { const off = «bpf_preempt_disable()»; } });",
  ],
  [
    'interrupts off on every kernel',
    'SCX4001',
    "import { scheduler, bpf_local_irq_save } from 'scxts';\nexport default scheduler({ name: 'x', tick() { using off = «bpf_local_irq_save»(); } });",
  ],
  [
    'the number of tasks handed back, where the kernel does not say it',
    'SCX4002',
    "import { scheduler, scx_bpf_reenqueue_local, type u32 } from 'scxts';\nlet n: u32 = 0;\nexport default scheduler({ name: 'x', tick() { n = «scx_bpf_reenqueue_local»(); } });",
  ],
  ['untrusted pointers', 'SCX4004', body('using t = bpf_task_acquire(«p.last_wakee»);')],
  ['formats that are no literals', 'SCX4006', body("const s = 'x'; scx_bpf_error(«s»);")],
  ['formats of structs', 'SCX4007', body('bpf_printk(`${«hist»}`);')],
  ['no default export', 'SCX0004', `${IMPORTS}export const x = 1;`],
  ['another default export', 'SCX0005', `${IMPORTS}export default «42»;`],
  [
    'misspelt callbacks (TypeScript)',
    'TS2561',
    `${IMPORTS}export default scheduler({ name: 't', «enque»(p: task_struct) {} });`,
  ],
  ['lookups without a test (TypeScript)', 'TS18047', body('const c = m.get(1); «c».a = 1;')],
  ['wider into narrower (TypeScript)', 'TS2322', body('«small» = g;')],
];

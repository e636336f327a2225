// syscalls with big arguments, iteration of tasks and cgroups, fixed arrays of structs in args
import {
  scheduler,
  syscall,
  iter,
  taskStorage,
  each,
  counter,
  zeroed,
  bpf_seq_printf,
  streq,
  startsWith,
  bpf_cgroup_from_id,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  EINVAL,
  ENOENT,
  E2BIG,
  u16,
  u32,
  u64,
  s8,
  s32,
  type FixedArray,
  type CString,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface Rule {
  prefix: u32;
  nice_lo: s8;
  nice_hi: s8;
  dsq: u16;
  hits: u32;
}
interface Rules {
  n: u32;
  rules: FixedArray<Rule, 16>;
}
interface Top {
  pid: s32;
  ran: u64;
  comm: CString<16>;
}
interface TopArgs {
  want: u32;
  n: u32;
  top: FixedArray<Top, 8>;
  total: u64;
}
interface Tree {
  root: u64;
  depth: u32;
  cgroups: u32;
  deepest: u32;
}
interface T {
  ran: u64;
  dsq: u16;
}
let rules: Rules = zeroed();
let version = 0;
const ts = taskStorage<T>();
export const matched = counter('rules matched');

export const set_rules = syscall((a: Rules) => {
  if (a.n > 16) return -E2BIG;
  for (let i = 0; i < a.n; i++) {
    const r = a.rules[i];
    if (r.nice_lo > r.nice_hi) return -EINVAL;
    rules.rules[i] = r;
    rules.rules[i].hits = 0;
  }
  rules.n = a.n;
  version++;
  return 0;
});
export const top = syscall((a: TopArgs) => {
  a.n = 0;
  a.total = 0;
  const want = Math.min(a.want, 8);
  for (const p of each.task()) {
    const t = ts.get(p);
    if (!t || !t.ran) continue;
    a.total += t.ran;
    let at = a.n;
    for (let i: u32 = 0; i < a.n; i++) {
      if (a.top[i].ran < t.ran) {
        at = i;
        break;
      }
    }
    if (at >= want) continue;
    for (let i = want - 1; i > at; i--) a.top[i] = a.top[i - 1];
    a.top[at].pid = p.pid;
    a.top[at].ran = t.ran;
    a.top[at].comm = p.comm;
    if (a.n < want) a.n++;
  }
  return s32(a.n);
});
export const tree = syscall((a: Tree) => {
  using root = bpf_cgroup_from_id(a.root || 1);
  if (!root) return -ENOENT;
  a.cgroups = 0;
  a.deepest = 0;
  for (const css of each.css(root.self)) {
    a.cgroups++;
    const level = u32(css.cgroup.level);
    if (level > a.deepest) a.deepest = level;
    if (a.depth && level > a.depth) break;
  }
  return 0;
});
export const list_tasks = iter('task', (task, meta) => {
  if (!task) {
    bpf_seq_printf(meta.seq, `end v${version}\n`);
    return;
  }
  const t = ts.get(task);
  bpf_seq_printf(meta.seq, `${task.pid} ${task.comm} ${t ? t.ran : 0} ${t?.dsq ?? 0}\n`);
});
function ruleFor(p: task_struct): u16 {
  const nice = s32(p.static_prio) - 120;
  const n = Math.min(rules.n, 16);
  for (let i: u32 = 0; i < n; i++) {
    const r = rules.rules[i];
    if (nice < r.nice_lo || nice > r.nice_hi) continue;
    switch (r.prefix) {
      case 0:
        break;
      case 1:
        if (!startsWith(p.comm, 'k')) continue;
        break;
      case 2:
        if (!streq(p.comm, 'init')) continue;
    }
    r.hits++;
    matched.inc();
    return r.dsq & 3;
  }
  return 0;
}
export default scheduler({
  name: 'ruled',
  init_task(p) {
    const t = ts.create(p);
    if (t) t.dsq = ruleFor(p);
    return 0;
  },
  select_cpu(p, prev, wf) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev, wf);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, f) {
    scx_bpf_dsq_insert(p, ts.get(p)?.dsq ?? 0, SCX_SLICE_DFL, f);
  },
  dispatch(cpu) {
    for (let i = 3; i >= 0; i--) if (scx_bpf_dsq_move_to_local(i, 0)) return;
  },
  stopping(p) {
    const t = ts.get(p);
    if (t) t.ran += SCX_SLICE_DFL - p.scx.slice;
  },
  init() {
    for (let i = 0; i < 4; i++) {
      const r = scx_bpf_create_dsq(i, -1);
      if (r) return r;
    }
    return 0;
  },
});

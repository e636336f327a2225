// qmap-like with queues, dsq iteration, cpu_release, dumps, syscall progs
import {
  scheduler,
  config,
  counter,
  queue,
  stack,
  arrayOfMaps,
  taskStorage,
  syscall,
  timer,
  ringbuf,
  userRingbuf,
  hash,
  lruHash,
  array,
  percpuArray,
  lpmTrie,
  bloomFilter,
  each,
  range,
  exists,
  NR_CPUS,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move,
  scx_bpf_dsq_move_vtime,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_dump,
  scx_bpf_exit,
  scx_bpf_reenqueue_local,
  scx_bpf_task_cgroup,
  scx_bpf_cpuperf_set,
  scx_bpf_cpuperf_cap,
  scx_bpf_now,
  scx_bpf_dsq_nr_queued,
  bpf_task_from_pid,
  bpf_printk,
  bpf_rcu_read_lock,
  bpf_get_current_task_btf,
  SCX_DSQ_LOCAL,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_SLICE_INF,
  SCX_ENQ_WAKEUP,
  SCX_ENQ_REENQ,
  SCX_TASK_QUEUED,
  ENOENT,
  EINVAL,
  ESRCH,
  u8,
  u16,
  u32,
  u64,
  s32,
  s64,
  atomicAdd,
  atomicOr,
  atomicXchg,
  atomicCas,
  type Ref,
  type FixedArray,
} from 'scxts';
import type { task_struct, cgroup } from 'scxts/vmlinux';

const HIGH = 5;
const q0 = queue<s32>(1024);
const q1 = queue<s32>(1024);
const q2 = queue<s32>(1024);
const fifos = arrayOfMaps([q0, q1, q2]);
interface Event {
  pid: s32;
  cpu: u32;
  kind: u8;
  stamp: u64;
  comm: FixedArray<u8, 16>;
}
interface Order {
  pid: s32;
  boost: u32;
}
interface Key {
  pid: s32;
  cpu: u32;
}
const events = ringbuf<Event>(64 * 1024);
const orders = userRingbuf<Order>(64 * 1024);
const seen = lruHash<Key, u64>(4096);
const boosts = hash<s32, u32>(1024);
const recent = stack<u64>(64);
const gimme = array<bool>(NR_CPUS);
const stats = percpuArray<u64>(4);
const ids = bloomFilter<u64>(1000);
export const nr_enq = counter('enqueued');
export const nr_drop = counter('lost events');
let ncalls: u64 = 0;
let mode: u32 = 0;
import type { bool } from 'scxts';
interface DumpArgs {
  id: u32;
  pid: s32;
  out: u64;
}

export const tick = timer(() => {
  atomicAdd(ncalls, 1);
  tick.start(10_000_000);
});
export const dump_domain = syscall((args: DumpArgs) => {
  using task = bpf_task_from_pid(args.pid);
  if (!task) return -ESRCH;
  args.out = task.scx.dsq_vtime;
  let sum: u64 = 0;
  for (const i of range(4)) {
    const s = stats.get(i);
    if (s) sum += s.value;
  }
  args.out += sum;
  return 0;
});
export const apply = syscall((args: { n: u32 }) => {
  let n: u32 = 0;
  orders.drain((o) => {
    boosts.set(o.pid, o.boost);
    n++;
  });
  args.n = n;
  return 0;
});

function log(p: task_struct, kind: u8): void {
  using e = events.reserve();
  if (!e) {
    nr_drop.inc();
    return;
  }
  e.pid = p.pid;
  e.cpu = 0;
  e.kind = kind;
  e.stamp = scx_bpf_now();
  for (let i = 0; i < 16; i++) e.comm[i] = u8(p.comm[i]);
  e.submit();
}

export default scheduler({
  name: 'a2',
  enqueue(p, enq_flags) {
    nr_enq.inc();
    stats.add(0, 1);
    const b = boosts.get(p.pid);
    let idx: u32 = p.scx.weight <= 25 ? 0 : p.scx.weight < 200 ? 1 : 2;
    if (b) idx = b.value % 3;
    const key: Key = { pid: p.pid, cpu: 1 };
    const s = seen.get(key);
    if (s) s.value += 1;
    else seen.set(key, 1);
    ids.add(u64(p.pid));
    recent.push(u64(p.pid));
    if (enq_flags & SCX_ENQ_REENQ) {
      scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 0, enq_flags);
      return;
    }
    const q = fifos.get(idx);
    if (!q || q.push(p.pid) !== 0) {
      scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
      return;
    }
    log(p, 1);
  },
  dequeue(p, deq_flags) {
    stats.add(1, 1);
  },
  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(HIGH, 0)) return;
    outer: for (let i: u32 = 0; i < 3; i++) {
      const q = fifos.get(2 - i);
      if (!q) continue;
      for (const n of range(32)) {
        const pid = q.pop();
        if (pid === null) continue outer;
        using p = bpf_task_from_pid(pid);
        if (!p) continue;
        scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, 0);
        if (n > 4) break outer;
      }
    }
    const it = each.scx_dsq(HIGH);
    for (const p of it) {
      if (p.scx.weight > 200) scx_bpf_dsq_move(it, p, SCX_DSQ_GLOBAL, 0);
      else scx_bpf_dsq_move_vtime(it, p, HIGH, 0);
    }
  },
  tick(p) {
    if (atomicCas(mode, 0, 1) === 0) bpf_printk(`first tick of ${p.comm}/${p.pid}`);
    atomicOr(mode, 2);
    switch (mode & 3) {
      case 0:
        stats.add(2, 1);
        break;
      case 1:
      case 2:
        stats.add(3, 1);
        break;
      default:
        break;
    }
  },
  cpu_release(cpu, args) {
    scx_bpf_reenqueue_local();
  },
  dump(dctx) {
    scx_bpf_dump(`queued ${scx_bpf_dsq_nr_queued(HIGH)} calls ${ncalls}\n`);
  },
  dump_cpu(dctx, cpu, idle) {
    if (!idle) scx_bpf_dump(`cpu ${cpu} busy`);
  },
  dump_task(dctx, p) {
    scx_bpf_dump(`${p.comm} w=${p.scx.weight}`);
  },
  init() {
    tick.start(10_000_000);
    return scx_bpf_create_dsq(HIGH, -1);
  },
});

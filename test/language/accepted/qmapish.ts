import {
  scheduler,
  config,
  counter,
  queue,
  taskStorage,
  percpu,
  hash,
  ringbuf,
  userRingbuf,
  timer,
  syscall,
  each,
  range,
  exists,
  atomicAdd,
  streq,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  scx_bpf_kick_cpu,
  scx_bpf_nr_cpu_ids,
  scx_bpf_pick_idle_cpu,
  scx_bpf_get_idle_cpumask,
  scx_bpf_get_online_cpumask,
  bpf_task_from_pid,
  bpf_ktime_get_ns,
  scx_bpf_error,
  scx_bpf_now,
  scx_bpf_dsq_nr_queued,
  scx_bpf_task_cpu,
  bpf_cpumask_test_cpu,
  bpf_printk,
  scx_bpf_dump,
  scx_bpf_exit,
  scx_bpf_cpuperf_set,
  scx_bpf_dsq_move,
  SCX_DSQ_LOCAL,
  SCX_DSQ_LOCAL_ON,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_KICK_PREEMPT,
  SCX_ENQ_PREEMPT,
  SCX_ENQ_REENQ,
  SCX_OPS_SWITCH_PARTIAL,
  SCX_CPUPERF_ONE,
  ENOMEM,
  ESRCH,
  ENOENT,
  PF_EXITING,
  u32,
  s32,
  u64,
  s64,
  type bool,
  type FixedArray,
} from 'scxts';
import type { task_struct, cgroup } from 'scxts/vmlinux';

const SHARED = 0,
  HIGHPRI = 1;
const NR_QUEUES = 5;
export const slice_ns = config<u64>(20_000_000, 'slice');
export const stall_nth = config<u32>(0, 'stall');
export const highpri = config(false, 'high priority');
export const nr_enq = counter('enqueued'),
  nr_disp = counter('dispatched');

interface TaskCtx {
  force_local: bool;
  core_seq: u64;
  cpu: s32;
  comm_hash: u32;
}
interface CpuCtx {
  idx: u64;
  cnt: u64;
  avg: u32;
  target: u32;
  seen: FixedArray<u32, 8>;
}
interface Order {
  pid: s32;
  cpu: s32;
}
interface Event {
  kind: u32;
  pid: s32;
  ts: u64;
}
const q0 = queue<s32>(4096);
const q1 = queue<s32>(4096);
const tctx = taskStorage<TaskCtx>();
const cctx = percpu<CpuCtx>();
const pids = hash<s32, u64>(1024);
const orders = userRingbuf<Order>(4096);
const events = ringbuf<Event>(4096);
let enq_seq: u64 = 0;
let heads: FixedArray<u64, 5> = [0, 0, 0, 0, 0];
let drained = 0;

function weightToIdx(weight: u32): s32 {
  if (weight <= 25) return 0;
  else if (weight <= 50) return 1;
  else if (weight < 200) return 2;
  return weight < 400 ? 3 : 4;
}

function lookup(p: task_struct): TaskCtx | null {
  const c = tctx.get(p);
  if (!c) {
    scx_bpf_error(`task_ctx lookup failed for ${p.comm}[${p.pid}]`);
    return null;
  }
  return c;
}

function pickDirect(p: task_struct, prev: s32): s32 {
  using idle = scx_bpf_get_idle_cpumask();
  if (bpf_cpumask_test_cpu(u32(prev), idle)) return prev;
  const cpu = scx_bpf_pick_idle_cpu(p.cpus_ptr, 0);
  return cpu >= 0 ? cpu : -1;
}

const monitor = timer(() => {
  let queued = 0;
  using online = scx_bpf_get_online_cpumask();
  for (const cpu of each.cpu(online)) {
    const c = cctx.of(cpu);
    if (!c) continue;
    c.target = Math.min(c.avg * 2, SCX_CPUPERF_ONE);
    queued += scx_bpf_dsq_nr_queued(SHARED);
  }
  if (queued > 1000) bpf_printk(`queued ${queued}`);
  monitor.start(1_000_000_000);
});

export const kick_all = syscall((args: Order) => {
  const n = scx_bpf_nr_cpu_ids();
  for (let i = 0; i < n; i++) scx_bpf_kick_cpu(i, SCX_KICK_PREEMPT);
  return args.cpu > 3 ? -ENOENT : 0;
});

export default scheduler({
  name: 'qmap',
  timeout_ms: 5000,
  flags: SCX_OPS_SWITCH_PARTIAL,

  select_cpu(p, prev_cpu, wake_flags) {
    const c = lookup(p);
    if (!c) return -ESRCH;
    const cpu = pickDirect(p, prev_cpu);
    if (cpu >= 0) {
      c.force_local = true;
      return cpu;
    }
    return prev_cpu;
  },

  enqueue(p, enq_flags) {
    nr_enq.inc();
    const c = lookup(p);
    if (!c) return;
    if (enq_flags & SCX_ENQ_REENQ) {
      scx_bpf_dsq_insert(p, SHARED, 0, enq_flags);
      return;
    }
    const idx = weightToIdx(p.scx.weight);
    c.core_seq = heads[idx]++;
    enq_seq += 1;
    if (c.force_local) {
      c.force_local = false;
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, slice_ns, enq_flags);
      return;
    }
    const full = idx > 2 ? q1.push(p.pid) : q0.push(p.pid);
    if (full) {
      scx_bpf_dsq_insert(p, SHARED, slice_ns, enq_flags);
      return;
    }
    pids.set(p.pid, bpf_ktime_get_ns());
    if (highpri && streq(p.comm, 'stress')) atomicAdd(enq_seq, 1);
    using e = events.reserve();
    if (!e) return;
    e.kind = 1;
    e.pid = p.pid;
    e.ts = scx_bpf_now();
    e.submit();
  },

  dispatch(cpu, prev) {
    if (scx_bpf_dsq_move_to_local(HIGHPRI, 0)) return;
    const c = cctx.this();
    for (const i of range(NR_QUEUES)) {
      if (c.cnt === 0) {
        c.idx = (c.idx + 1) % NR_QUEUES;
        c.cnt = 1 << c.idx;
      }
      for (let k = 0; k < 16; k++) {
        const r = c.idx > 2 ? q1.pop() : q0.pop();
        if (!r) break;
        const pid = r.value;
        using p = bpf_task_from_pid(pid);
        if (!p) continue;
        nr_disp.inc();
        c.cnt--;
        scx_bpf_dsq_insert(p, SHARED, slice_ns, 0);
        if (c.cnt === 0) break;
      }
      if (i > 3) c.cnt = 0;
    }
    if (scx_bpf_dsq_move_to_local(SHARED, 0)) return;
    if (prev && (prev.flags & PF_EXITING) === 0 && prev.scx.slice === 0) prev.scx.slice = slice_ns;
    drained += orders.drain((o) => {
      using t = bpf_task_from_pid(o.pid);
      if (t) scx_bpf_kick_cpu(o.cpu, 0);
    });
  },

  tick(p) {
    const c = cctx.this();
    c.avg = (c.avg * 3 + p.scx.weight) / 4;
    c.seen[c.idx & 7] = u32(p.pid);
    scx_bpf_cpuperf_set(scx_bpf_task_cpu(p), c.target);
  },

  core_sched_before(a, b) {
    const ca = tctx.get(a),
      cb = tctx.get(b);
    return s64((ca?.core_seq ?? 0) - (cb?.core_seq ?? 0)) > 0;
  },

  init_task(p, args) {
    const c = tctx.create(p);
    if (!c) return -ENOMEM;
    c.cpu = -1;
    return 0;
  },

  dump(ctx) {
    for (let i = 0; i < 5; i++) scx_bpf_dump(`FIFO ${i}: ${heads[i]}`);
  },

  cgroup_init(cgrp, args) {
    bpf_printk(`cgroup ${cgrp.kn.id} weight ${args.weight}`);
    return 0;
  },

  init() {
    let err = scx_bpf_create_dsq(SHARED, -1);
    if (err) return err;
    err = scx_bpf_create_dsq(HIGHPRI, -1);
    if (err < 0) return err;
    return monitor.start(1_000_000_000);
  },
});

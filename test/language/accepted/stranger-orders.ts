// ring protocol: orders from userspace, reports in loops, a config table of structs
import {
  scheduler,
  userRingbuf,
  ringbuf,
  hash,
  configArray,
  config,
  counter,
  range,
  syscall,
  zeroed,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_select_cpu_dfl,
  scx_bpf_dsq_nr_queued,
  bpf_task_from_pid,
  scx_bpf_kick_cpu,
  scx_bpf_error,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  SCX_KICK_PREEMPT,
  u8,
  u16,
  u32,
  u64,
  s32,
  bool,
  type FixedArray,
  startsWith,
  streq,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface LayerCfg {
  weight: u32;
  slice_us: u32;
  flags: u32;
}
interface Order {
  op: u32;
  pid: s32;
  arg: u64;
}
interface Report {
  seq: u64;
  layer: u8;
  kind: u8;
  n: u16;
  val: FixedArray<u32, 4>;
  ok: bool;
}
interface LayerState {
  vtime: u64;
  nr: u32;
  cpus: u32;
  name: FixedArray<u8, 8>;
  hist: FixedArray<{ lo: u32; hi: u32 }, 3>;
}
enum Op {
  Nop,
  Assign,
  Unassign,
  Kick,
  Report,
}
enum Flag {
  Preempt = 1,
  Exclusive = 2,
  Both = 3,
}
const MAX = 4;
export const layer_cfg = configArray<LayerCfg>(4);
const orders = userRingbuf<Order>(32 * 1024);
const reports = ringbuf<Report>(32 * 1024);
const assigned = hash<s32, u32>(256);
let layers: FixedArray<LayerState, 4> = zeroed();
let seq: u64 = 0;
export const ops = counter('orders');
export const lost = counter('reports lost');

function report(only: u32 = MAX): u32 {
  let sent: u32 = 0;
  for (let i: u32 = 0; i < MAX; i++) {
    if (only < MAX && i !== only) continue;
    const l = layers[i];
    if (!l.nr && !l.vtime) continue;
    using r = reports.reserve();
    if (!r) {
      lost.inc();
      break;
    }
    r.seq = seq++;
    r.layer = u8(i);
    r.kind = layer_cfg[i].flags & Flag.Both ? 1 : 0;
    r.n = l.nr > 0xffff ? 0xffff : u16(l.nr);
    for (let k = 0; k < 3; k++) r.val[k] = l.hist[k].hi - l.hist[k].lo;
    r.val[3] = 0;
    r.ok = true;
    if (r.val[0] === 7) continue;
    r.submit();
    sent++;
  }
  return sent;
}
function handle(o: Order): boolean {
  ops.inc();
  switch (o.op) {
    case Op.Nop:
      return false;
    case Op.Assign:
      if (o.arg >= MAX) return true;
      assigned.set(o.pid, u32(o.arg));
      layers[o.arg].nr++;
      break;
    case Op.Unassign: {
      const was = assigned.get(o.pid);
      if (was) layers[was.value].nr--;
      assigned.delete(o.pid);
      break;
    }
    case Op.Kick: {
      using p = bpf_task_from_pid(o.pid);
      if (p) scx_bpf_kick_cpu(s32(p.thread_info.cpu), SCX_KICK_PREEMPT);
    }
    // falls through
    case Op.Report:
      report(u32(o.arg));
  }
  return false;
}
export const poll = syscall((a: { taken: u32; sent: u32 }) => {
  let n: u32 = 0;
  const rc = orders.drain((o) => {
    n++;
    return handle(o);
  });
  a.taken = n;
  a.sent = report();
  return rc < 0 ? rc : 0;
});
function layerOf(p: task_struct): u32 {
  const a = assigned.get(p.pid) ?? assigned.get(p.tgid);
  if (a) return a.value;
  if (startsWith(p.comm, 'kworker') || startsWith(p.comm, 'ksoft')) return 0;
  return streq(p.comm, 'node') ? 1 : p.prio < 120 ? 2 : 3;
}
export default scheduler({
  name: 'orders',
  select_cpu(p, prev, wf) {
    const { cpu, is_idle } = scx_bpf_select_cpu_dfl(p, prev, wf);
    if (is_idle) scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, 0);
    return cpu;
  },
  enqueue(p, f) {
    const i = layerOf(p);
    const { slice_us, weight, flags } = layer_cfg[i];
    const l = layers[i];
    l.vtime += u64(weight || 1);
    l.hist[i % 3].hi += 1;
    if (l.hist[0].hi > 100) {
      l.hist[1] = l.hist[0];
      l.hist[0] = { lo: 0, hi: 0 };
    }
    scx_bpf_dsq_insert(p, i, slice_us ? u64(slice_us) * 1000 : SCX_SLICE_DFL, f);
    if (flags & Flag.Preempt) scx_bpf_kick_cpu(s32(p.thread_info.cpu), SCX_KICK_PREEMPT);
  },
  dispatch(cpu, prev) {
    let best = -1;
    let least: u64 = u64(0xffff_ffff_ffff_ffffn);
    for (const i of range(MAX)) {
      if (scx_bpf_dsq_nr_queued(i) < 1) continue;
      if (layers[i].vtime < least) {
        least = layers[i].vtime;
        best = i;
      }
    }
    if (best < 0 || !scx_bpf_dsq_move_to_local(best, 0))
      for (let i = 0; i < MAX; i++) if (i !== best && scx_bpf_dsq_move_to_local(i, 0)) return;
  },
  init() {
    for (let i = 0; i < MAX; i++) {
      const e = scx_bpf_create_dsq(i, -1);
      if (e < 0) {
        scx_bpf_error(`dsq ${i}: ${e}`);
        return e;
      }
    }
    return 0;
  },
});

import {
  scheduler,
  userRingbuf,
  hash,
  syscall,
  counter,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  scx_bpf_select_cpu_dfl,
  bpf_printk,
  scx_bpf_error,
  type u32,
  type u64,
  type s32,
  ENOMEM,
  taskStorage,
} from 'scxts';
import type { scx_exit_info } from 'scxts/vmlinux';
interface Order {
  pid: s32;
  boost: u32;
}
interface P {
  x: s32;
  y: s32;
}
const orders = userRingbuf<Order>(4096);
const boosts = hash<s32, u32>(64);
const pts = hash<u32, P>(4);
const t = taskStorage<{ a: u64; fork: boolean }>();
let g: u64 = 0;
function dist({ x, y }: P, { x: x2, y: y2 }: P): s32 {
  return Math.abs(x - x2) + Math.abs(y - y2);
}
/** @noinline */
function far({ x, y }: P): s32 {
  return x * x + y * y;
}
export const apply = syscall(({ n }: { n: u32 }) => {
  orders.drain(({ pid, boost }) => {
    boosts.set(pid, boost + n);
  });
  return 0;
});
export default scheduler({
  name: 'd3',
  init_task(p, { fork }) {
    const c = t.create(p);
    if (!c) return -ENOMEM;
    c.fork = fork;
    return 0;
  },
  enqueue(p, f) {
    const a = pts.get(1),
      b = pts.get(2);
    if (a && b && dist(a, b) + far(a) > 5) g++;
    pts.forEach((k, { x }) => {
      if (x > 3) g++;
    });
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, 0, f);
  },
  dump({ reason, kind }) {
    bpf_printk(`dump ${reason} ${kind}`);
  },
  exit(ei) {
    bpf_printk(`${ei.reason}: ${ei.msg}`);
  },
});

// control flow and integers
import {
  scheduler,
  syscall,
  range,
  each,
  array,
  hash,
  hashOfMaps,
  arrayOfMaps,
  percpuArray,
  counter,
  bloomFilter,
  lpmTrie,
  arena,
  zeroed,
  atomicAdd,
  atomicOr,
  atomicXchg,
  atomicCas,
  scx_bpf_dsq_insert,
  bpf_rcu_read_lock,
  bpf_task_from_pid,
  bpf_cpumask_first,
  scx_bpf_get_possible_cpumask,
  scx_bpf_task_cgroup,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  u8,
  u16,
  u32,
  u64,
  s8,
  s16,
  s32,
  s64,
  bool,
  type FixedArray,
  type Ref,
} from 'scxts';
import type { task_struct, cgroup } from 'scxts/vmlinux';
interface Args {
  a: s64;
  b: s64;
  op: u32;
  r: s64;
  u: u64;
}
interface P {
  x: s32;
  y: s32;
}
interface Line {
  from: P;
  to: P;
  tag: u8;
}
const pts = array<P>(8);
const lines = hash<u32, Line>(8);
const inner0 = hash<u32, u64>(16),
  inner1 = hash<u32, u64>(16);
let hist: FixedArray<u64, 16> = zeroed();
let st: u32 = 0,
  big: u64 = 0;
const MASK: u64 = u64(0xffff_ffff_ffff_ffffn);
const KB = 1 << 10,
  MB = KB * KB;
enum Mode {
  Off,
  On = 5,
  Auto,
}
const weights: u32[] = [88761, 71755, 56483];

function gcd(a: u64, b: u64): u64 {
  while (b !== 0) {
    const t = a % b;
    a = b;
    b = t;
  }
  return a;
}
function popcount(x: u64): u32 {
  let n: u32 = 0;
  do {
    n += u32(x & 1);
    x >>= 1;
  } while (x);
  return n;
}
function dist({ x, y }: P, to: P): s32 {
  return Math.abs(x - to.x) + Math.abs(y - to.y);
}
function clamp(v: u32, lo: u32, hi: u32): u32 {
  return Math.min(Math.max(v, lo), hi);
}
function first<T>(a: FixedArray<T, 4>): T {
  return a[0];
}
function bump(r: Ref<u64>, by: u64 = 1): u64 {
  r.value += by;
  return r.value;
}

export const calc = syscall((args: Args) => {
  let r: s64 = 0;
  switch (args.op) {
    case 0:
      r = args.a + args.b;
      break;
    case 1:
      r = args.a - args.b;
      break;
    case 2:
      r = args.a * args.b;
      break;
    case 3:
      r = args.a / args.b;
      break;
    case 4:
      r = args.a % args.b;
      break;
    case 5:
      r = s64(gcd(u64(args.a), u64(args.b)));
      break;
    case 6:
      r = s64(popcount(u64(args.a)));
      break;
    case 7:
      r = args.a >> 3;
      break;
    case 8:
      args.u = u64(args.a) >> 3;
      break;
    case 9:
      r = args.a * 2;
      break;
    case 10:
      r = args.a && args.b;
      break;
    case 11:
      r = args.a || args.b;
      break;
    case Mode.Auto + 10:
      r = 99;
      break;
    default:
      return -22;
  }
  args.r = r;
  return 0;
});
export const arrays = syscall((args: Args) => {
  let local: FixedArray<u32, 4> = [4, 3, 2, 1];
  const origin: P = { x: 0, y: 0 };
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3 - i; j++)
      if (local[j] > local[j + 1]) {
        const t = local[j];
        local[j] = local[j + 1];
        local[j + 1] = t;
      }
  let acc: u64 = 0;
  for (const v of local) acc = acc * 10 + v;
  args.u = acc;
  const p = pts.get(2);
  if (p) {
    p.x = -4;
    p.y = 9;
    args.r = dist(p, origin);
  }
  lines.set(1, { from: { x: 1, y: 2 }, to: origin, tag: 3 });
  const l = lines.get(1);
  if (l) {
    const { from, tag } = l;
    args.a = from.x + from.y + tag;
    l.to = from;
    args.b = l.to.y;
  }
  const q = inner0.get(3);
  if (q) bump(q, 3);
  else inner0.set(3, 10);
  args.op = clamp(args.op, 2, 7) + first(local) + weights[args.op];
  hist[args.op] += 1;
  const old = atomicXchg(st, 4);
  if (atomicCas(st, 4, 5) === 4) atomicOr(big, MASK >> 60);
  atomicAdd(hist[3], 2);
  let k = 0;
  outer: while (true) {
    for (;;) {
      k++;
      if (k % 7 === 0) continue outer;
      if (k > 50) break outer;
    }
  }
  args.op += k + old;
  return 0;
});
export default scheduler({
  name: 'd2',
  enqueue(p, f) {
    let n = 0;
    {
      using rcu = bpf_rcu_read_lock();
      for (const t of each.task()) {
        if (t.flags & 0x200000) continue;
        if (++n > 100) break;
      }
    }
    using mask = scx_bpf_get_possible_cpumask();
    for (const c of each.cpu(mask)) hist[c] ^= 1;
    using cg = scx_bpf_task_cgroup(p);
    {
      using rcu = bpf_rcu_read_lock();
      for (const css of each.css(cg.self, 2)) {
        if (css.id > 5) break;
        n++;
      }
    }
    big = u64(n);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, f);
  },
});

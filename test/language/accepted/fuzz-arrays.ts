import {
  scheduler,
  syscall,
  array,
  percpu,
  hash,
  zeroed,
  range,
  u8,
  u16,
  u32,
  u64,
  s32,
  s64,
  type FixedArray,
} from 'scxts';
interface Inner {
  a: u32;
  b: FixedArray<u16, 3>;
}
interface Slot {
  n: u64;
  inner: Inner;
  subs: FixedArray<Inner, 2>;
  grid: FixedArray<FixedArray<u32, 4>, 2>;
}
let slots: FixedArray<Slot, 8> = zeroed();
let one: Slot = zeroed();
let cube: FixedArray<FixedArray<FixedArray<u8, 2>, 3>, 4> = zeroed();
const table = array<Slot>(16);
const cc = percpu<Slot>();
const byPid = hash<s32, Slot>(64);
interface Args {
  i: u32;
  j: u32;
  k: u32;
  out: u64;
}
function sum(s: Slot): u64 {
  let t = s.n + s.inner.a;
  for (const x of s.subs) t += x.a;
  for (let i = 0; i < s.inner.b.length; i++) t += s.inner.b[i];
  for (const row of s.grid) {
    for (const v of row) t += v;
  }
  return t;
}
export const run = syscall((args: Args) => {
  const { i, j, k } = args;
  slots[i].n = 1;
  slots[i].n++;
  slots[i].inner.b[j] += 3;
  slots[i].subs[j].b[k] = 9;
  slots[2].subs[1].b[2] |= 1;
  slots[i].grid[j][k]++;
  slots[1].grid[j][3] = 7;
  slots[i].grid[0][k] = u32(slots[j].grid[1][1]);
  cube[i][j][k] = 5;
  cube[1][j][1] += 2;
  args.out = u64(cube[i][j][k]) + cube[0][1][k];
  const s = slots[j];
  s.n += 4;
  one = slots[k];
  slots[k] = one;
  const t = table.get(i);
  if (t) {
    t.grid[j][k] ^= 1;
    t.subs[j].a = t.subs[k].a + 1;
    args.out += sum(t);
    t.inner = one.inner;
    one = t;
    t.subs[j] = { a: 1, b: [1, 2, 3] };
  }
  const c = cc.this();
  c.grid[1][i] += 1;
  c.subs[i].b[j]--;
  args.out += sum(one) + sum(c);
  byPid.set(3, one);
  byPid.set(4, { n: 1, inner: { a: 2, b: [1, 2, 3] }, subs: zeroed(), grid: zeroed() });
  for (const r of range(8)) {
    for (const q of range(2)) {
      args.out += slots[r].subs[q].a;
    }
  }
  let local: FixedArray<u32, 8> = zeroed();
  for (let x = 0; x < 8; x++) local[x] = x * 2;
  local[i] += 4;
  args.out += local[j];
  const lit: FixedArray<u64, 3> = [1, 2, 3];
  args.out += lit[k];
  let best: Slot | null = null;
  for (const sl of slots) {
    if (sl.n > 3) {
      best = sl;
      break;
    }
  }
  if (best) best.n = 0;
  return 0;
});
export default scheduler({ name: 'fuzz_arrays' });

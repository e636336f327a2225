// out = [5, 3, 1, 2, 9, 1, 8, 23]
import { scheduler, syscall, zeroed, u64, queue, percpu, type FixedArray } from 'scxts';
let out: FixedArray<u64, 16> = zeroed();
let one: u64 = 1;
interface N {
  a: u64;
  in: I;
}
interface I {
  b: u64;
  c: u64;
}
const p = percpu<N>();
const q = queue<N>(4);
function take(): N | null {
  const n = q.pop();
  if (!n) return null;
  n.a++;
  return n;
}
function get(): I {
  return p.this().in;
}
function orr(x: N | null): N {
  return x ?? { a: 8, in: { b: 0, c: 0 } };
}
function both(): u64 {
  const a = take();
  const b = take();
  return a && b ? a.a * 10 + b.a : 0;
}
export const run = syscall(() => {
  p.this().in = { b: 5, c: 1 };
  out[0] = get().b;
  get().b = 3;
  out[1] = p.this().in.b;
  const i: I = { c: one, b: one + 1 };
  out[2] = i.c;
  out[3] = i.b;
  q.push({ a: 8, in: i });
  const t = take();
  out[4] = t?.a ?? 0;
  out[5] = t?.in.c ?? 0;
  out[6] = orr(null).a;
  q.push({ a: 1, in: i });
  q.push({ a: 2, in: i });
  out[7] = both();
  return 0;
});
export default scheduler({ name: 't' });

import { scheduler, hash, array, range, u32, type FixedArray, type u64, type s32 } from 'scxts';
interface Dom {
  sum: u64;
  max: u64;
  n: u32;
  in2: Inner;
}
interface Inner {
  a: u64;
  b: u32;
}
interface S {
  domains: FixedArray<Dom, 8>;
  names: FixedArray<u32, 4>;
  grid: FixedArray<FixedArray<u32, 4>, 8>;
}
const m = array<S>(1);
let out: u64 = 0;
function use(d: Dom, k: u64): u64 {
  return d.sum + k;
}
export default scheduler({
  name: 'elements',
  enqueue(p, f) {
    const s = m.get(0);
    if (!s) return;
    for (const i of range(8)) {
      const d = s.domains[i];
      d.max = Math.max(d.max, p.scx.dsq_vtime);
      d.sum += d.max;
      d.n++;
      const { a, b } = d.in2;
      out += a + b + (d.n > 3 ? d.sum : d.max);
      d.in2.a = d.in2.b;
      d.in2 = { a: 1, b: 2 };
      const inner = d.in2;
      inner.a += 2;
      out += Math.min(inner.a, inner.b, d.n);
      out += use(d, 3);
      if (d.sum && d.max > 3) out++;
      const w = d.sum;
      out += w > 3 ? u32(d.n) : 0;
      switch (d.n) {
        case 3:
          out += 1;
          break;
        default:
          out += 2;
      }
    }
    const j = p.pid & 15;
    out += s.grid[j][j];
    s.grid[j][2] = 4;
    s.grid[3][j] += 1;
    const row = s.grid[j];
    row[1] = 5;
    out += row[j];
    s.domains[j].sum += 1;
    s.domains[j] = { sum: 1, max: 2, n: 3, in2: { a: 1, b: 2 } };
    out += s.domains[j].in2.b;
  },
});

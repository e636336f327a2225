// Constants, members and variables of one name.
import {
  scheduler,
  hash,
  array,
  counter,
  u32,
  u64,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
} from 'scxts';
const weight = 100;
const key = 3,
  value = 4,
  flags = 5,
  cpu = 6,
  slice = 20_000_000,
  p = 5,
  pid = 9,
  scx = 10;
interface V {
  weight: u32;
  key: u32;
  value: u64;
}
const m = hash<u32, V>(16);
const a = array<u64>(16);
export const nr = counter('n');
let total: u64 = 0;
export default scheduler({
  name: 'names',
  enqueue(t, enq_flags) {
    const e = m.get(key);
    if (e) {
      e.weight += weight;
      e.key = key;
      e.value = value;
    }
    m.set(3, { weight: weight, key: 4, value: 5 });
    a.set(flags, value);
    total += f(Kind.high) + t.scx.weight * weight + cpu + p + pid + scx;
    scx_bpf_dsq_insert(t, SCX_DSQ_GLOBAL, slice, enq_flags);
    nr.inc();
  },
});
enum Kind {
  low,
  high = 5,
}
const N = 3,
  WEIGHT = 7,
  maxDepth = 4;
const LIMITS: u32[] = [N, WEIGHT, 3];
interface X {
  N: u32;
  low: u32;
}
export const xs = hash<u32, X>(N);
export function f(k: Kind): u64 {
  const x = xs.get(N);
  if (x) x.N = N;
  return k === Kind.high ? WEIGHT : LIMITS[maxDepth & 1] + weight;
}

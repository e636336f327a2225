import {
  scheduler,
  hash,
  taskStorage,
  range,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  scx_bpf_select_cpu_dfl,
  SCX_DSQ_LOCAL,
  SCX_SLICE_DFL,
  u32,
  u64,
  s32,
  type FixedArray,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';
interface Ctx {
  a: u64;
  list: FixedArray<u64, 8>;
}
const t = taskStorage<Ctx>();
const m = hash<u32, Ctx>(64);
let total: u64 = 0;
// Larger than the limit: compiled once, called from three programs.
function score(p: task_struct, c: Ctx, seed: u64): u64 {
  let x: u64 = seed;
  if (c.list[0] > 1) x = x * 31 + c.list[0];
  c.list[x & 7] += 0;
  if (c.list[1] > 4) x = x * 31 + c.list[5];
  c.list[x & 7] += 1;
  if (c.list[2] > 7) x = x * 31 + c.list[2];
  c.list[x & 7] += 2;
  if (c.list[3] > 10) x = x * 31 + c.list[7];
  c.list[x & 7] += 3;
  if (c.list[4] > 13) x = x * 31 + c.list[4];
  c.list[x & 7] += 4;
  if (c.list[5] > 16) x = x * 31 + c.list[1];
  c.list[x & 7] += 5;
  if (c.list[6] > 19) x = x * 31 + c.list[6];
  c.list[x & 7] += 6;
  if (c.list[7] > 22) x = x * 31 + c.list[3];
  c.list[x & 7] += 7;
  if (c.list[0] > 25) x = x * 31 + c.list[0];
  c.list[x & 7] += 8;
  if (c.list[1] > 28) x = x * 31 + c.list[5];
  c.list[x & 7] += 9;
  if (c.list[2] > 31) x = x * 31 + c.list[2];
  c.list[x & 7] += 10;
  if (c.list[3] > 34) x = x * 31 + c.list[7];
  c.list[x & 7] += 11;
  if (c.list[4] > 37) x = x * 31 + c.list[4];
  c.list[x & 7] += 12;
  if (c.list[5] > 40) x = x * 31 + c.list[1];
  c.list[x & 7] += 13;
  if (c.list[6] > 43) x = x * 31 + c.list[6];
  c.list[x & 7] += 14;
  if (c.list[7] > 46) x = x * 31 + c.list[3];
  c.list[x & 7] += 15;
  if (c.list[0] > 49) x = x * 31 + c.list[0];
  c.list[x & 7] += 16;
  if (c.list[1] > 52) x = x * 31 + c.list[5];
  c.list[x & 7] += 17;
  if (c.list[2] > 55) x = x * 31 + c.list[2];
  c.list[x & 7] += 18;
  if (c.list[3] > 58) x = x * 31 + c.list[7];
  c.list[x & 7] += 19;
  if (c.list[4] > 61) x = x * 31 + c.list[4];
  c.list[x & 7] += 20;
  if (c.list[5] > 64) x = x * 31 + c.list[1];
  c.list[x & 7] += 21;
  if (c.list[6] > 67) x = x * 31 + c.list[6];
  c.list[x & 7] += 22;
  if (c.list[7] > 70) x = x * 31 + c.list[3];
  c.list[x & 7] += 23;
  if (c.list[0] > 73) x = x * 31 + c.list[0];
  c.list[x & 7] += 24;
  if (c.list[1] > 76) x = x * 31 + c.list[5];
  c.list[x & 7] += 25;
  if (c.list[2] > 79) x = x * 31 + c.list[2];
  c.list[x & 7] += 26;
  if (c.list[3] > 82) x = x * 31 + c.list[7];
  c.list[x & 7] += 27;
  if (c.list[4] > 85) x = x * 31 + c.list[4];
  c.list[x & 7] += 28;
  if (c.list[5] > 88) x = x * 31 + c.list[1];
  c.list[x & 7] += 29;
  if (c.list[6] > 91) x = x * 31 + c.list[6];
  c.list[x & 7] += 30;
  if (c.list[7] > 94) x = x * 31 + c.list[3];
  c.list[x & 7] += 31;
  if (c.list[0] > 97) x = x * 31 + c.list[0];
  c.list[x & 7] += 32;
  if (c.list[1] > 100) x = x * 31 + c.list[5];
  c.list[x & 7] += 33;
  if (c.list[2] > 103) x = x * 31 + c.list[2];
  c.list[x & 7] += 34;
  if (c.list[3] > 106) x = x * 31 + c.list[7];
  c.list[x & 7] += 35;
  if (c.list[4] > 109) x = x * 31 + c.list[4];
  c.list[x & 7] += 36;
  if (c.list[5] > 112) x = x * 31 + c.list[1];
  c.list[x & 7] += 37;
  if (c.list[6] > 115) x = x * 31 + c.list[6];
  c.list[x & 7] += 38;
  if (c.list[7] > 118) x = x * 31 + c.list[3];
  c.list[x & 7] += 39;
  if (c.list[0] > 121) x = x * 31 + c.list[0];
  c.list[x & 7] += 40;
  if (c.list[1] > 124) x = x * 31 + c.list[5];
  c.list[x & 7] += 41;
  if (c.list[2] > 127) x = x * 31 + c.list[2];
  c.list[x & 7] += 42;
  if (c.list[3] > 130) x = x * 31 + c.list[7];
  c.list[x & 7] += 43;
  if (c.list[4] > 133) x = x * 31 + c.list[4];
  c.list[x & 7] += 44;
  if (c.list[5] > 136) x = x * 31 + c.list[1];
  c.list[x & 7] += 45;
  if (c.list[6] > 139) x = x * 31 + c.list[6];
  c.list[x & 7] += 46;
  if (c.list[7] > 142) x = x * 31 + c.list[3];
  c.list[x & 7] += 47;
  if (c.list[0] > 145) x = x * 31 + c.list[0];
  c.list[x & 7] += 48;
  if (c.list[1] > 148) x = x * 31 + c.list[5];
  c.list[x & 7] += 49;
  if (c.list[2] > 151) x = x * 31 + c.list[2];
  c.list[x & 7] += 50;
  if (c.list[3] > 154) x = x * 31 + c.list[7];
  c.list[x & 7] += 51;
  if (c.list[4] > 157) x = x * 31 + c.list[4];
  c.list[x & 7] += 52;
  if (c.list[5] > 160) x = x * 31 + c.list[1];
  c.list[x & 7] += 53;
  if (c.list[6] > 163) x = x * 31 + c.list[6];
  c.list[x & 7] += 54;
  if (c.list[7] > 166) x = x * 31 + c.list[3];
  c.list[x & 7] += 55;
  if (c.list[0] > 169) x = x * 31 + c.list[0];
  c.list[x & 7] += 56;
  if (c.list[1] > 172) x = x * 31 + c.list[5];
  c.list[x & 7] += 57;
  if (c.list[2] > 175) x = x * 31 + c.list[2];
  c.list[x & 7] += 58;
  if (c.list[3] > 178) x = x * 31 + c.list[7];
  c.list[x & 7] += 59;
  for (const i of range(p.scx.weight)) {
    const e = m.get(u32(i) & 63);
    if (!e) continue;
    e.a += x;
    if (e.a > 100) break;
  }
  return x;
}
export default scheduler({
  name: 'large',
  select_cpu(p, prev_cpu, wake_flags) {
    const c = t.create(p);
    if (c) total += score(p, c, 1);
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    const c = t.get(p);
    if (c) total ^= score(p, c, enq_flags);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  running(p) {
    const c = t.get(p);
    if (c && score(p, c, 3) > 5) total++;
  },
});

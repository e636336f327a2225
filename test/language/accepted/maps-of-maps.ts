import {
  scheduler,
  array,
  arrayOfMaps,
  hash,
  hashOfMaps,
  queue,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_create_dsq,
  bpf_task_from_pid,
  SCX_SLICE_DFL,
  SCX_DSQ_LOCAL,
  type s32,
  type u32,
  type u64,
} from 'scxts';

interface Stat {
  hits: u64;
  last: u32;
}

const q0 = queue<s32>(1024);
const q1 = queue<s32>(1024);
const q2 = queue<s32>(1024);
const fifos = arrayOfMaps([q0, q1, q2]);
const stat0 = hash<u32, Stat>(64);
const by_class = hashOfMaps<u32, typeof stat0>(16, stat0);
const a0 = array<u64>(4);
const a1 = array<u64>(4);
const tables = arrayOfMaps([a0, a1]);
let dropped: u64 = 0;

export default scheduler({
  name: 'maps_of_maps',
  enqueue(p, enq_flags) {
    const fifo = fifos.get(p.pid & 3);
    if (!fifo || fifo.push(p.pid)) {
      dropped += 1;
      scx_bpf_dsq_insert(p, SCX_DSQ_LOCAL, SCX_SLICE_DFL, enq_flags);
      return;
    }
    const stats = by_class.get(7);
    if (stats) {
      const s = stats.get(p.pid & 63);
      if (s) {
        s.hits += 1;
        s.last = u32Of(p.pid);
      }
      stats.set(3, { hits: 1, last: 2 });
    }
    const table = tables.get(1);
    if (table) {
      table.add(2, 5);
      const cell = table.get(0);
      if (cell) cell.value += 1;
    }
  },
  dispatch(cpu, prev) {
    for (let i = 0; i < 3; i++) {
      const fifo = fifos.get(i);
      if (!fifo) return;
      const pid = fifo.pop();
      if (!pid) continue;
      using p = bpf_task_from_pid(pid.value);
      if (!p) continue;
      scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL, 0);
      scx_bpf_dsq_move_to_local(0, 0);
      return;
    }
  },
  init() {
    return scx_bpf_create_dsq(0, -1);
  },
});

function u32Of(x: s32): u32 {
  return x & 0xffff;
}

import {
  scheduler,
  arena,
  taskStorage,
  scx_bpf_dsq_insert,
  atomicAdd,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  ENOMEM,
  type FixedArray,
  type s32,
  type u64,
} from 'scxts';

interface TaskData {
  runs: u64;
  next: s32;
  pid: s32;
  hist: FixedArray<u64, 8>;
}
interface Slot {
  index: s32;
}

const heap = arena<TaskData>(5_000);
const tctx = taskStorage<Slot>();
let head: s32 = 0;

export default scheduler({
  name: 'arenas',
  init_task(p) {
    const slot = tctx.create(p);
    if (!slot) return -ENOMEM;
    const index = heap.alloc();
    if (index < 0) return index;
    slot.index = index;
    const data = heap.get(index);
    if (data) {
      data.pid = p.pid;
      data.runs = 0;
      data.next = head;
      head = index;
    }
    return 0;
  },
  exit_task(p) {
    const slot = tctx.get(p);
    if (slot) heap.free(slot.index);
  },
  enqueue(p, enq_flags) {
    const slot = tctx.get(p);
    if (slot) {
      const data = heap.get(slot.index);
      if (data) {
        data.runs += 1;
        data.hist[p.pid & 15] += 1;
        const next = heap.get(data.next);
        if (next) atomicAdd(next.runs, 1);
      }
    }
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  init() {
    return heap.populate();
  },
});

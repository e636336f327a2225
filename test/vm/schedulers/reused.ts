// Entries of maps that own objects are made and deleted with every task: what is in a new one must be null.
import {
  scheduler,
  counter,
  hash,
  lruHash,
  alloc,
  bpf_cpumask_create,
  kptrXchg,
  scx_bpf_dsq_insert,
  zeroed,
  BPF_NOEXIST,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
} from 'scxts';
import type { Kptr, s32, u64 } from 'scxts';
import type { bpf_cpumask } from 'scxts/vmlinux';

interface Note {
  at: u64;
}
interface Kept {
  note: Kptr<Note> | null;
  mask: Kptr<bpf_cpumask> | null;
}
const by_pid = hash<s32, Kept>(4096);
const recent = lruHash<s32, Kept>(64);

export const nr_made = counter('entries made');
export const nr_stale = counter('objects in new entries');

function fill(kept: Kept): void {
  using note = alloc<Note>();
  using mask = bpf_cpumask_create();
  if (!note || !mask) return;
  using old_note = kptrXchg(kept.note, note);
  using old_mask = kptrXchg(kept.mask, mask);
  if (old_note) nr_stale.inc();
  if (old_mask) nr_stale.inc();
  nr_made.inc();
}

export default scheduler({
  name: 'reused',
  init_task(p) {
    if (!by_pid.set(p.pid, zeroed(), BPF_NOEXIST)) {
      const kept = by_pid.get(p.pid);
      if (kept) fill(kept);
    }
    if (!recent.set(p.pid, zeroed())) {
      const kept = recent.get(p.pid);
      if (kept) fill(kept);
    }
    return 0;
  },
  exit_task(p) {
    by_pid.delete(p.pid);
  },
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});

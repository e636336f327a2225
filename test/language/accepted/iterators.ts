// Programs that walk the tasks and the cgroups when userspace reads them.
import {
  scheduler,
  iter,
  bpf_seq_printf,
  bpf_task_acquire,
  bpf_cgroup_acquire,
  bpf_cpumask_weight,
  cgroupStorage,
  counter,
  taskStorage,
  u32,
  u64,
  SCX_SLICE_DFL,
  SCX_DSQ_GLOBAL,
  scx_bpf_dsq_insert,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

interface Seen {
  walks: u32;
  allowed: u32;
}
const seen = taskStorage<Seen>();
const groups = cgroupStorage<Seen>();
const nr_walked = counter('walked');
let threads: u32 = 0;
let session: u64 = 0;

function note(p: task_struct): void {
  const mine = seen.create(p);
  if (!mine) return;
  mine.walks++;
  mine.allowed = bpf_cpumask_weight(p.cpus_ptr);
}

export const survey = iter('task', (task, meta) => {
  if (meta.seq_num === 0) threads = 0;
  session = meta.session_id;
  if (!task) {
    bpf_seq_printf(meta.seq, `${threads} threads\n`);
    return;
  }
  threads++;
  nr_walked.inc();
  note(task);
  const parent = task.real_parent;
  const err = bpf_seq_printf(
    meta.seq,
    `${task.pid} ${task.comm} ${task.scx.weight} of ${parent.tgid} ${task.se.sum_exec_runtime}\n`,
  );
  if (err) nr_walked.inc();
});

export const kept = iter('task', (task) => {
  if (!task) return;
  using p = bpf_task_acquire(task);
  if (p) note(p);
});

export const quiet = iter('task', () => {
  threads++;
});

export const tree = iter('cgroup', (cgrp, { seq }) => {
  if (!cgrp) return;
  const mine = groups.create(cgrp);
  if (mine) mine.walks++;
  using kept = bpf_cgroup_acquire(cgrp);
  if (kept) bpf_seq_printf(seq, `${kept.level} ${kept.kn.id}\n`);
});

export default scheduler({
  name: 'iterators',
  enqueue(p, enq_flags) {
    const favoured = seen.get(p);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, favoured ? SCX_SLICE_DFL / 2 : SCX_SLICE_DFL, enq_flags);
  },
});

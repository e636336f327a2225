// Notes which callbacks are made for tasks called seqA and seqB, in order.
import type { u32 } from 'scxts';
import { array, scheduler, startsWith, type FixedArray } from 'scxts';
import {
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  SCX_SLICE_DFL,
} from 'scxts';
import type { task_struct } from 'scxts/vmlinux';

const MOST = 256;
export enum Call {
  SelectCpu = 1,
  Enqueue,
  Dequeue,
  Runnable,
  Running,
  StoppingRunnable,
  Stopping,
  Quiescent,
  SetWeight,
  SetCpumask,
  Enable,
  Disable,
  InitTask,
  ExitTask,
}

export interface Sequence {
  n: u32;
  calls: FixedArray<u32, 256>;
}
export const sequences = array<Sequence>(2);

function note(p: task_struct, call: u32): void {
  if (!startsWith(p.comm, 'seq')) return;
  const s = sequences.get(startsWith(p.comm, 'seqA') ? 0 : 1);
  if (!s || s.n >= MOST) return;
  s.calls[s.n] = call;
  s.n += 1;
}

export default scheduler({
  name: 'sequences',
  init() {
    return scx_bpf_create_dsq(5, -1);
  },
  select_cpu(p, prev_cpu) {
    note(p, Call.SelectCpu);
    return prev_cpu;
  },
  enqueue(p, enq_flags) {
    note(p, Call.Enqueue);
    scx_bpf_dsq_insert(p, 5, SCX_SLICE_DFL, enq_flags);
  },
  dequeue(p) {
    note(p, Call.Dequeue);
  },
  dispatch() {
    scx_bpf_dsq_move_to_local(5, 0);
  },
  runnable(p) {
    note(p, Call.Runnable);
  },
  running(p) {
    note(p, Call.Running);
  },
  stopping(p, runnable) {
    note(p, runnable ? Call.StoppingRunnable : Call.Stopping);
  },
  quiescent(p) {
    note(p, Call.Quiescent);
  },
  set_weight(p) {
    note(p, Call.SetWeight);
  },
  set_cpumask(p) {
    note(p, Call.SetCpumask);
  },
  enable(p) {
    note(p, Call.Enable);
  },
  disable(p) {
    note(p, Call.Disable);
  },
  init_task(p) {
    note(p, Call.InitTask);
    return 0;
  },
  exit_task(p) {
    note(p, Call.ExitTask);
  },
});

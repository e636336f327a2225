// Ends itself at one of the places where it can.
import { config, scheduler } from 'scxts';
import { scx_bpf_create_dsq, scx_bpf_dsq_insert, scx_bpf_dsq_move_to_local } from 'scxts';
import {
  scx_bpf_error,
  scx_bpf_exit,
  scx_bpf_select_cpu_dfl,
  SCX_SLICE_DFL,
  type u32,
} from 'scxts';

export const where = config<u32>(0, 'where it ends');
export const fails = config(false, 'by an error');

function end(at: u32): void {
  if (at !== where) return;
  if (fails) scx_bpf_error(`failed at ${at}`);
  else scx_bpf_exit(40 + at, `left at ${at}`);
}

export default scheduler({
  name: 'exits',
  select_cpu(p, prev_cpu, wake_flags) {
    end(1);
    const { cpu } = scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags);
    return cpu;
  },
  enqueue(p, enq_flags) {
    end(2);
    scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    end(3);
    scx_bpf_dsq_move_to_local(0, 0);
  },
  enable() {
    end(4);
  },
  init_task() {
    end(5);
    return 0;
  },
  init() {
    end(6);
    return scx_bpf_create_dsq(0, -1);
  },
});

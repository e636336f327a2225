import {
  config,
  scheduler,
  scx_bpf_create_dsq,
  scx_bpf_dsq_insert,
  scx_bpf_dsq_move_to_local,
  scx_bpf_error,
  scx_bpf_exit,
  SCX_SLICE_DFL,
  type u32,
} from 'scxts';

export enum Where {
  Enqueue,
  Dispatch,
  Enable,
  InitTask,
  Init,
  ErrorInInit,
  ErrnoOfInit,
  Nowhere,
}
export const where = config<u32>(Where.Nowhere, 'where it ends');

function end(at: u32): void {
  if (at === where) scx_bpf_exit(7, `at ${at}`);
}

// Ends at once, at one of the places where it can. Has no callback for CPUs that come or go.
export default scheduler({
  name: 'ends',
  enqueue(p, enq_flags) {
    end(Where.Enqueue);
    scx_bpf_dsq_insert(p, 0, SCX_SLICE_DFL, enq_flags);
  },
  dispatch() {
    end(Where.Dispatch);
    scx_bpf_dsq_move_to_local(0, 0);
  },
  enable() {
    end(Where.Enable);
  },
  init_task() {
    end(Where.InitTask);
    return 0;
  },
  init() {
    end(Where.Init);
    if (where === Where.ErrorInInit) scx_bpf_error('no');
    if (where === Where.ErrnoOfInit) return -22;
    return scx_bpf_create_dsq(0, -1);
  },
});

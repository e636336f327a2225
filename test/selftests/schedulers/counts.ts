// Counts who comes and goes.
import { counter, scheduler } from 'scxts';
import { scx_bpf_dsq_insert, SCX_DSQ_GLOBAL, SCX_SLICE_DFL } from 'scxts';

export const inits = counter('init_task() at the start');
export const forks = counter('init_task() of a fork');
export const exits = counter('exit_task()');
export const enables = counter('enable()');
export const disables = counter('disable()');

export default scheduler({
  name: 'counts',
  enqueue(p, enq_flags) {
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  init_task(p, args) {
    if (args.fork) forks.inc();
    else inits.inc();
    return 0;
  },
  exit_task() {
    exits.inc();
  },
  enable() {
    enables.inc();
  },
  disable() {
    disables.inc();
  },
});

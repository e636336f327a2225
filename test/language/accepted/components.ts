import {
  scheduler,
  counter,
  scx_bpf_dsq_insert,
  SCX_DSQ_GLOBAL,
  SCX_SLICE_DFL,
  SCX_OPS_ENQ_LAST,
  type u64,
} from 'scxts';
import { meter } from './lib/meter.js';

let enabled: u64 = 0;
export const busy = counter('busy tasks queued');

export default scheduler({
  name: 'components',
  use: [meter],
  flags: SCX_OPS_ENQ_LAST,
  init_task(p, args) {
    if (args.fork) enabled += 1;
    return 0;
  },
  enqueue(p, enq_flags) {
    if (meter.busy(p, 1000)) busy.inc();
    const { ran, known } = meter.measure(p);
    if (known && ran > enabled) busy.inc();
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
  // Leaves out the second parameter, whose type nothing else mentions.
  exit_task(p) {
    enabled -= 1;
  },
  running() {
    enabled += 1;
  },
});

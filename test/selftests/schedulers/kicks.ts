// Kicks and looks at CPUs, of which some are none.
import { config, scheduler } from 'scxts';
import {
  scx_bpf_cpuperf_cap,
  scx_bpf_cpuperf_set,
  scx_bpf_dsq_insert,
  scx_bpf_kick_cpu,
} from 'scxts';
import {
  SCX_DSQ_GLOBAL,
  SCX_KICK_IDLE,
  SCX_KICK_PREEMPT,
  SCX_SLICE_DFL,
  type s32,
  type u32,
} from 'scxts';

export const cpu = config<s32>(0, 'which CPU');
export const how = config<u32>(0, 'what is done to it');

export default scheduler({
  name: 'kicks',
  enqueue(p, enq_flags) {
    if (how === 1) scx_bpf_kick_cpu(cpu, 0);
    if (how === 2) scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE | SCX_KICK_PREEMPT);
    if (how === 3) scx_bpf_cpuperf_set(cpu, 2048);
    if (how === 4) scx_bpf_cpuperf_cap(cpu);
    scx_bpf_dsq_insert(p, SCX_DSQ_GLOBAL, SCX_SLICE_DFL, enq_flags);
  },
});

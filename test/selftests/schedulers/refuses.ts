// Says no as it is attached, with an errno.
import { config, scheduler } from 'scxts';
import { scx_bpf_create_dsq, type s32 } from 'scxts';

export const from_init = config<s32>(0, 'what init() returns');
export const from_task = config<s32>(0, 'what init_task() returns');
export const twice = config(false, 'makes the same queue twice');

export default scheduler({
  name: 'refuses',
  init() {
    if (from_init < 0) return from_init;
    const err = scx_bpf_create_dsq(3, -1);
    if (err || !twice) return err;
    return scx_bpf_create_dsq(3, -1);
  },
  init_task() {
    return from_task;
  },
});

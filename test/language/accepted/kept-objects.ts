// Kernel objects in a global array; a helper that takes the place of one.
import {
  scheduler,
  syscall,
  kptrXchg,
  bpf_cpumask_create,
  bpf_rcu_read_lock,
  zeroed,
  u64,
  s32,
  u32,
  ENOMEM,
} from 'scxts';
import type { FixedArray, Kptr } from 'scxts';
import type { bpf_cpumask } from 'scxts/vmlinux';
let masks: FixedArray<Kptr<bpf_cpumask>, 4> = zeroed();
let one: Kptr<bpf_cpumask> | null = null;
let out: FixedArray<u64, 32> = zeroed();
let i: u32 = 2;
function renew(slot: Kptr<bpf_cpumask> | null): s32 {
  const m = bpf_cpumask_create();
  if (!m) return -ENOMEM;
  using old = kptrXchg(slot, m);
  return old ? 1 : 0;
}
export const run = syscall(() => {
  for (let k = 0; k < 6; k++) out[k] = u64(renew(masks[k]));
  out[6] = u64(renew(masks[i]));
  out[7] = u64(renew(masks[3]));
  out[8] = u64(renew(one));
  using rcu = bpf_rcu_read_lock();
  const m = masks[i];
  out[9] = m ? 1 : 0;
  return 0;
});
export default scheduler({
  name: 't',
  init() {
    for (let k = 0; k < 4; k++) {
      const r = renew(masks[k]);
      if (r < 0) return r;
    }
    return 0;
  },
});

/** What ends an RCU read section and the hold of a spin lock: the cleanups of the variables that stand for them. */
export const RCU_SECTION = 'scxts_cleanup_bpf_rcu_read_unlock';
export const LOCK_SECTION = 'scxts_cleanup_lock';

/** What ends a stretch without preemption or interrupts, and the function that starts it. */
export const GUARDS: ReadonlyMap<string, string> = new Map([
  ['scxts_cleanup_bpf_preempt_enable', 'bpf_preempt_disable'],
  ['scxts_cleanup_bpf_local_irq_restore', 'bpf_local_irq_save'],
]);

/** What ends with a block, and cannot be given away. */
export const BLOCK_SECTIONS: ReadonlySet<string> = new Set([
  RCU_SECTION,
  LOCK_SECTION,
  ...GUARDS.keys(),
]);

/** Both: with a lock held RCU is held as well. */
export const SECTIONS: ReadonlySet<string> = new Set([RCU_SECTION, LOCK_SECTION]);
